"""Who a to-do goes to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from `start` to before `end`; colleagues by their number."""

    staff: int
    start: datetime
    end: datetime
    stand_in: int | None

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def absence_of(staff: int, absences: Iterable[Absence], now: datetime) -> Absence | None:
    return next((each for each in absences if each.staff == staff and each.covers(now)), None)


def receiver(meant_for: int | None, absences: Collection[Absence], at_work: Collection[int], *, now: datetime) -> int | None:
    """The one it is meant for; while they are away their stand-in, or the stand-in's. None: the leads see to it.

    `at_work`: who may work in the community. Whoever may not gets nothing, however they are named.
    """
    asked: set[int] = set()
    while meant_for is not None and meant_for not in asked and meant_for in at_work:
        absence = absence_of(meant_for, absences, now)
        if absence is None:
            return meant_for
        asked.add(meant_for)
        meant_for = absence.stand_in
    return None


def overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
