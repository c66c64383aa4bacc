"""Units and weeks of a fair test in rows and columns. A gap is not zero.

A week that is not known of half the units is left out for all of them; a unit of which another week is missing is left out;
both are counted. Who started when plays no part in it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huoqun.sop.effects.waves import NEVER, Schedule, Starts

Floats = NDArray[np.float64]
Figures = Sequence[float | None]
"""One a week; None: not known."""
LEAST_KNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Panel:
    """A row for each unit that is left, a column for each week that is left, no gaps."""

    outcome: Floats
    units: tuple[int, ...]
    """The rows' places among all units."""
    weeks: tuple[int, ...]
    """The columns' numbers among all weeks."""
    gone_units: int
    gone_weeks: int

    def starts(self, starts: Sequence[int | None]) -> Starts:
        """Given for all units in weeks of the test; returned for those that are left, in weeks that are left."""
        return np.array([self.place(starts[unit]) for unit in self.units], dtype=np.int64)

    def schedule(self, waves: Sequence[int]) -> Schedule | None:
        """None where no wave, or no week before the first one, is left."""
        places = sorted({place for place in map(self.place, waves) if place < len(self.weeks)})
        if not places or places[0] < 1:
            return None
        # Whether anybody is left to compare with is seen from the starts themselves.
        return Schedule(tuple(places), held_back=0.0 if len(places) > 1 else 0.5)

    def place(self, week: int | None) -> int:
        return NEVER if week is None else bisect_left(self.weeks, week)


def panel(figures: Sequence[Figures], weeks: int) -> Panel:
    """`figures`: one for each unit, `weeks` long."""
    table = np.array([[np.nan if each is None else each for each in row] for row in figures], dtype=np.float64)
    table = table.reshape(len(figures), weeks)
    unknown = np.isnan(table)
    kept = np.flatnonzero(unknown.mean(axis=0) <= 1 - LEAST_KNOWN) if len(table) else np.arange(0)
    units = np.flatnonzero(~unknown[:, kept].any(axis=1)) if len(kept) else np.arange(0)
    outcome = table[np.ix_(units, kept)]
    return Panel(outcome, tuple(units.tolist()), tuple(kept.tolist()), len(table) - len(units), weeks - len(kept))


def of_units(units: Sequence[Collection[int]], by_group: Mapping[int, Figures], weeks: int) -> list[list[float | None]]:
    """The mean of each unit's groups; not known where one of them is not."""
    return [[_mean([by_group[group][week] for group in unit]) for week in range(weeks)] for unit in units]


def _mean(figures: Figures) -> float | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) / len(known) if known and len(known) == len(figures) else None


def known_at_the_end(figures: Figures) -> int:
    """How many weeks without a gap there are up to the last one."""
    number = 0
    for figure in reversed(figures):
        if figure is None:
            break
        number += 1
    return number
