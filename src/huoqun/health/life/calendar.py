"""The days on which people talked, group after group, and the few numbers the judgement needs from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.floating[Any]]

RHYTHM_DAYS = 8
"""A group's rhythm is read from the last this many days on which it talked: what it did before says little about next week."""
OLDEST = 180
"""Age in days beyond which a group is not believed to grow any safer."""


@dataclass(frozen=True, slots=True)
class GroupDays:
    """One row a group and day on which somebody who is not house talked; sorted by group, then day; no day twice."""

    group_key: Ints
    day: NDArray[np.datetime64]
    messages: NDArray[np.int32]
    speakers: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The same rows with the place where each group begins. Days are whole numbers since 1970; `today` is the audit's day."""

    keys: Ints
    begins: Ints
    ends: Ints
    day: Ints
    messages: Floats
    speakers: Floats
    today: int

    @property
    def groups(self) -> int:
        return len(self.keys)

    @property
    def first(self) -> Ints:
        return self.day[self.begins]

    @property
    def last(self) -> Ints:
        return self.day[self.ends - 1]

    @property
    def owner(self) -> Ints:
        """For each row, which group it belongs to, counted from 0."""
        return np.repeat(np.arange(self.groups), self.ends - self.begins)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a group talked before it fell silent, and for how long it has been silent since.

    `talked` and `quiet` are the days with and without talk after the first of the last `RHYTHM_DAYS` active days, up to the
    last one; `age` runs from the group's first talk to its last, at most `OLDEST`; `silent` since then.
    """

    talked: Floats
    quiet: Floats
    age: Floats
    silent: Floats


def calendar_of(days: GroupDays, *, as_of: date) -> Calendar:
    """Checks the order the other modules rely on; raises ValueError where it is broken."""
    key = np.asarray(days.group_key, dtype=np.int64)
    day = np.asarray(days.day, dtype="datetime64[D]").astype(np.int64)
    today = int(np.datetime64(as_of, "D").astype(np.int64))
    if len(key) and not _in_order(key, day):
        raise ValueError("GroupDays must be sorted by group_key and day, without a day twice")
    if len(day) and int(day.max()) > today:
        raise ValueError(f"GroupDays holds talk after {as_of}: an audit may only use what was known on its day")
    begins = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.empty(0, dtype=np.int64)
    return Calendar(
        keys=key[begins],
        begins=begins,
        ends=np.r_[begins[1:], len(key)] if len(key) else begins,
        day=day,
        messages=np.asarray(days.messages, dtype=np.float64),
        speakers=np.asarray(days.speakers, dtype=np.float64),
        today=today,
    )


def days_active(calendar: Calendar, *, window: int) -> Ints:
    """For each group, on how many of the last `window` days somebody talked."""
    recent = calendar.day > calendar.today - window
    return np.bincount(calendar.owner[recent], minlength=calendar.groups)


def rhythm(calendar: Calendar, *, remembered: int = RHYTHM_DAYS) -> Rhythm:
    start = np.maximum(calendar.begins, calendar.ends - 1 - remembered)
    talked = calendar.ends - 1 - start
    last = calendar.last
    return Rhythm(
        talked=talked.astype(np.float64),
        quiet=(last - calendar.day[start] - talked).astype(np.float64),
        age=np.minimum(last - calendar.first, OLDEST).astype(np.float64),
        silent=(calendar.today - last).astype(np.float64),
    )


def _in_order(key: Ints, day: Ints) -> bool:
    same = key[1:] == key[:-1]
    return bool(np.all(np.where(same, day[1:] > day[:-1], key[1:] > key[:-1])))
