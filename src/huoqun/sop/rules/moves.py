"""Steps somebody moved in the calendar: by the clock on the wall, so that a day later is the same time of day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

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

    def of(self, launch: int, step: str, group: int, at: datetime, zone: ZoneInfo) -> datetime:
        """When it comes instead. The group's own move goes before that of all."""
        if not self.minutes:
            return at
        day = at.astimezone(zone).date()
        for whose in (group, None):
            if (minutes := self.minutes.get((launch, step, day, whose))) is not None:
                return shifted(at, minutes, zone)
        return at


def shifted(at: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """So much later on the wall, in UTC. Over a clock change that is an hour more or less."""
    wall = at.astimezone(zone).replace(tzinfo=None) + timedelta(minutes=minutes)
    return local(wall.date(), wall.time(), zone)


def came_from(at: datetime, zone: ZoneInfo, moves: Iterable[tuple[date, int]]) -> date | None:
    """Which of these moves (day, minutes) brought something to `at`; None: nobody moved it."""
    return next((day for day, minutes in moves if shifted(at, -minutes, zone).astimezone(zone).date() == day), None)
