"""When each part of a broadcast goes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Dice = Callable[[], float]
"""0 to below 1."""

LIFETIME = timedelta(hours=24)
"""What could not go out so long after its time is too late: an invitation to yesterday helps nobody."""


class NoSuchTime(ValueError):
    """The clocks are put forward over this time on that day."""


def moment(wall: datetime, zone: str) -> datetime:
    """A time on the wall clock of a zone, in UTC; the first of the two where the hour comes twice. Raises NoSuchTime."""
    there = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    found = there.astimezone(UTC)
    if found.astimezone(there.tzinfo).replace(tzinfo=None) != wall:
        raise NoSuchTime(f"{wall:%Y-%m-%d %H:%M} does not exist in {zone}")
    return found


def offsets(number: int, minutes: int, dice: Dice) -> list[timedelta]:
    """One for each of `number`, spread evenly over the minutes, each at a chance place within its own share."""
    if not minutes or not number:
        return [timedelta(0)] * number
    share = timedelta(minutes=minutes) / number
    return [share * (place + dice()) for place in range(number)]
