"""When a step is meant to come, read from its playbook and a wall calendar: the judge's own reckoning, not the engine's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huoqun.sop.models import Launch
from huoqun.sop.tests.days_off import COUNTED, counted, is_on, ruled
from huoqun.sop.tests.resting import is_changed

UNITS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60}
SECOND = timedelta(seconds=1)
HOLIDAYS, NAMED = "holidays of the playbook", "around a moment somebody has named"
"""What a step is told of its playbook."""


def moments(start: dict[str, Any], launch: Launch, zone: ZoneInfo) -> Iterator[datetime]:
    if start["when"] == "event" and launch.event_at:
        yield launch.event_at.astimezone(UTC)
    elif start["when"] == "date":
        yield _local(date.fromisoformat(str(start["date"])), start, zone)
    elif start["when"] == "every":
        first = launch.began_at.astimezone(zone).date()
        last = date.fromisoformat(str(start["until"]))
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        holidays = start.get("holidays") or launch.version.plain.get("holidays", "as_usual")
        for day in ruled(days, start["rule"], holidays) if days else ():
            yield _local(day, start, zone)


def _local(day: date, start: dict[str, Any], zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(start.get("time", "09:00").zfill(5)), zone).astimezone(UTC)


def is_moment(step: dict[str, Any], anchor: datetime, due: datetime, zone: ZoneInfo) -> bool:
    first = earliest(step, anchor, zone)
    last = first + lapse(step["at"].get("spread", "10m"))
    here = due.astimezone(zone)
    if step[HOLIDAYS] in COUNTED and not step[NAMED] and not first <= due <= last:
        last = _past_days_off(step, due, last, zone)
    if not step.get("window"):
        return first <= due <= last
    opening = here.time().replace(second=0, microsecond=0) == time.fromisoformat(step["window"].split("-")[0])
    skipped = here.time().minute in {0, 30} and is_changed(here)
    waits = due - last < timedelta(hours=25) and (opening or skipped) and due > first
    return (in_its_window(step, due, zone) and (first <= due <= last or waits)) or (skipped and waits)


def _past_days_off(step: dict[str, Any], due: datetime, last: datetime, zone: ZoneInfo) -> datetime:
    """What its stretch or its hours put past midnight, comes on the next day that counts."""
    day = last.astimezone(zone).date()
    nexts = {counted(each, 0, step[HOLIDAYS], named=False) for each in (day, day + timedelta(days=1))}
    off = [each for each in (day, day + timedelta(days=1)) if not is_on(each, step[HOLIDAYS])]
    return max(last, due) if off and due.astimezone(zone).date() in nexts else last


def time_of(step: dict[str, Any]) -> timedelta:
    spans = [step.get("expires", "6h"), step.get("limit", "0m"), step.get("within", "2h") if step["do"] == "todo" else "0m"]
    return max(lapse(span) for span in spans)


def in_its_window(step: dict[str, Any], at: datetime, zone: ZoneInfo) -> bool:
    if not (window := step.get("window")):
        return True
    wall = at.astimezone(zone).time()
    opens, closes = (time.fromisoformat(each) for each in window.split("-"))
    return opens <= wall < closes if opens < closes else wall >= opens or wall < closes


def earliest(step: dict[str, Any], anchor: datetime, zone: ZoneInfo) -> datetime:
    when, here = step["at"], anchor.astimezone(zone)
    if "offset" in when:
        due = anchor + lapse(when["offset"])
        there = due.astimezone(zone)
        day = counted(here.date(), (there.date() - here.date()).days, step[HOLIDAYS], named=step[NAMED])
        if step[NAMED] or day == there.date():
            return due
        return datetime.combine(day, there.time(), zone).astimezone(UTC)
    day = counted(here.date(), when.get("day", 0), step[HOLIDAYS], named=step[NAMED])
    return datetime.combine(day, time.fromisoformat(when["time"].zfill(5)), zone).astimezone(UTC)


def lapse(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    return sign * timedelta(seconds=int(text.lstrip("-")[:-1]) * UNITS[text[-1]])
