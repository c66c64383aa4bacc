"""What is known of runs, looked up for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from huoqun.community.models import Community, Group, Membership
from huoqun.content.models import Way
from huoqun.content.queries.ways import by_hand
from huoqun.sop.asked import Lookups
from huoqun.sop.holidays import known
from huoqun.sop.models import Line, Run
from huoqun.sop.operations.laying import Scene
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.rules.answers import Known, Value
from huoqun.sop.rules.days_off import days_of
from huoqun.sop.steps import Branch
from huoqun.sop.whom import meant_for, staff_for
from huoqun.vocabulary.ids import Account


def scenes_of(runs: Sequence[Run], *, now: datetime, ahead: Lookups | None = None) -> dict[int, Scene]:
    """`ahead`: what was read of history for them."""
    lines: dict[int, dict[str, Line]] = defaultdict(dict)
    for line in Line.objects.filter(run__in=[run.pk for run in runs]).order_by():
        lines[line.run_id][line.step] = line
    accounts, members, meant = _accounts(runs), _members(runs), meant_for(runs, now=now)
    lookups, staff = Lookups(runs, now=now, ahead=ahead), staff_for(runs)
    calendar, found = known(), dict[int, Scene]()
    days = {run.version_id: days_of(run.version.book, calendar) for run in one_of_each(runs)}
    for run in runs:
        group, home = run.group, run.launch.community
        found[run.pk] = Scene(
            run=run,
            book=run.version.book,
            account=accounts.get(group.key) or by_hand(home, group.carrier),
            zone=ZoneInfo(home.zone),
            lines=lines[run.pk],
            values=values_of(run, group, home),
            days=days[run.version_id],
            known=_known(run, group, members),
            meant=meant.get(run.pk, {}),
            persona=run.launch.voices.get(str(group.operator_id), ""),
            lookups=lookups,
            staff=staff.get(run.pk, {}),
        )
    return found


def one_of_each(runs: Iterable[Run]) -> Iterable[Run]:
    """For each version one run: what its playbook says is the same for all."""
    return {run.version_id: run for run in runs}.values()


def _accounts(runs: Iterable[Run]) -> dict[int, Account]:
    """Only of these groups: a community has thousands."""
    rows = Way.objects.filter(group_key__in={run.group.key for run in runs})
    return {row.group_key: row.through for row in rows}


def _members(runs: Sequence[Run]) -> Mapping[int, int]:
    """Heads of the groups that are asked about."""
    counting = {run.version_id for run in one_of_each(runs) if any(_counts_heads(step) for step in run.version.book.steps)}
    asked = {run.group_id for run in runs if run.version_id in counting}
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


def _known(run: Run, group: Group, members: Mapping[int, int]) -> Known:
    known: dict[str, Value] = {"state": group.state, "stage": group.stage, "lifecycle": group.lifecycle}
    if group.pk in members:
        known["members"] = members[group.pk]
    if run.member is not None:
        known["messages"] = run.member.person.messages
    return known


def known_of(run: Run, book: Playbook) -> Known:
    """Of one run, for looking at it."""
    if not any(_counts_heads(step) for step in book.steps):
        return _known(run, run.group, {})
    heads = Membership.objects.filter(group=run.group_id, left_at__isnull=True).count()
    return _known(run, run.group, {run.group_id: heads})


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
