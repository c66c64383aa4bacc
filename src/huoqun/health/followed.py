"""What followed a post in a group: the day it arrived and the day after, beside the same weekdays of the weeks before.

Arithmetic only. It says what came after, never what came of it: there is no group that was left without the post by chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import NamedTuple

WEEKS = 4
"""So many weeks before are compared with, as far as they are known."""
FEWEST = 2
"""With fewer of them nothing is called usual."""

DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Count(NamedTuple):
    """What a group's day holds: members' messages, and people who left."""

    said: int
    left: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a group at all. Within this, a day without a count had nothing."""

    kept_from: date
    """Days before are not kept any more."""
    upto: date
    """The last day that was audited. Audits stop at whole days."""
    first: date | None
    """The group's first day with anything."""
    talk: bool
    leaves: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """One group. None is not known; `before` has one number for each week that can be compared with, the nearest first."""

    group: int
    day: date
    waiting: bool
    """The days are not over, or not audited yet."""
    said: int | None
    said_before: tuple[int, ...]
    left: int | None
    left_before: tuple[int, ...]

    @property
    def usually_said(self) -> float | None:
        return usual(self.said_before)

    @property
    def usually_left(self) -> float | None:
        return usual(self.left_before)

    @property
    def times(self) -> float | None:
        return times(self.said, self.usually_said)

    @property
    def is_above(self) -> bool:
        """More was said than in any of the weeks compared with."""
        return self.said is not None and self.usually_said is not None and self.said > max(self.said_before)


def days_of(day: date) -> tuple[date, date]:
    """The days that hold the 24 hours after anything that happened on this one."""
    return day, day + DAY


def weeks_before(day: date) -> list[tuple[date, date]]:
    """The same weekdays, the nearest first. Overlaps none of the days that follow."""
    return [days_of(day - back * WEEK) for back in range(1, WEEKS + 1)]


def days_needed(arrivals: Iterable[date]) -> set[date]:
    return {each for day in set(arrivals) for pair in (days_of(day), *weeks_before(day)) for each in pair}


def followed(group: int, day: date, counts: Mapping[date, Count], known: Known) -> Followed:
    """What is known of the days after a post that arrived on this day."""
    waiting = day + DAY > known.upto
    over = not waiting and day >= known.kept_from
    comparable = [
        pair for pair in weeks_before(day) if known.first is not None and pair[0] >= max(known.first, known.kept_from)
    ]
    now, before = _sum(counts, days_of(day)), [_sum(counts, pair) for pair in comparable]
    return Followed(
        group,
        day,
        waiting,
        said=now.said if over and known.talk else None,
        said_before=tuple(each.said for each in before) if known.talk else (),
        left=now.left if over and known.leaves else None,
        left_before=tuple(each.left for each in before) if known.leaves else (),
    )


def _sum(counts: Mapping[date, Count], days: Iterable[date]) -> Count:
    there = [counts[day] for day in days if day in counts]
    return Count(sum(each.said for each in there), sum(each.left for each in there))


def usual(before: Sequence[int]) -> float | None:
    return fmean(before) if len(before) >= FEWEST else None


def times(now: float | None, usually: float | None) -> float | None:
    """None where one of them is not known, and where nothing is usual: nobody can say how many times nothing something is."""
    return now / usually if now is not None and usually else None


@dataclass(frozen=True, slots=True)
class Side:
    """One figure over all groups. What is compared is added up over the comparable groups only, on both sides."""

    groups: int
    total: int
    compared: int
    now: int
    usually: float | None

    @property
    def times(self) -> float | None:
        return times(self.now, self.usually)


@dataclass(frozen=True, slots=True)
class Whole:
    arrived: int
    waiting: int
    unknown: int
    """The days are over, and nothing is known of the talk."""
    said: Side
    left: Side
    above: int
    """Groups in which more was said than in any of the weeks compared with."""
    above_by_chance: float
    """How many that would be about if these days were like any of the others: one in five with four weeks, fewer where figures
    are equal.
    """


def whole(groups: Sequence[Followed]) -> Whole:
    over = [each for each in groups if each.said is not None]
    compared = [each for each in over if each.usually_said is not None]
    return Whole(
        arrived=len(groups),
        waiting=sum(each.waiting for each in groups),
        unknown=sum(not each.waiting and each.said is None for each in groups),
        said=_side((each.said, each.usually_said) for each in groups),
        left=_side((each.left, each.usually_left) for each in groups),
        above=sum(each.is_above for each in compared),
        above_by_chance=sum(_chance(each) for each in compared),
    )


def _chance(one: Followed) -> float:
    """That the last of these numbers, put in any order, is above all others."""
    numbers = [one.said or 0, *one.said_before]
    return 1 / len(numbers) if numbers.count(max(numbers)) == 1 else 0.0


def _side(pairs: Iterable[tuple[int | None, float | None]]) -> Side:
    known = [(now, usually) for now, usually in pairs if now is not None]
    compared = [(now, usually) for now, usually in known if usually is not None]
    return Side(
        groups=len(known),
        total=sum(now for now, _ in known),
        compared=len(compared),
        now=sum(now for now, _ in compared),
        usually=sum(usually for _, usually in compared) if compared else None,
    )
