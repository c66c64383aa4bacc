"""iCalendar (RFC 5545), as far as a calendar of steps needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SHORTEST = timedelta(minutes=15)
"""Programs draw what is shorter so small that nobody can read it."""


@dataclass(frozen=True, slots=True)
class Event:
    uid: str
    start: datetime
    end: datetime
    summary: str
    description: str = ""
    url: str = ""


def calendar(name: str, events: Iterable[Event], *, now: datetime) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Huoqun//SOP//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for event in events:
        lines += _event(event, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(event: Event, now: datetime) -> list[str]:
    told = [
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(event.start)}",
        f"DTEND:{_moment(max(event.end, event.start + SHORTEST))}",
        f"SUMMARY:{escaped(event.summary)}",
    ]
    if event.description:
        told.append(f"DESCRIPTION:{escaped(event.description)}")
    if event.url:
        told.append(f"URL:{event.url}")
    return [*told, "END:VEVENT"]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """As a TEXT value; control characters, which no calendar may carry, are gone."""
    kept = "".join(char for char in text.replace("\r\n", "\n").replace("\r", "\n") if char == "\n" or ord(char) >= 32)
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Parts of at most 75 bytes, none of which splits a character; all but the first begin with a space."""
    part, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > 75:
            yield part
            part, size = " ", 1
        part, size = part + char, size + width
    yield part
