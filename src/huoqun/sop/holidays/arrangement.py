"""A year's days off and make-up working days, as one notice of the State Council arranges them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from huoqun.sop.parts.shape import Part

LONGEST = 31
"""Days of one holiday."""

Faults = Iterator[tuple[tuple[str | int, ...], str]]


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not what its weekday says, or has a name."""

    on: date
    name: str
    """Of the holiday it belongs to, as the notice has it: 国庆节."""
    is_off: bool
    """False: people work to make up for a day off."""
    source: str


class Holiday(Part, frozen=True, kw_only=True):
    name: str
    first: date
    last: date | None = None
    """Where it is longer than a day."""
    work: tuple[date, ...] = ()
    """Saturdays and Sundays on which people work for it."""

    @property
    def days(self) -> list[date]:
        end = self.last or self.first
        return [self.first + timedelta(days=number) for number in range((end - self.first).days + 1)]


class Arrangement(Part, frozen=True, kw_only=True):
    country: Literal["CN"]
    year: int
    notice: str
    """Its name."""
    number: str
    """Its number: 国办发明电〔2025〕7号."""
    published: date
    holidays: tuple[Holiday, ...]

    @property
    def source(self) -> str:
        return f"{self.notice} {self.number}"

    def days(self) -> Iterator[Day]:
        for holiday in self.holidays:
            yield from (Day(day, holiday.name, True, self.source) for day in holiday.days)
            yield from (Day(day, holiday.name, False, self.source) for day in holiday.work)


@dataclass(frozen=True)
class Calendar:
    """What is known, by year. A year nobody knows has its weekdays and weekends."""

    arrangements: Mapping[int, Arrangement]
    days: Mapping[date, Day]

    @classmethod
    def of(cls, arrangements: Mapping[int, Arrangement]) -> Calendar:
        """The notice of a year stands above that of the year before, which may reach over New Year."""
        days = {day.on: day for _year, told in sorted(arrangements.items()) for day in told.days()}
        return cls(arrangements, days)

    def is_holiday(self, on: date) -> bool:
        day = self.days.get(on)
        return day is not None and day.is_off

    def is_workday(self, on: date) -> bool:
        day = self.days.get(on)
        return on.weekday() < 5 if day is None else not day.is_off

    def unknown(self, first: date, last: date) -> list[int]:
        """Years of this stretch whose arrangement nobody knows."""
        return [year for year in range(first.year, last.year + 1) if year not in self.arrangements]


NOTHING_KNOWN = Calendar({}, {})


def faults(told: Arrangement) -> Faults:
    """What can be wrong with one that has the right shape."""
    if not told.holidays:
        yield ("holidays",), "There is no holiday in it."
    seen: set[date] = set()
    for number, holiday in enumerate(told.holidays):
        place = ("holidays", number)
        if not holiday.name.strip():
            yield (*place, "name"), "A holiday has a name."
        if holiday.last is not None and not 0 <= (holiday.last - holiday.first).days < LONGEST:
            yield (*place, "last"), "A holiday ends after it begins, and within a month."
            continue
        days = [(("first",), day) for day in holiday.days] + [(("work", n), day) for n, day in enumerate(holiday.work)]
        for field, day in days:
            if not date(told.year - 1, 12, 1) <= day <= date(told.year, 12, 31):
                yield (*place, *field), f"{day} is not in {told.year}."
            elif day in seen:
                yield (*place, *field), f"{day} is there twice."
            seen.add(day)
        for n, day in enumerate(holiday.work):
            if day.weekday() < 5:
                yield (*place, "work", n), f"{day} is no Saturday or Sunday: people work on it anyway."
