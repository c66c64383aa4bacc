"""Hours in which nobody is disturbed, by the clock on the wall of a zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_EXACT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to before `end`, past midnight where `end` is the earlier one. Raises ValueError for an unknown zone, a time
    with a zone of its own, and for hours that begin when they end, which could mean always or never.
    """

    start: time
    end: time
    zone: str

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError(
                "quiet hours that begin when they end could mean always or never: leave them out, or hold the request"
            )
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("quiet hours are by the wall clock of their zone: give plain times")
        _zone(self.zone)

    def covers(self, moment: datetime) -> bool:
        wall = moment.astimezone(_zone(self.zone)).time()
        if self.start < self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end


def first_allowed(moment: datetime, quiet: QuietHours | None) -> datetime:
    """`moment` itself, or the end of the quiet hours it falls into; also on days on which the clocks are changed."""
    if quiet is None or not quiet.covers(moment):
        return moment
    end = min(each for each in _ends(moment, quiet) if each > moment and not quiet.covers(each))
    if end.astimezone(_zone(quiet.zone)).time() == quiet.end:
        return end
    # The wall clock leaves out the hour in which they end: they end when it jumps.
    return _turn(moment, end, quiet.covers)


def _ends(moment: datetime, quiet: QuietHours) -> list[datetime]:
    """When the wall clock shows the end today and tomorrow: twice where the hour comes twice."""
    zone = _zone(quiet.zone)
    today = moment.astimezone(zone).date()
    days = (today, today + timedelta(days=1))
    walls = [datetime.combine(day, quiet.end, zone).replace(fold=fold) for day in days for fold in (0, 1)]
    return [wall.astimezone(UTC) for wall in walls]


def _turn(inside: datetime, outside: datetime, covered: Callable[[datetime], bool]) -> datetime:
    """The first moment not covered, to the microsecond."""
    while outside - inside > _EXACT:
        middle = inside + (outside - inside) / 2
        inside, outside = (middle, outside) if covered(middle) else (inside, middle)
    return outside


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as unknown:
        raise ValueError(f"{name!r} is no time zone; write one like Asia/Shanghai") from unknown
