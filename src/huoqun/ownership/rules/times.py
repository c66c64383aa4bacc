"""When something is due, late, over, and until when a tap can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

TIME_FOR_A_HAND = timedelta(hours=2)
"""What a carrier would have done at once, a person is given so long for."""

UNDO = timedelta(minutes=1)
"""A tap can be taken back so long; only then others are told that it is done."""

PATIENCE = timedelta(minutes=15)
"""After the time at which something was due the leads are told."""


def due_at(not_before: datetime, expires_at: datetime | None, *, now: datetime) -> datetime:
    """When a person should have done what was to go out at `not_before`: never after it is of no use any more."""
    due = max(not_before, now) + TIME_FOR_A_HAND
    return due if expires_at is None else max(now, min(due, expires_at))


def is_late(due: datetime, now: datetime) -> bool:
    return due < now


def is_to_escalate(due: datetime, now: datetime) -> bool:
    return due <= now - PATIENCE


def can_be_undone(done_at: datetime | None, *, now: datetime) -> bool:
    return done_at is not None and now < done_at + UNDO


def day_in(zone: str, *, now: datetime) -> tuple[datetime, datetime]:
    """From midnight to midnight around `now`, by the clock on the wall of the zone."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    ends = (datetime.combine(day, time.min, here) for day in (today, today + timedelta(days=1)))
    start, end = (each.astimezone(UTC) for each in ends)
    return start, end
