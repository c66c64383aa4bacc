"""When a step is due. Local times are the group's; what a clock change skips is done when the clock has jumped."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from huoqun.sop.parts.lapse import Hours
from huoqun.sop.parts.shape import Base, When
from huoqun.sop.parts.slots import pick
from huoqun.sop.rules.days_off import EVERY_DAY, Days, first_that


def moment(step: Base, *, anchor: datetime, before: datetime, zone: ZoneInfo, seed: str, days: Days = EVERY_DAY) -> datetime:
    """`anchor`: the moment the run is about; `before`: when the step before ended. Spread by the seed, then moved into the
    step's hours, and on to a day that counts. In UTC.
    """
    due = _due(step.at, anchor=anchor, before=before, zone=zone, days=days) + _spread(step.at, f"{seed}/{step.key}")
    return onto(step, into(step.window, due, zone), zone, days)


def fixed(step: Base, *, anchor: datetime, zone: ZoneInfo, days: Days = EVERY_DAY) -> datetime | None:
    """When it comes first to the earliest group, where that does not hang on the step before. In UTC."""
    if step.at.time is None and step.at.offset is None:
        return None
    due = _due(step.at, anchor=anchor, before=anchor, zone=zone, days=days)
    return onto(step, into(step.window, due, zone), zone, days)


def _due(at: When, *, anchor: datetime, before: datetime, zone: ZoneInfo, days: Days) -> datetime:
    if at.time is not None:
        return local(days.nth(anchor.astimezone(zone).date(), at.day or 0), at.time.time, zone)
    if at.offset is not None:
        due, since = anchor + at.offset.delta, anchor
    else:
        due, since = before + (at.after.delta if at.after is not None else timedelta(0)), before
    if not days.are_counted or (days.around and at.offset is not None):
        return due
    return days.moved(due, since=since, zone=zone).astimezone(UTC)


def onto(step: Base, due: datetime, zone: ZoneInfo, days: Days) -> datetime:
    """Its spread, its hours or another playbook may have put it past midnight into a day off: then the next that counts."""
    here = due.astimezone(zone)
    if not days.are_counted or days.around or days.fits(here.date()):
        return due
    day = first_that(days.fits, here.date())
    return local(day, step.window.start if step.window else here.time(), zone)


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
