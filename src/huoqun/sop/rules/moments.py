"""When a step is due. Local times are the group's; what a clock change skips is done when the clock has jumped."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from huoqun.sop.parts.lapse import Hours
from huoqun.sop.parts.shape import Base, When
from huoqun.sop.parts.slots import pick


def moment(step: Base, *, anchor: datetime, before: datetime, zone: ZoneInfo, seed: str) -> datetime:
    """`anchor`: the moment the run is about; `before`: when the step before ended. Spread by the seed, then moved into the
    step's hours. In UTC.
    """
    due = _due(step.at, anchor=anchor, before=before, zone=zone) + _spread(step.at, f"{seed}/{step.key}")
    return into(step.window, due, zone)


def _due(at: When, *, anchor: datetime, before: datetime, zone: ZoneInfo) -> datetime:
    if at.time is not None:
        day = anchor.astimezone(zone).date() + timedelta(days=at.day or 0)
        return local(day, at.time.time, zone)
    if at.offset is not None:
        return anchor + at.offset.delta
    return before + (at.after.delta if at.after is not None else timedelta(0))


def _spread(at: When, seed: str) -> timedelta:
    seconds = int(at.spread.delta.total_seconds())
    return timedelta(seconds=pick(seed, seconds)) if seconds > 0 else timedelta(0)


def local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """In UTC. A time that a clock change skips is that much later, one that comes twice is the first."""
    wanted = datetime.combine(day, at, zone)
    return wanted.astimezone(UTC)


def into(window: Hours | None, due: datetime, zone: ZoneInfo) -> datetime:
    """The first moment from `due` on that lies in these hours."""
    here = due.astimezone(zone)
    if window is None or window.hold(here.time()):
        return due
    opens = local(here.date(), window.start, zone)
    return opens if opens > due else local(here.date() + timedelta(days=1), window.start, zone)
