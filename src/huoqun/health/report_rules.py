"""When a weekly report is due, and since when it tells what changed. Plain values in, plain values out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(7)
"""By the clock on the community's wall: before people begin to work, after the night's audit."""
LOOK_AHEAD = timedelta(hours=24)
"""The daily check asks for what is due until the next one."""
LONGEST_LOOK_BACK = timedelta(days=35)
WEEK = timedelta(days=7)


def due(weekday: int, now: datetime, zone: ZoneInfo) -> tuple[date, datetime] | None:
    """The day for which a report is to be made, and from when on; None where that is neither today nor before tomorrow's check.

    0 is Monday. A check that comes late finds today's still due.
    """
    today = now.astimezone(zone).date()
    for day in (today, today + timedelta(days=1)):
        morning = datetime.combine(day, MORNING, zone)
        if day.weekday() == weekday and morning < now + LOOK_AHEAD:
            return day, max(now, morning)
    return None


def tells_since(as_of: date, last: date | None) -> date:
    """The last report's day, where it is not too long ago; else a week back."""
    if last is None or last >= as_of or as_of - last > LONGEST_LOOK_BACK:
        return as_of - WEEK
    return last
