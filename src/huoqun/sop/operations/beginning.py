"""Runs begin: in bulk, each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from huoqun.community.models import Group, Identity
from huoqun.sop.gate import gate
from huoqun.sop.models import Launch, Run
from huoqun.sop.operations.writing import add_runs
from huoqun.sop.rules.states import RunState

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Begin:
    group: Group | int
    anchor: datetime
    key: str
    """What makes it this run: a day, a joining."""
    member: Identity | int | None = None
    asks: bool = False
    """Somebody has to say yes first."""

    @property
    def group_id(self) -> int:
        return self.group if isinstance(self.group, int) else self.group.pk


def begin(launch: Launch, wanted: Iterable[Begin], *, now: datetime) -> int:
    """Asked for again, nothing changes. Where a fair test is drawn, groups begin from their wave on. Returns how many are
    new.
    """
    door = gate(launch)
    fresh = list({each.key: each for each in wanted if door is None or door.lets(each.group_id, each.anchor)}.values())
    new = 0
    for start in range(0, len(fresh), AT_ONCE):
        part = fresh[start : start + AT_ONCE]
        there = set(Run.objects.filter(launch=launch, key__in=[each.key for each in part]).values_list("key", flat=True))
        rows = [_run(launch, each, now) for each in part if each.key not in there]
        # Another worker may begin the same at this very moment: then theirs stands.
        new += add_runs(rows)
    return new


def _run(launch: Launch, wanted: Begin, now: datetime) -> Run:
    return Run(
        launch=launch,
        version_id=launch.version_id,
        key=wanted.key,
        group_id=wanted.group_id,
        member_id=wanted.member.pk if isinstance(wanted.member, Identity) else wanted.member,
        state=RunState.ASKED if wanted.asks else RunState.GOING,
        anchor=wanted.anchor,
        before=wanted.anchor,
        next_at=None if wanted.asks else now,
        made_at=now,
    )


def say_yes(runs: Iterable[Run], *, now: datetime) -> int:
    """They begin after all, from now on."""
    keys = [run.pk for run in runs]
    return Run.objects.filter(pk__in=keys, state=RunState.ASKED).update(
        state=RunState.GOING, anchor=now, before=now, next_at=now
    )
