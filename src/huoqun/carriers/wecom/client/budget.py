"""How often WeCom may be called. Numbers are the vendor's published ones; they shift with the company's size, so that its own
"too often" closes a path as well.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

_AS_OF = date(2026, 11, 22)
_SOURCE = "developer.work.weixin.qq.com, page 90312 (access frequency limits)"

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

SLOT = 15
"""Seconds. What other processes have called is known in stretches of so long."""

SLICES = 20
"""A stretch is counted in so many parts: it slides by one part at a time."""

RARE = 2_000

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


NEVER = float("inf")


@dataclass(slots=True)
class _Counted:
    """Calls of the last stretch, by part."""

    parts: dict[int, int] = field(default_factory=dict)
    others: int = 0
    """What other processes called in it, as was heard last."""
    others_until: float = NEVER
    """When the first of those is over."""

    def wait(self, limit: Limit, at: float) -> float:
        """Seconds until one more is allowed."""
        length = limit.every.total_seconds() / SLICES
        present = int(at // length)
        # A clock put back leaves parts in the future: nobody waits for those.
        self.parts = {part: count for part, count in self.parts.items() if present - SLICES <= part <= present}
        if sum(self.parts.values()) + self.others < limit.at_most:
            return 0
        own = (min(self.parts) + SLICES + 1) * length if self.parts else NEVER
        return min(own, self.others_until) - at

    def hear(self, limit: Limit, slots: Iterable[tuple[int, int]], at: float) -> None:
        every = limit.every.total_seconds()
        recent = [(slot, calls) for slot, calls in slots if at - every < (slot + 1) * SLOT <= at + 2 * SLOT]
        self.others = sum(calls for _, calls in recent)
        self.others_until = min((slot + 1) * SLOT + every for slot, _ in recent) if recent else NEVER

    def count(self, limit: Limit, at: float) -> None:
        part = int(at // (limit.every.total_seconds() / SLICES))
        self.parts[part] = self.parts.get(part, 0) + 1


@dataclass(slots=True)
class _Closed:
    until: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Closing:
    """WeCom does not want a path to be called for a while."""

    path: str
    until: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Told:
    """What processes tell one another: calls of each path by `SLOT`, as (path, slot, calls), and closings."""

    calls: tuple[tuple[str, int, int], ...] = ()
    closings: tuple[Closing, ...] = ()


class Budget:
    """What companies have left, path by path. One a process; may be used by several threads. It knows what other processes
    have called as of when they last met (`pace`).
    """

    def __init__(self, limits: tuple[Limit, ...] = LIMITS) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._counted: dict[tuple[str, str, Limit], _Counted] = {}
        self._closed: dict[tuple[str, str], _Closed] = {}
        self._name = secrets.token_hex(6)
        self.met: dict[str, datetime] = {}
        """When this process last met the others, by company."""
        self._own: dict[tuple[str, str, int], int] = {}
        self._untold: set[tuple[str, str, int]] = set()
        self._closed_untold: set[tuple[str, str]] = set()

    @property
    def me(self) -> str:
        """A forked child is another process with the same memory."""
        return f"{self._name}-{os.getpid()}"

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
                slot = whose, path, int(now.timestamp() // SLOT)
                self._own[slot] = self._own.get(slot, 0) + 1
                self._untold.add(slot)
            return timedelta(seconds=max(0.0, wait))

    def close(self, whose: str, path: str, *, now: datetime) -> timedelta:
        """WeCom said "too often". How long nobody should ask again."""
        with self._lock:
            before = self._closed.get((whose, path))
            again = before is not None and abs(now - before.until) < 2 * MINUTE
            times = min(before.times + 1, len(CLOSED_FOR) - 1) if before and again else 0
            self._closed[whose, path] = _Closed(now + CLOSED_FOR[times], times)
            self._closed_untold.add((whose, path))
            return CLOSED_FOR[times]

    def is_rare(self, path: str) -> bool:
        """So few calls of it are allowed that each must be known to everybody at once."""
        return any(limit.path == path and limit.at_most < RARE for limit in self._limits)

    def has_closed(self, whose: str, path: str) -> bool:
        """And the others do not know yet."""
        return (whose, path) in self._closed_untold

    def news(self, whose: str) -> Told:
        """What this process has called since the others were told last: whole slots, so that telling twice is telling once."""
        with self._lock:
            slots = [slot for slot in self._untold if slot[0] == whose]
            closed = [each for each in self._closed_untold if each[0] == whose]
            self._untold.difference_update(slots)
            self._closed_untold.difference_update(closed)
            closings = [(path, self._closed[whose, path]) for _, path in closed]
            return Told(
                tuple((path, slot, self._own[whose, path, slot]) for _, path, slot in slots),
                tuple(Closing(path, each.until, each.times) for path, each in closings),
            )

    def tell_again(self, whose: str, news: Told) -> None:
        with self._lock:
            self._untold.update((whose, path, slot) for path, slot, _ in news.calls)
            self._closed_untold.update((whose, each.path) for each in news.closings)

    def hear(self, whose: str, told: Told, *, now: datetime) -> None:
        """Everything the others have called, and what is closed."""
        by_path: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for path, slot, calls in told.calls:
            by_path[path].append((slot, calls))
        with self._lock:
            for (company, path, limit), counted in self._counted.items():
                if company == whose:
                    counted.hear(limit, by_path.get(path, ()), now.timestamp())
            for each in told.closings:
                known = self._closed.get((whose, each.path))
                if known is None or known.until < each.until:
                    self._closed[whose, each.path] = _Closed(each.until, each.times)
            oldest = int((now - DAY).timestamp() // SLOT)
            self._own = {slot: calls for slot, calls in self._own.items() if slot[2] >= oldest or slot in self._untold}

    def _closed_for(self, whose: str, path: str, now: datetime) -> timedelta | None:
        closed = self._closed.get((whose, path))
        if closed is None or closed.until <= now or closed.until - now > CLOSED_FOR[closed.times]:
            return None
        return closed.until - now

    def _of(self, whose: str, path: str, limit: Limit) -> _Counted:
        return self._counted.setdefault((whose, path, limit), _Counted())

    def know(self, whose: str, path: str) -> None:
        """Hear of this path from now on."""
        with self._lock:
            for limit in self._limits:
                if limit.path in {"", path}:
                    self._of(whose, path, limit)


BUDGET = Budget()
"""This process's."""
