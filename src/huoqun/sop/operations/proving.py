"""What counts as done only when somebody has shown it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from huoqun.community.parts import parts
from huoqun.ownership.models import Todo
from huoqun.ownership.operations import give_many, take_over
from huoqun.ownership.types import Give
from huoqun.sop.models import Line, Run
from huoqun.sop.parts.shape import PROOFS
from huoqun.vocabulary.facts import RequestSettled

PROOF = "proof"
DUE = timedelta(hours=2)
LONGEST = timedelta(days=1)
"""At least so long somebody can still show it."""


def wanted_of(line: Line) -> str:
    """What somebody has to show before it is done; empty: nothing."""
    step = line.run.version.book.find(line.step)
    return step.evidence if step is not None and step.evidence in PROOFS else ""


def ask_for_proof(lines: Collection[Line], *, now: datetime) -> None:
    """What went out: a to-do each, for whoever runs the group; asked again, nothing changes."""
    if lines:
        runs = _runs(lines)
        give_many([_wish(line, runs[line.run_id], now) for line in lines], now=now)


def _runs(lines: Iterable[Line]) -> Mapping[int, Run]:
    rows = Run.objects.select_related("launch__community", "launch__began_by", "group", "member", "version")
    keys = sorted({line.run_id for line in lines})
    return {run.pk: run for some in parts(keys) for run in rows.defer("version__plain").filter(pk__in=some)}


def _wish(line: Line, run: Run, now: datetime) -> Give:
    step = run.version.book.step(line.step)
    title = step.title or line.text or run.version.book.title
    return Give(
        community=run.launch.community,
        key=f"{line.request_key}/{PROOF}",
        room="sop",
        about=f"run/{run.pk}",
        due_at=now + DUE,
        expires_at=now + max(step.expires.delta, LONGEST),
        title=" ".join(title.split())[:200],
        why=step.why,
        group=run.group,
        member=run.member,
        by=run.launch.began_by,
        wants=step.evidence,
    )


def give_to_be_shown(handed: Iterable[tuple[RequestSettled, str]], *, now: datetime) -> None:
    """What a carrier leaves to people, with what they have to show: so it takes one to-do to do it and to show it."""
    by_community: dict[str, dict[str, str]] = defaultdict(dict)
    for fact, wants in handed:
        by_community[fact.community][fact.request] = wants
    for community, wanted in by_community.items():
        take_over(community, wanted, wants=wanted, now=now)


def shown_already(requests: Collection[str]) -> set[str]:
    """Those of these which a person did, and showed."""
    keys = {f"request/{key}": key for key in requests}
    shown = set[str]()
    for some in parts(keys):
        done = Todo.objects.filter(room="sop", key__in=some).exclude(wants="").exclude(shown="")
        shown.update(keys[key] for key in done.values_list("key", flat=True))
    return shown
