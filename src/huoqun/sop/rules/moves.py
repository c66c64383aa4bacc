"""Steps somebody moved in the calendar: by the clock on the wall, so that a day later is the same time of day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from huoqun.sop.rules.days_off import EVERY_DAY, Days
from huoqun.sop.rules.moments import local

MOVABLE = ("post", "message", "notice", "topic", "todo")
"""Kinds that stand for themselves. A pin hangs on what it pins, an end on everything before it."""

FURTHEST = timedelta(days=62)

Place = tuple[int, str, date, int | None]
"""Launch, step, the day on which it would have come, and the group; None: all groups."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Of some launches, in minutes."""

    minutes: Mapping[Place, int] = field(default_factory=dict)

    def of(self, launch: int, step: str, group: int, at: datetime, zone: ZoneInfo, days: Days = EVERY_DAY) -> datetime:
        """When it comes instead; from a day off on to the next that counts. The group's own move goes before that of all."""
        if not self.minutes:
            return at
        day = at.astimezone(zone).date()
        for whose in (group, None):
            if (minutes := self.minutes.get((launch, step, day, whose))) is not None:
                return days.on_from(shifted(at, minutes, zone), zone)
        return at


def shifted(at: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """So much later on the wall, in UTC. Over a clock change that is an hour more or less."""
    wall = at.astimezone(zone).replace(tzinfo=None) + timedelta(minutes=minutes)
    return local(wall.date(), wall.time(), zone)


def came_from(at: datetime, zone: ZoneInfo, moves: Iterable[tuple[date, int]], days: Days = EVERY_DAY) -> date | None:
    """Which of these moves (day, minutes) brought something to `at`; None: nobody moved it."""
    meant = days.could_be_from(at, zone)
    for day, minutes in moves:
        if any(shifted(each, -minutes, zone).astimezone(zone).date() == day for each in meant):
            return day
    return None
