"""Who starts when: drawn by lot, so that nothing but chance decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Starts = NDArray[np.int64]
"""For each unit the week in which it starts, counted from the first week known; `NEVER` for those held back."""

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Schedule:
    """The weeks in which waves start, in order, and the share of units held back for good. Two waves, or one and some held
    back, are the least: without them nobody is left to compare with.
    """

    weeks: tuple[int, ...]
    held_back: float = 0.0

    def __post_init__(self) -> None:
        if list(self.weeks) != sorted(set(self.weeks)) or not self.weeks or self.weeks[0] < 1:
            raise ValueError(f"waves start in different weeks, one after the other and not before the second, not {self.weeks}")
        if not 0 <= self.held_back < 1:
            raise ValueError(f"some have to start: {self.held_back} cannot be held back")
        if len(self.weeks) < 2 and not self.held_back:
            raise ValueError("one wave for all leaves nobody to compare with: give two, or hold some back")

    @property
    def first(self) -> int:
        return self.weeks[0]


def draw(schedule: Schedule, strata: Sequence[object], dice: np.random.Generator) -> Starts:
    """A start for each unit. Within each stratum (the same state, say) waves are as even as can be, so that no wave is all of
    one kind. Raises ValueError for fewer units than waves.
    """
    kinds = _numbered(strata)
    if len(kinds) < len(schedule.weeks) + bool(schedule.held_back):
        raise ValueError(f"{len(kinds)} units are too few for {len(schedule.weeks)} waves")
    starts: Starts = draws(schedule, strata, 1, dice)[0]
    return starts


def draws(schedule: Schedule, strata: Sequence[object], count: int, dice: np.random.Generator) -> Starts:
    """`count` draws as `draw` would make them, one a row."""
    kinds = _numbered(strata)
    found = np.full((count, len(kinds)), NEVER, dtype=np.int64)
    for kind in np.unique(kinds):
        places = np.flatnonzero(kinds == kind)
        # Where a stratum does not divide evenly, chance says which waves get one more.
        lots = _lots(schedule, len(places), count, dice)
        found[:, places] = dice.permuted(lots, axis=1)
    return found


def redrawn(starts: Starts, strata: Sequence[object], count: int, dice: np.random.Generator) -> Starts:
    """`count` draws that might as well have been: the starts there were, dealt anew within each stratum."""
    kinds = _numbered(strata)
    found = np.repeat(starts[None, :], count, axis=0)
    for kind in np.unique(kinds):
        places = np.flatnonzero(kinds == kind)
        found[:, places] = dice.permuted(found[:, places], axis=1)
    return found


def _lots(schedule: Schedule, units: int, count: int, dice: np.random.Generator) -> Starts:
    wanted = units * schedule.held_back
    held = int(wanted) + (dice.random(count) < wanted % 1)
    lots = np.full((count, units), NEVER, dtype=np.int64)
    waves = np.array(schedule.weeks, dtype=np.int64)
    for row, kept in enumerate(held.tolist()):
        going = units - min(kept, units)
        order = dice.permutation(len(waves))
        lots[row, :going] = waves[order[np.arange(going) % len(waves)]]
    return lots


def _numbered(strata: Sequence[object]) -> NDArray[np.int64]:
    known: dict[object, int] = {}
    return np.array([known.setdefault(one, len(known)) for one in strata], dtype=np.int64)
