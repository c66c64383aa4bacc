"""How small an effect a test could see, by this company's own past: the test is played with nothing in it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .before import without_before
from .contrast import contrasts
from .waves import Schedule, draws

Floats = NDArray[np.float64]

PLAYED = 1_000
SEEN = 1.96 + 0.84
"""So many standard errors an effect has to be to be seen in four tests of five, at 5 % false alarms."""


@dataclass(frozen=True, slots=True)
class Smallest:
    effect: float
    """In the measure's unit."""
    in_deviations: float
    """In standard deviations of the measure between units and weeks."""
    units: int
    weeks: int


def smallest(past: Floats, schedule: Schedule, strata: Sequence[Hashable], dice: np.random.Generator) -> Smallest:
    """`past`: the primary measure of the same units over as many weeks as the test will take, those before it included.

    Raises ValueError for a past that ends before the first wave.
    """
    if past.shape[1] <= schedule.first:
        raise ValueError(f"{past.shape[1]} weeks of the past are too few: the first wave would start after {schedule.first}")
    played = contrasts(without_before(past, schedule.first), draws(schedule, strata, PLAYED, dice))
    error = float(np.nanstd(played))
    spread = float((past - past.mean(axis=0)).std())
    return Smallest(SEEN * error, SEEN * error / spread if spread else np.inf, *past.shape)
