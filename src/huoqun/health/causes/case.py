"""One group as the search for causes sees it: its figures, its plan, its days, and what is known of the groups around it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

EPOCH = date(1970, 1, 1)
WELL = frozenset({"thriving", "steady"})
SILENT = frozenset({"dormant", "dead"})
FELL = 0.5
"""Below this part of its former level a group has fallen (as in `life`)."""


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """What is known of the group beside its talk. None: not known; `purpose` "" means that nothing was written down."""

    lifecycle: str = "permanent"
    planned_end: date | None = None
    born: date | None = None
    purpose: str | None = None
    connects: str | None = None
    capacity: int | None = None
    operator: str | None = None

    @property
    def end(self) -> date | None:
        return self.planned_end if self.lifecycle in {"seasonal", "flash"} else None


def _nothing() -> NDArray[np.int64]:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Days:
    """One row a day on which anything happened in the group, oldest first. Days are whole numbers since 1970."""

    day: NDArray[np.int64] = field(default_factory=_nothing)
    messages: NDArray[np.int64] = field(default_factory=_nothing)
    speakers: NDArray[np.int64] = field(default_factory=_nothing)
    house_messages: NDArray[np.int64] = field(default_factory=_nothing)
    joins: NDArray[np.int64] = field(default_factory=_nothing)
    leaves: NDArray[np.int64] = field(default_factory=_nothing)

    def between(self, values: NDArray[np.int64], first: date, last: date) -> int:
        """The sum of `values` from `first` to `last`, both included."""
        low, high = np.searchsorted(self.day, [number(first), number(last) + 1])
        return int(values[low:high].sum())

    def last_with(self, values: NDArray[np.int64]) -> date | None:
        hits = np.flatnonzero(values > 0)
        return day_of(int(self.day[hits[-1]])) if len(hits) else None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What only the whole portfolio can tell of a group.

    `gap_since`: the day since which the record of this group seems to be missing, with how many groups stopped with it.
    `record_starts`: where the record begins, so that a group's first message in it need not be its first ever.
    `purposes_kept`: whether people here write purposes down at all; where nobody does, an empty one says nothing.
    """

    gap_since: date | None = None
    gap_groups: int = 0
    record_starts: date | None = None
    purposes_kept: bool = False


@dataclass(frozen=True, slots=True)
class Partner:
    """A group this one could be merged into, and how many people speak in both."""

    group_key: int
    shared: int


@dataclass(frozen=True)
class Case:
    figures: Mapping[str, Any]
    as_of: date
    plan: PlanSeen = field(default_factory=PlanSeen)
    days: Days = field(default_factory=Days)
    around: Surroundings = field(default_factory=Surroundings)
    partner: Partner | None = None

    def number(self, name: str) -> float | None:
        """A figure as a number; None where it is not known, whatever form that takes."""
        value = self.figures.get(name)
        if value is None or isinstance(value, (str, date)):
            return None
        known = float(value)
        return None if math.isnan(known) else known

    def known(self, *names: str) -> dict[str, Any]:
        """Those of the figures that are known, for a sentence."""
        found = {name: self.number(name) for name in names}
        return {name: _tidy(value) for name, value in found.items() if value is not None}

    def day(self, name: str) -> date | None:
        value = self.figures.get(name)
        return value if isinstance(value, date) else None

    @property
    def state(self) -> str:
        return str(self.figures.get("state") or "")

    @property
    def silent(self) -> bool:
        return self.state in SILENT

    @property
    def age(self) -> int | None:
        """Days from the first talk in the record to the audit's day."""
        first = self.day("first_talk_on")
        return (self.as_of - first).days if first else None

    @property
    def fell(self) -> bool:
        before, now = self.number("level_before"), self.number("level_now")
        return before is not None and now is not None and before > 0 and now / before < FELL

    @property
    def fell_on(self) -> date | None:
        """When the trouble began: the change of level where it went down, else the silence, else None."""
        changed, last = self.day("changed_on"), self.day("last_message_on")
        if changed and self.fell:
            return changed
        return last + timedelta(days=1) if last and self.silent else None

    @cached_property
    def birth_seen(self) -> bool:
        """Whether the record shows the group from its beginning, so that its first weeks are its own."""
        first = self.day("first_talk_on")
        if first is None:
            return False
        if self.plan.born is not None:
            return abs((first - self.plan.born).days) <= BIRTH_DAYS
        if self._filled_at(first):
            return True
        starts = self.around.record_starts
        return starts is not None and (first - starts).days > BIRTH_DAYS

    def _filled_at(self, first: date) -> bool:
        """People came in as it began: most of those who were ever seen joining."""
        joins = int(self.days.joins.sum())
        early = self.days.between(self.days.joins, first - timedelta(days=3), first + timedelta(days=BIRTH_DAYS))
        return joins >= 5 and early > joins / 2


BIRTH_DAYS = 14


def number(day: date) -> int:
    return (day - EPOCH).days


def day_of(day: int) -> date:
    return EPOCH + timedelta(days=day)


def ramp(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high`, straight between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


def fade(value: float, low: float, high: float) -> float:
    """1 up to `low`, 0 from `high`, straight between."""
    return 1.0 - ramp(value, low, high)


def _tidy(value: float) -> float | int:
    return int(value) if value.is_integer() else round(value, 4)
