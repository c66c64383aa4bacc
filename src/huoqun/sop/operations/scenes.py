"""What is known of runs, looked up for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from huoqun.community.models import Community, Group, Membership
from huoqun.content.models import Way
from huoqun.content.queries.ways import by_hand
from huoqun.sop.models import Line, Run
from huoqun.sop.operations.laying import Scene
from huoqun.sop.steps import Branch
from huoqun.vocabulary.ids import Account


def scenes_of(runs: Sequence[Run]) -> dict[int, Scene]:
    lines: dict[int, dict[str, Line]] = defaultdict(dict)
    for line in Line.objects.filter(run__in=[run.pk for run in runs]).order_by():
        lines[line.run_id][line.step] = line
    accounts, members = _accounts(runs), _members(runs)
    found: dict[int, Scene] = {}
    for run in runs:
        group, home = run.group, run.launch.community
        found[run.pk] = Scene(
            run=run,
            book=run.version.book,
            account=accounts.get(group.key) or by_hand(home, group.carrier),
            zone=ZoneInfo(home.zone),
            lines=lines[run.pk],
            values=values_of(run, group, home),
            known=_known(run, group, members),
        )
    return found


def _accounts(runs: Iterable[Run]) -> dict[int, Account]:
    """Only of these groups: a community has thousands."""
    rows = Way.objects.filter(group_key__in={run.group.key for run in runs})
    return {row.group_key: row.through for row in rows}


def _members(runs: Sequence[Run]) -> Mapping[int, int]:
    """Heads of the groups that are asked about."""
    asked = {run.group_id for run in runs if any(_counts_heads(step) for step in run.version.book.steps)}
    if not asked:
        return {}
    counted = Group.objects.filter(pk__in=asked).annotate(
        here=Count("memberships", filter=Q(memberships__left_at__isnull=True))
    )
    return dict(counted.values_list("pk", "here"))


def _counts_heads(step: object) -> bool:
    return isinstance(step, Branch) and step.question.about == "members"


def values_of(run: Run, group: Group, home: Community) -> dict[str, str]:
    return {
        "group": group.name,
        "operator": str(group.operator) if group.operator else "",
        "community": home.name,
        "member": run.member.name if run.member else "",
    }


def _known(run: Run, group: Group, members: Mapping[int, int]) -> dict[str, str | float | bool | None]:
    known: dict[str, str | float | bool | None] = {"state": group.state, "stage": group.stage, "lifecycle": group.lifecycle}
    if group.pk in members:
        known["members"] = members[group.pk]
    if run.member is not None:
        known["messages"] = run.member.person.messages
    return known


def gone(runs: Iterable[Run]) -> set[int]:
    """Runs whose member is in the group no more, or whose group is no more."""
    runs = list(runs)
    with_member = [run for run in runs if run.member_id]
    rows = Membership.objects.filter(
        identity__in={run.member_id for run in with_member}, group__in={run.group_id for run in with_member}, left_at=None
    )
    here = set(rows.values_list("group", "identity")) if with_member else set()
    left = {run.pk for run in with_member if (run.group_id, run.member_id) not in here}
    return left | {run.pk for run in runs if run.group.dissolved_at is not None}
