"""How often WeCom may be called. Numbers are the vendor's published ones; they shift with the company's size, so that its own
"too often" closes a path as well.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

_AS_OF = date(2026, 11, 22)
_SOURCE = "developer.work.weixin.qq.com, page 90312 (access frequency limits)"

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

SLICES = 20
"""A stretch is counted in so many parts: it slides by one part at a time."""

CLOSED_FOR = (MINUTE, timedelta(minutes=5), timedelta(minutes=20), HOUR)
"""After one "too often", after another right behind it, ... WeCom does not tell which of its windows was overrun."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `at_most` calls in any stretch of `every`. `path` "": of each path by itself."""

    path: str
    every: timedelta
    at_most: int
    as_of: date = _AS_OF
    source: str = _SOURCE


LIMITS = (
    Limit("", MINUTE, 10_000),
    Limit("", HOUR, 150_000),
    Limit("get_jsapi_ticket", HOUR, 400),
    Limit("ticket/get", HOUR, 100),
    Limit("media/uploadimg", DAY, 1000),
    Limit("externalcontact/add_moment_task", MINUTE, 10),
    Limit("msgaudit/check_single_agree", MINUTE, 2500),
    Limit("msgaudit/check_room_agree", MINUTE, 1500),
    Limit("msgaudit/get_permit_user_list", MINUTE, 1000),
)


@dataclass(slots=True)
class _Counted:
    """Calls of the last stretch, by part."""

    parts: dict[int, int] = field(default_factory=dict)

    def wait(self, limit: Limit, at: float) -> float:
        """Seconds until one more is allowed."""
        length = limit.every.total_seconds() / SLICES
        present = int(at // length)
        # A clock put back leaves parts in the future: nobody waits for those.
        self.parts = {part: count for part, count in self.parts.items() if present - SLICES <= part <= present}
        if sum(self.parts.values()) < limit.at_most:
            return 0
        return (min(self.parts) + SLICES + 1) * length - at

    def count(self, limit: Limit, at: float) -> None:
        part = int(at // (limit.every.total_seconds() / SLICES))
        self.parts[part] = self.parts.get(part, 0) + 1


@dataclass(slots=True)
class _Closed:
    until: datetime
    times: int


class Budget:
    """What companies have left, path by path. One a process; may be used by several threads."""

    def __init__(self, limits: tuple[Limit, ...] = LIMITS) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._counted: dict[tuple[str, str, Limit], _Counted] = {}
        self._closed: dict[tuple[str, str], _Closed] = {}

    def take(self, whose: str, path: str, *, now: datetime) -> timedelta:
        """Nothing: one call is counted and may be made. Else how long there is to wait, and nothing is counted."""
        with self._lock:
            if closed := self._closed_for(whose, path, now):
                return closed
            counted = [(limit, self._of(whose, path, limit)) for limit in self._limits if limit.path in {"", path}]
            wait = max((each.wait(limit, now.timestamp()) for limit, each in counted), default=0.0)
            if wait <= 0:
                for limit, each in counted:
                    each.count(limit, now.timestamp())
            return timedelta(seconds=max(0.0, wait))

    def close(self, whose: str, path: str, *, now: datetime) -> timedelta:
        """WeCom said "too often". How long nobody should ask again."""
        with self._lock:
            before = self._closed.get((whose, path))
            again = before is not None and abs(now - before.until) < 2 * MINUTE
            times = min(before.times + 1, len(CLOSED_FOR) - 1) if before and again else 0
            self._closed[whose, path] = _Closed(now + CLOSED_FOR[times], times)
            return CLOSED_FOR[times]

    def _closed_for(self, whose: str, path: str, now: datetime) -> timedelta | None:
        closed = self._closed.get((whose, path))
        if closed is None or closed.until <= now or closed.until - now > CLOSED_FOR[closed.times]:
            return None
        return closed.until - now

    def _of(self, whose: str, path: str, limit: Limit) -> _Counted:
        return self._counted.setdefault((whose, path, limit), _Counted())


BUDGET = Budget()
"""This process's."""
