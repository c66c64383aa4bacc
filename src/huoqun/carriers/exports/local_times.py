"""Times as chat programs write them: no zone, sometimes twelve hours with 上午 or PM, sometimes one digit for the hour."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

DAY = r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
CLOCK = (
    r"(?:(?P<half>上午|下午|凌晨|早上|中午|晚上|[AaPp][Mm])\s?)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\.\d+)?"
    r"(?:\s?(?P<half2>[AaPp][Mm]))?"
)
_WRITTEN = re.compile(rf"\s*{DAY}[ T]\s*{CLOCK}\s*", re.ASCII)
_AFTERNOON = ("下午", "晚上", "PM")
_MORNING = ("上午", "凌晨", "早上", "AM")


def moment(found: dict[str, str | None], zone: ZoneInfo) -> datetime:
    """The time in UTC from the groups of `DAY` and `CLOCK`. Raises ValueError for a day or hour that does not exist."""
    year, month, day, hour, minute, second = (int(found[part] or 0) for part in _PARTS)
    half = (found["half"] or found["half2"] or "").upper()
    local = datetime(year, month, day, _of_24(hour, half), minute, second, tzinfo=zone)
    return _in_range(local.astimezone(UTC))


_PARTS = ("year", "month", "day", "hour", "minute", "second")


def _of_24(hour: int, half: str) -> int:
    if half in _AFTERNOON or half == "中午":
        # "中午 11:30" is before noon, "中午 12:30" and "中午 1:30" after it.
        return hour if hour >= (11 if half == "中午" else 12) else hour + 12
    return 0 if half in _MORNING and hour == 12 else hour


def written(text: str, zone: ZoneInfo | None) -> datetime | None:
    """A whole field that holds a local time; None where it does not, or where no zone is known."""
    found = _WRITTEN.fullmatch(text)
    if found is None or zone is None:
        return None
    try:
        return moment(found.groupdict(), zone)
    except (ValueError, OverflowError):
        return None


def unix(text: str) -> datetime | None:
    """Seconds (or milliseconds, or microseconds) since 1970; None for anything else."""
    digits = text.strip()
    # A spreadsheet may have put a point and a zero behind the number.
    digits = digits.removesuffix(".0")
    if not re.fullmatch(r"[0-9]{9,16}", digits):
        return None
    seconds = int(digits) / (1 if len(digits) <= 11 else 1000 if len(digits) <= 14 else 1_000_000)
    try:
        return _in_range(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def iso(text: str) -> datetime | None:
    """ISO 8601 with its offset; None for anything else, also for a time without an offset."""
    try:
        read = datetime.fromisoformat(text.strip())
        return _in_range(read.astimezone(UTC)) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _in_range(at: datetime) -> datetime:
    if not 1990 <= at.year <= 2200:
        raise ValueError(f"no chat was exported in the year {at.year}")
    return at
