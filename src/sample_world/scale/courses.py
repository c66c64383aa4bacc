"""How much is said in each group on each day, for thousands of groups at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STATES = ("thriving", "steady", "bubbling", "declining", "dormant", "dead")
SHARES = (0.03, 0.13, 0.2, 0.09, 0.2, 0.35)
LEVELS = (60.0, 5.0, 0.8, 6.0, 3.0, 4.0)
"""Median messages a day while the group is at its best, before scaling to the number asked for."""


@dataclass(frozen=True, slots=True)
class Courses:
    state: Ints
    """Place in `STATES`."""
    born: Ints
    off: Ints
    """First silent day, or the number of days."""
    level: Floats
    """Groups by days; relative."""


def draw(groups: int, days: int, rng: np.random.Generator) -> Courses:
    state = rng.choice(len(STATES), groups, p=SHARES)
    ends = state >= STATES.index("dormant")
    burst = ends & (rng.random(groups) < 0.55)
    born = np.where(burst, rng.integers(0, max(1, days - 45), groups), rng.integers(-days, max(1, days // 3), groups))
    off = np.where(
        burst, born + rng.integers(3, 28, groups), rng.integers(days // 3 + 8, max(days // 3 + 9, days - 16), groups)
    )
    off = np.where(ends, np.minimum(off, days - 15), days)
    base = np.asarray(LEVELS)[state] * rng.lognormal(0.0, 0.9, groups)
    return Courses(state, born, off, _levels(state, base, born, off, days, rng))


def _levels(state: Ints, base: Floats, born: Ints, off: Ints, days: int, rng: np.random.Generator) -> Floats:
    day = np.arange(days)[None, :]
    level = base[:, None] * (1 + 1.5 * np.exp(-np.maximum(0, day - born[:, None]) / 6.0))
    fall = days - rng.integers(12, 32, state.size)[:, None]
    falling = (state == STATES.index("declining"))[:, None] & (day >= fall)
    level = np.where(falling, level * np.exp(-(day - fall) / 9.0), level)
    floor = np.where(state == STATES.index("dormant"), 0.02, 0.0)[:, None]
    level = np.where(day >= off[:, None], floor, level)
    level = np.where(day < born[:, None], 0.0, level)
    return np.asarray(level * _weekly(days)[None, :], dtype=np.float64)


def _weekly(days: int) -> Floats:
    return np.where(np.arange(days) % 7 >= 5, 0.85, 1.06)
