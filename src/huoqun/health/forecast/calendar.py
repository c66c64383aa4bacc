"""Days of groups, laid out so that sums over any stretch of days, of any groups, as of any dates are one look-up each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

COUNTS = ("messages", "speakers", "house_messages", "joins", "leaves")
SLEEP = 30
"""A silence of more days than this, that ended, is called a sleep."""


@dataclass(frozen=True, slots=True)
class DayArrays:
    """One row a group and day on which something happened, sorted by group, then day, no day twice.

    `row` is the place of the group in `keys`; days are whole numbers since 1970; `messages` and `speakers` are
    without house.
    """

    keys: Ints
    row: Ints
    day: Ints
    messages: Floats
    speakers: Floats
    house_messages: Floats
    joins: Floats
    leaves: Floats

    def talk(self) -> DayArrays:
        """The days on which somebody who is not house spoke."""
        return self.where(self.messages > 0)

    def where(self, kept: Flags) -> DayArrays:
        return DayArrays(self.keys, self.row[kept], self.day[kept], *(getattr(self, name)[kept] for name in COUNTS))

    def until(self, day: int) -> DayArrays:
        return self.where(self.day <= day)

    @property
    def first_day(self) -> int | None:
        """Of talk; None where nobody who is not house ever spoke."""
        days = self.day[self.messages > 0]
        return int(days.min()) if days.size else None


def day_arrays(columns: dict[str, NDArray[Any]]) -> DayArrays:
    """From columns `group_key`, `day` and those of `COUNTS` (absent: none), in any order."""
    order = np.lexsort((columns["day"], columns["group_key"]))
    keys, row = np.unique(np.asarray(columns["group_key"], dtype=np.int64)[order], return_inverse=True)
    nothing = np.zeros(order.size)
    counts = (np.asarray(columns.get(name, nothing), dtype=np.float64)[order] for name in COUNTS)
    return DayArrays(keys, row.astype(np.int64), np.asarray(columns["day"], dtype=np.int64)[order], *counts)


@dataclass(slots=True)
class Spans:
    """Sums over stretches of days, for pairs of group and date (`row`, `today`)."""

    days: DayArrays
    row: Ints
    today: Ints
    _sums: dict[str, Floats] = field(default_factory=dict)
    _places: dict[int, Ints] = field(default_factory=dict)

    def sum(self, name: str, reach: int, *, back: int = 0) -> Floats:
        """Of a count of `DayArrays` or "days" (rows), over the `reach` days that end `back` days before the date."""
        sums = self._running(name)
        result: Floats = sums[self._before(back)] - sums[self._before(back + reach)]
        return result

    def add(self, name: str, values: Floats) -> None:
        """One more number a row to be summed."""
        self._sums[name] = np.concatenate(([0.0], np.cumsum(values)))

    def place(self) -> Ints:
        """Of the group's last row up to the date; the row before the group's first where there is none."""
        return self._before(0) - 1

    def begins(self) -> Ints:
        """Where the group's rows begin."""
        return np.searchsorted(self.days.row, self.row, side="left")

    def _running(self, name: str) -> Floats:
        if name not in self._sums:
            self.add(name, np.ones(self.days.row.size) if name == "days" else getattr(self.days, name))
        return self._sums[name]

    def _before(self, back: int) -> Ints:
        """How many rows of all groups stand before the end of the day `back` days before the date."""
        if back not in self._places:
            start, width = self._scale()
            wanted = np.clip(self.today - back - start + 1, 0, width - 1)
            self._places[back] = np.searchsorted(self._clock(), self.row * width + wanted, side="right")
        return self._places[back]

    def _clock(self) -> Ints:
        start, width = self._scale()
        return self.days.row * width + self.days.day - start + 1

    def _scale(self) -> tuple[int, int]:
        start = int(self.days.day.min(initial=0)) if self.days.day.size else 0
        return start, int(max(self.days.day.max(initial=0), self.today.max(initial=0))) - start + 2
