"""What a test showed: an effect with its interval, or that it cannot be told, or that nothing can be claimed at all."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from .before import without_before
from .contrast import contrasts, own_contrasts
from .waves import Schedule, Starts, redrawn

Floats = NDArray[np.float64]

DRAWS = 1_999
LEVEL = 0.95
FEWEST = 8
"""Units. With fewer there are too few draws for an interval that means anything."""


class Verdict(StrEnum):
    HELPS = "helps"
    HARMS = "harms"
    CANNOT_TELL = "cannot_tell"


class NoClaim(StrEnum):
    """Why nothing is claimed."""

    NOT_DRAWN = "not_drawn"
    """Who started was chosen, not drawn: those that were worst get better by themselves on average."""
    NOBODY_LEFT = "nobody_left"
    """There was no week in which some had started and others had not."""
    TOO_FEW = "too_few"
    TOO_SHORT = "too_short"
    """No week before the first wave."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A test as it was drawn and as it went."""

    schedule: Schedule
    starts: Starts
    strata: tuple[Hashable, ...]
    outcome: Floats
    """The primary measure: one row a unit, one column a week, in the measure's own unit; no gaps."""
    drawn: bool = True
    """False: somebody chose who starts when."""


@dataclass(frozen=True, slots=True)
class Effect:
    """In the measure's unit, averaged over the weeks in which a unit had started and others had not; 95 % interval and p from
    dealing the starts anew (exact where the effect is the same for all).
    """

    estimate: float
    low: float
    high: float
    p: float
    units: int
    placebo_p: float | None
    """The same reading of the weeks before anybody had started: small means that the draw was not kept to, or bad luck. None
    with fewer than four weeks before."""

    @property
    def verdict(self) -> Verdict:
        if self.low > 0:
            return Verdict.HELPS
        return Verdict.HARMS if self.high < 0 else Verdict.CANNOT_TELL


def read(trial: Trial, dice: np.random.Generator, *, count: int = DRAWS) -> Effect | NoClaim:
    if not trial.drawn:
        return NoClaim.NOT_DRAWN
    if len(trial.starts) < FEWEST:
        return NoClaim.TOO_FEW
    if trial.schedule.first < 1 or trial.outcome.shape[1] <= trial.schedule.first:
        return NoClaim.TOO_SHORT
    outcome = without_before(trial.outcome, trial.schedule.first)
    seen = float(contrasts(outcome, trial.starts[None, :])[0])
    if np.isnan(seen):
        return NoClaim.NOBODY_LEFT
    again = redrawn(trial.starts, trial.strata, count, dice)
    others, own = contrasts(outcome, again), own_contrasts(trial.starts, again, outcome.shape[1])
    low, high = _interval(seen, others, own)
    return Effect(seen, low, high, _p(seen, others, own, 0.0), len(trial.starts), _placebo(trial, dice, count))


def among(trial: Trial, kinds: Sequence[Hashable], dice: np.random.Generator) -> dict[Hashable, Effect | NoClaim]:
    """The effect for each kind of unit by itself. Only for kinds named before the test began: whoever looks through enough
    kinds afterwards finds one in which it helped.
    """
    found: dict[Hashable, Effect | NoClaim] = {}
    for kind in dict.fromkeys(kinds):
        of_kind = np.array([each == kind for each in kinds])
        strata = tuple(stratum for stratum, chosen in zip(trial.strata, of_kind, strict=True) if chosen)
        part = Trial(trial.schedule, trial.starts[of_kind], strata, trial.outcome[of_kind], trial.drawn)
        found[kind] = read(part, dice)
    return found


def _p(seen: float, others: Floats, own: Floats, effect: float) -> float:
    """How often a draw shows as much, if the effect on everybody is `effect`. The comparison is linear in the outcome, so
    taking the effect out of the treated changes each draw's figure by effect × `own`.
    """
    known = others[~np.isnan(others)] - effect * own[~np.isnan(others)]
    as_far = np.count_nonzero(np.abs(known) >= abs(seen - effect) - 1e-12)
    return (1 + as_far) / (1 + len(known))


def _interval(seen: float, others: Floats, own: Floats) -> tuple[float, float]:
    """All effects that the data do not contradict."""
    return _edge(seen, others, own, -1.0), _edge(seen, others, own, 1.0)


def _edge(seen: float, others: Floats, own: Floats, side: float) -> float:
    step = float(np.nanstd(others)) or 1e-9
    inside, outside = seen, seen + side * step
    while _p(seen, others, own, outside) > 1 - LEVEL:
        inside, outside = outside, outside + side * (abs(outside - seen) + step)
        if abs(outside - seen) > 1e6 * step:
            return side * np.inf
    for _ in range(40):
        middle = (inside + outside) / 2
        if _p(seen, others, own, middle) > 1 - LEVEL:
            inside = middle
        else:
            outside = middle
    return float(inside)


def _placebo(trial: Trial, dice: np.random.Generator, count: int) -> float | None:
    """As if the first wave had started half-way through the weeks before it, for all who were to be in it or later."""
    weeks = trial.schedule.first
    if weeks < 4:
        return None
    early = {week: weeks // 2 + place for place, week in enumerate(trial.schedule.weeks)}
    starts = _moved(trial.starts, early)
    outcome = without_before(trial.outcome[:, :weeks], weeks // 2)
    seen = float(contrasts(outcome, starts[None, :])[0])
    if np.isnan(seen):
        return None
    others = contrasts(outcome, redrawn(starts, trial.strata, count, dice))
    return _p(seen, others, np.zeros_like(others), 0.0)


def _moved(starts: Starts, to: dict[int, int]) -> Starts:
    found = starts.copy()
    for week, early in to.items():
        found[starts == week] = early
    return found
