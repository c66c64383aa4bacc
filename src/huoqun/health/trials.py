"""Fair tests of playbooks: what one could see before it is drawn, and what it showed when it is over."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from huoqun.sop.effects.reading import DRAWS, FEWEST, Effect, NoClaim, among, read
from huoqun.sop.effects.reading import Trial as Test
from huoqun.sop.effects.smallest import Smallest, smallest
from huoqun.sop.eligible import Unit, eligible
from huoqun.sop.models import Launch, Trial, TrialUnit
from huoqun.sop.operations.trials import strata_of
from huoqun.sop.parts.shape import Aim
from huoqun.sop.rules.testing import MOST_BEFORE, Plan, day_of, weeks_before

from . import queries
from .panel import Floats, Panel, known_at_the_end, of_units, panel
from .rules import local_day
from .week_figures import DAY, WEEK, figures, unaudited

PLAYED_CELLS = 1_000_000
"""With very many units fewer draws do: the figures of so many units hardly differ from draw to draw."""
FEWEST_DRAWS = 499
MOST_PAST = 52
"""So many weeks of the past are looked at, at most: 400 days are kept."""
NAMED = 200
RECENT = 4
"""Weeks over which the level of now is taken."""


@dataclass(frozen=True, slots=True)
class Past:
    """The measure of those who would take part, over the last weeks that were audited."""

    units: list[Unit]
    figures: list[list[float | None]]
    """A row a unit, the newest week last."""
    weeks: int
    unaudited: tuple[date, ...] = ()

    @property
    def before(self) -> int:
        return weeks_before(known_at_the_end(row[-MOST_BEFORE:]) for row in self.figures)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a test of this plan could see. `smallest` is None where too little of the past is known to say."""

    plan: Plan
    smallest: Smallest | None
    level: float | None
    """What the measure comes to now, on average over units."""


def taking_part(launch: Launch) -> list[Unit]:
    """Whom the lots would be dealt over. The playbook has a measure: ask `stands_in_the_way` first."""
    return eligible(launch, _aim(launch).by)


def past(launch: Launch, units: list[Unit], weeks: int) -> Past:
    """Over so many weeks up to the last one that was audited."""
    audit = queries.latest_audit(launch.community)
    if audit is None:
        return Past(units, [[None] * weeks for _unit in units], weeks)
    starts = [audit.as_of + DAY - number * WEEK for number in range(weeks, 0, -1)]
    groups = [[group.pk for group in unit.groups] for unit in units]
    found = figures(launch.community, [group for unit in groups for group in unit], _aim(launch).measure, starts)
    missing = unaudited(launch.community, _aim(launch).measure, starts)
    return Past(units, of_units(groups, found, weeks), weeks, tuple(missing))


def _aim(launch: Launch) -> Aim:
    aim = launch.version.book.aim
    assert aim is not None
    return aim


def foresee(known: Past, plan: Plan, *, seed: int) -> Foreseen:
    """Played over as many weeks as the test takes, or as many as `known` holds."""
    planned = replace(plan, before=known.before)
    weeks = min(planned.weeks, known.weeks)
    seen = panel([row[-weeks:] for row in known.figures], weeks)
    level = float(seen.outcome[:, -RECENT:].mean()) if seen.outcome.size else None
    return Foreseen(planned, _smallest(seen, planned, strata_of(known.units, planned), seed), level)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What can be said of a test before it is drawn."""

    groups: int
    units: int
    together: tuple[tuple[str, ...], ...]
    """Names of groups that are drawn as one."""
    unaudited: tuple[date, ...]
    """Days of the past whose audit is missing, where the measure is taken from it."""
    foreseen: Foreseen


def look_ahead(
    launch: Launch, plan: Plan, units: list[Unit], *, report: Callable[[int, int], object] = lambda done, total: None
) -> Outlook:
    report(1, 3)
    known = past(launch, units, min(MOST_PAST, replace(plan, before=MOST_BEFORE).weeks))
    report(2, 3)
    together = tuple(tuple(map(str, unit.groups)) for unit in units if len(unit.groups) > 1)[:NAMED]
    foreseen = foresee(known, plan, seed=launch.pk)
    return Outlook(sum(len(unit.groups) for unit in units), len(units), together, known.unaudited, foreseen)


def _smallest(seen: Panel, plan: Plan, strata: Sequence[str], seed: int) -> Smallest | None:
    if len(seen.units) < FEWEST or seen.outcome.shape[1] <= plan.before:
        return None
    left = [strata[unit] for unit in seen.units]
    found = smallest(seen.outcome, plan.schedule(), left, np.random.default_rng(seed))
    return found if math.isfinite(found.in_deviations) and found.effect > 0 else None


# Afterwards


@dataclass(frozen=True)
class Went:
    """A test as it went, as far as it has gone."""

    trial: Trial

    @cached_property
    def units(self) -> list[TrialUnit]:
        return list(self.trial.units.prefetch_related("groups"))

    @cached_property
    def weeks(self) -> int:
        """Those planned; fewer where the launch was ended before."""
        launch, trial = self.trial.launch, self.trial
        if launch.ended_at is None:
            return trial.weeks
        until = local_day(launch.ended_at, ZoneInfo(launch.community.zone))
        whole = (until - day_of(0, trial.first_day, trial.before)).days // 7
        return max(0, min(trial.weeks, whole))

    @property
    def last_day(self) -> date:
        return day_of(self.weeks, self.trial.first_day, self.trial.before) - DAY

    @cached_property
    def is_over(self) -> bool:
        """And audited: what it showed can be read."""
        audit = queries.latest_audit(self.trial.launch.community)
        return audit is not None and audit.as_of >= self.last_day

    @property
    def starts(self) -> list[date]:
        return [day_of(week, self.trial.first_day, self.trial.before) for week in range(self.weeks)]

    @cached_property
    def panel(self) -> Panel:
        groups = [[row.group_id for row in unit.groups.all()] for unit in self.units]
        everybody = [group for unit in groups for group in unit]
        known = figures(self.trial.launch.community, everybody, self.trial.measure, self.starts)
        # A unit whose groups are all gone from the books is not known, like one of which nothing was heard.
        return panel(of_units(groups, known, self.weeks), self.weeks)


def showed(went: Went) -> dict[str, Any]:
    """What the test showed, as plain data; the same however often it is read."""
    seen = went.panel
    test = _test(went)
    effect = NoClaim.TOO_SHORT if test is None else read(test, _dice(went, 0), count=_draws(len(seen.units)))
    return {
        "effect": told(effect),
        "by": {} if test is None else {kind: _by(went, test, kind, place) for place, kind in enumerate(went.trial.by, 1)},
        "weeks": _weeks(went),
        "all_units": len(went.units),
        "gone_units": seen.gone_units,
        "gone_weeks": seen.gone_weeks,
        "unaudited": [day.isoformat() for day in unaudited(went.trial.launch.community, went.trial.measure, went.starts)],
        "last_day": went.last_day.isoformat(),
    }


def _test(went: Went) -> Test | None:
    seen = went.panel
    schedule = seen.schedule(went.trial.waves)
    if schedule is None:
        return None
    strata = tuple(went.units[unit].stratum for unit in seen.units)
    return Test(schedule, seen.starts([unit.week for unit in went.units]), strata, seen.outcome)


def _by(went: Went, test: Test, kind: str, place: int) -> dict[str, dict[str, Any]]:
    kinds = [went.units[unit].kinds.get(kind, "") for unit in went.panel.units]
    found = among(test, kinds, _dice(went, place))
    return {str(value): told(found[value]) for value in sorted(found, key=str)}


def _dice(went: Went, use: int) -> np.random.Generator:
    """From the test's own seed: whoever reads it again reads the same."""
    return np.random.default_rng([went.trial.seed, 1 + use])


def _draws(units: int) -> int:
    return max(FEWEST_DRAWS, min(DRAWS, PLAYED_CELLS // max(units, 1)))


def told(effect: Effect | NoClaim) -> dict[str, Any]:
    if isinstance(effect, NoClaim):
        return {"no": effect.value}
    ends = {name: end if math.isfinite(end) else None for name, end in (("low", effect.low), ("high", effect.high))}
    rest = {"estimate": effect.estimate, "p": effect.p, "units": effect.units, "placebo_p": effect.placebo_p}
    return {"verdict": effect.verdict.value, **rest, **ends}


def _weeks(went: Went) -> list[list[Any]]:
    """[day the week begins on, mean of those that have started, of those that have not, how many of each], by week."""
    starts = [unit.week for unit in went.units]
    seen, rows = went.panel, []
    for column, week in enumerate(seen.weeks):
        have = np.array([(start := starts[unit]) is not None and start <= week for unit in seen.units], dtype=bool)
        day = day_of(week, went.trial.first_day, went.trial.before).isoformat()
        rows.append(
            [day, _mean(seen.outcome[have, column]), _mean(seen.outcome[~have, column]), int(have.sum()), int((~have).sum())]
        )
    return rows


def _mean(figures: Floats) -> float | None:
    return float(figures.mean()) if len(figures) else None


__all__ = ["Foreseen", "Outlook", "Past", "Went", "foresee", "look_ahead", "past", "showed", "taking_part", "told"]
