"""Fair tests of playbooks: a launch waits, lots are dealt, and it goes to work by waves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction

from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.sop.effects.reading import FEWEST
from huoqun.sop.effects.waves import NEVER
from huoqun.sop.effects.waves import draw as deal
from huoqun.sop.eligible import Unit, eligible
from huoqun.sop.errors import CannotDraw, NoDraw
from huoqun.sop.gate import starts_at
from huoqun.sop.models import Launch, Run, Trial, TrialGroup, TrialUnit, Version
from huoqun.sop.operations.calendar import lead_of
from huoqun.sop.operations.launching import launch as put_to_work
from huoqun.sop.operations.launching import resume
from huoqun.sop.rules.moments import local
from huoqun.sop.rules.testing import Plan, coarsened
from huoqun.sop.starts import Around, OnDate

AT_ONCE = 500
SEEDS = 2**62


@transaction.atomic
def prepare(
    version: Version,
    community: Community,
    *,
    by: Staff | None,
    now: datetime,
    event_at: datetime | None = None,
    only_groups: Collection[int] = (),
    answers: Mapping[str, str] | None = None,
    voices: Mapping[str, str] | None = None,
) -> Launch:
    """A launch that waits: nothing begins until a test is drawn, or somebody lets it go on without one. Raises CannotLaunch."""
    made = put_to_work(
        version, community, by=by, now=now, event_at=event_at, only_groups=only_groups, answers=answers, voices=voices
    )
    # Nothing was asked of the outbox, so nothing has to be held there.
    made.state = Launch.State.PAUSED
    made.save(update_fields=["state"])
    return made


def stands_in_the_way(launch: Launch) -> NoDraw | None:
    """Why this launch cannot be tested fairly any more, or at all."""
    if launch.version.book.aim is None:
        return NoDraw.NO_MEASURE
    if launch.state == Launch.State.ENDED:
        return NoDraw.ENDED
    if Trial.objects.filter(launch=launch).exists():
        return NoDraw.DRAWN
    return NoDraw.BEGUN if Run.objects.filter(launch=launch).exists() else None


def is_about_one_moment(launch: Launch) -> bool:
    return all(isinstance(start, Around | OnDate) for start in launch.version.book.starts)


@transaction.atomic
def draw(launch: Launch, plan: Plan, *, seed: int, smallest: float | None, by: Staff | None, now: datetime) -> Trial:
    """Deals who starts when, and lets the launch go to work. Raises CannotDraw; ValueError where nobody would be left to
    compare with.
    """
    row = Launch.objects.select_for_update(of=("self",)).select_related("community", "version").get(pk=launch.pk)
    if reason := stands_in_the_way(row) or _does_not_fit(row, plan, now):
        raise CannotDraw(reason)
    aim, schedule = row.version.book.aim, plan.schedule()
    assert aim is not None
    units = eligible(row, aim.by)
    if len(units) < max(FEWEST, plan.waves + bool(plan.held_back)):
        raise CannotDraw(NoDraw.TOO_FEW)
    strata = strata_of(units, plan)
    trial = Trial.objects.create(
        launch=row, version=row.version, measure=aim.measure, by=list(aim.by), first_day=plan.first_day, before=plan.before,
        waves=list(schedule.weeks), held_back=plan.held_back, weeks=plan.weeks, seed=seed, smallest=smallest, drawn_at=now,
        drawn_by=by,
    )  # fmt: skip
    starts = deal(schedule, strata, np.random.default_rng(seed)).tolist()
    _keep(trial, units, strata, [None if week == NEVER else week for week in starts])
    resume(row, by=by, now=now)
    return trial


def strata_of(units: Sequence[Unit], plan: Plan) -> tuple[str, ...]:
    return coarsened([unit.stratum for unit in units], plan.waves + bool(plan.held_back))


def _does_not_fit(launch: Launch, plan: Plan, now: datetime) -> NoDraw | None:
    zone = ZoneInfo(launch.community.zone)
    if plan.first_day <= now.astimezone(zone).date():
        return NoDraw.TOO_SOON
    if not is_about_one_moment(launch):
        return None
    if plan.waves > 1:
        return NoDraw.ONE_MOMENT
    due = first_moment(launch)
    return NoDraw.MISSES_IT if due is not None and due < plan.first_day else None


def first_moment(launch: Launch) -> date | None:
    """Of a launch about one moment: the day its first steps are due."""
    zone, book = ZoneInfo(launch.community.zone), launch.version.book
    moments = [local(start.date, start.time.time, zone) for start in book.starts if isinstance(start, OnDate)]
    moments += [launch.event_at] if launch.event_at is not None else []
    return min(((at - lead_of(book, at, zone)).astimezone(zone).date() for at in moments), default=None)


def _keep(trial: Trial, units: Sequence[Unit], strata: Sequence[str], weeks: Sequence[int | None]) -> None:
    rows = [
        TrialUnit(trial=trial, number=number, week=week, stratum=stratum, kinds=unit.kinds)
        for number, (unit, stratum, week) in enumerate(zip(units, strata, weeks, strict=True))
    ]
    kept = TrialUnit.objects.bulk_create(rows, batch_size=AT_ONCE)
    groups = [
        TrialGroup(trial=trial, unit=row, group=group) for row, unit in zip(kept, units, strict=True) for group in unit.groups
    ]
    TrialGroup.objects.bulk_create(groups, batch_size=AT_ONCE)


__all__ = ["draw", "first_moment", "is_about_one_moment", "prepare", "stands_in_the_way", "starts_at", "strata_of"]
