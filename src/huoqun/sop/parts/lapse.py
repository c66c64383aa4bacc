"""Stretches of time and times of day as people write them: 10m, 2h, 3d, -30m; 09:00; 08:00-22:30. Each is its own text."""

from __future__ import annotations

import re
from datetime import time, timedelta

_UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_LAPSE = re.compile(r"(-?)(?:(\d{1,4})w)?(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


class BadTime(ValueError):
    """Says what was written, and how it is written."""


class Lapse(str):
    """A stretch of time; negative: before. Raises BadTime."""

    __slots__ = ("delta",)

    delta: timedelta

    def __new__(cls, text: str) -> Lapse:
        found = _LAPSE.fullmatch(text.strip())
        if found is None or not any(found.groups()[1:]):
            raise BadTime(f"“{text}” is no stretch of time: write 10m, 2h, 3d, 1d12h, or -30m for before")
        parts = zip(found.groups()[1:], _UNITS.values(), strict=True)
        whole = sum((int(number) * unit for number, unit in parts if number), timedelta())
        made = super().__new__(cls, text.strip())
        made.delta = -whole if found[1] else whole
        return made


class Clock(str):
    """A time of day in the group's own zone. Raises BadTime."""

    __slots__ = ("time",)

    time: time

    def __new__(cls, text: str) -> Clock:
        found = _CLOCK.fullmatch(text.strip())
        if found is None:
            raise BadTime(f"“{text}” is no time of day: write 09:00")
        made = super().__new__(cls, f"{int(found[1]):02}:{found[2]}")
        made.time = time(int(found[1]), int(found[2]))
        return made


class Hours(str):
    """From a time of day to another; the end is not included, and 22:00-06:00 passes midnight. Raises BadTime."""

    __slots__ = ("end", "start")

    start: time
    end: time

    def __new__(cls, text: str) -> Hours:
        first, dash, last = text.partition("-")
        if not dash:
            raise BadTime(f"“{text}” are no hours: write 08:00-22:00")
        start, end = Clock(first), Clock(last)
        if start == end:
            raise BadTime(f"“{text}” is either never or always: leave it out for always")
        made = super().__new__(cls, f"{start}-{end}")
        made.start, made.end = start.time, end.time
        return made

    def hold(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


PATTERNS: dict[type[str], str] = {
    Lapse: r"^-?(\d+w)?(\d+d)?(\d+h)?(\d+m)?$",
    Clock: r"^([01]?\d|2[0-3]):[0-5]\d$",
    Hours: r"^([01]?\d|2[0-3]):[0-5]\d-([01]?\d|2[0-3]):[0-5]\d$",
}
"""For whoever checks a playbook with its JSON schema."""
