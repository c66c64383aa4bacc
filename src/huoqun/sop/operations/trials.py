"""Fair tests of playbooks: a launch waits, lots are dealt, and it goes to work by waves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction

from huoqun.community.models import Community, Segment
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
    views: Collection[Segment] = (),
) -> Launch:
    """A launch that waits: nothing begins until a test is drawn, or somebody lets it go on without one. Raises CannotLaunch."""
    made = put_to_work(
        version, community, by=by, now=now, event_at=event_at, only_groups=only_groups, answers=answers, voices=voices,
        views=views,
    )  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class Lots:
    """As they fell, and not yet kept."""

    version: Version
    units: list[Unit]
    strata: tuple[str, ...]
    weeks: list[int | None]
    """By unit: when it starts; None: held back."""


def draw(
    launch: Launch,
    plan: Plan,
    *,
    seed: int,
    smallest: float | None,
    by: Staff | None,
    now: datetime,
    report: Callable[[int, int], object] = lambda done, total: None,
) -> Trial:
    """Deals who starts when, and lets the launch go to work: all of it or nothing. Raises CannotDraw; ValueError where nobody
    would be left to compare with.
    """
    while True:
        row = Launch.objects.select_related("community", "version").get(pk=launch.pk)
        if reason := refusal(row, plan, now=now):
            raise CannotDraw(reason)
        report(1, 3)
        # Who shares members with whom takes seconds over thousands of groups: nobody has to wait for that.
        lots = _dealt(row, plan, seed)
        report(2, 3)
        trial = _kept(launch, plan, lots, seed=seed, smallest=smallest, by=by, now=now)
        if trial is not None:
            return trial


def refusal(launch: Launch, plan: Plan, *, now: datetime) -> NoDraw | None:
    """Why this plan cannot be drawn, as far as it is known without counting who takes part."""
    return stands_in_the_way(launch) or _does_not_fit(launch, plan, now)


def _dealt(launch: Launch, plan: Plan, seed: int) -> Lots:
    aim, schedule = launch.version.book.aim, plan.schedule()
    assert aim is not None
    units = eligible(launch, aim.by)
    if len(units) < max(FEWEST, plan.waves + bool(plan.held_back)):
        raise CannotDraw(NoDraw.TOO_FEW)
    strata = strata_of(units, plan)
    starts = deal(schedule, strata, np.random.default_rng(seed)).tolist()
    return Lots(launch.version, units, strata, [None if week == NEVER else week for week in starts])


@transaction.atomic
def _kept(
    launch: Launch, plan: Plan, lots: Lots, *, seed: int, smallest: float | None, by: Staff | None, now: datetime
) -> Trial | None:
    """None: the launch has another version since the lots fell."""
    row = Launch.objects.select_for_update(of=("self",)).select_related("community", "version").get(pk=launch.pk)
    if reason := refusal(row, plan, now=now):
        raise CannotDraw(reason)
    aim = lots.version.book.aim
    if row.version_id != lots.version.pk or aim is None:
        return None
    trial = Trial.objects.create(
        launch=row, version=row.version, measure=aim.measure, by=list(aim.by), first_day=plan.first_day, before=plan.before,
        waves=list(plan.schedule().weeks), held_back=plan.held_back, weeks=plan.weeks, seed=seed, smallest=smallest,
        drawn_at=now, drawn_by=by,
    )  # fmt: skip
    _keep(trial, lots)
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


def _keep(trial: Trial, lots: Lots) -> None:
    rows = [
        TrialUnit(trial=trial, number=number, week=week, stratum=stratum, kinds=unit.kinds)
        for number, (unit, stratum, week) in enumerate(zip(lots.units, lots.strata, lots.weeks, strict=True))
    ]
    kept = TrialUnit.objects.bulk_create(rows, batch_size=AT_ONCE)
    groups = [
        TrialGroup(trial=trial, unit=row, group=group)
        for row, unit in zip(kept, lots.units, strict=True)
        for group in unit.groups
    ]
    TrialGroup.objects.bulk_create(groups, batch_size=AT_ONCE)


__all__ = ["draw", "first_moment", "is_about_one_moment", "prepare", "refusal", "stands_in_the_way", "starts_at", "strata_of"]
