"""How often may be called: windows for a path and for an address, and how long one is shut out after that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .clock import Clock, day_of
from .errors import Refusal

MINUTE, HOUR, DAY, MONTH = 60, 3600, 86_400, 30 * 86_400


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in a window of so many seconds."""

    most: int
    window: int


A_PATH = (Limit(10_000, MINUTE), Limit(150_000, HOUR))
AN_ADDRESS = (Limit(20_000, MINUTE), Limit(600_000, HOUR))


@dataclass(slots=True)
class _Count:
    window_started: float
    calls: int = 0
    shut_until: float = 0.0


class Quotas:
    """Windows are fixed ones: they begin with the first call after the last ended."""

    def __init__(self, clock: Clock, *, enabled: bool = True) -> None:
        self._clock = clock
        self.enabled = enabled
        self.path_limits: tuple[Limit, ...] = A_PATH
        self.address_limits: tuple[Limit, ...] = AN_ADDRESS
        self.own_limits: dict[str, tuple[Limit, ...]] = {}
        """Instead of what the path's call says."""
        self._counts: dict[tuple[str, str, int], _Count] = {}
        self.refused = 0

    def spend(self, path: str, address: str, own: Iterable[Limit] = ()) -> None:
        """Count this call, or raise Refusal(45009)."""
        if not self.enabled:
            return
        special = self.own_limits.get(path, tuple(own))
        for limit in special or self.path_limits:
            self._spend("path", path, limit)
        for limit in self.address_limits:
            self._spend("address", address, limit)

    def spend_for(self, purpose: str, whose: str, limits: Iterable[Limit], errcode: int = 45009) -> None:
        """The same for anything else that is counted, such as reminders for one message."""
        if self.enabled:
            for limit in limits:
                self._spend(purpose, whose, limit, errcode)

    def _spend(self, purpose: str, whose: str, limit: Limit, errcode: int = 45009) -> None:
        now = self._clock.exact()
        count = self._counts.setdefault((purpose, whose, limit.window), _Count(now))
        if now < count.shut_until:
            self._refuse(errcode)
        if not 0 <= now - count.window_started < limit.window:
            count.window_started, count.calls = now, 0
        if count.calls >= limit.most:
            count.shut_until = _shut_until(now, limit.window)
            count.window_started, count.calls = count.shut_until, 0
            self._refuse(errcode)
        count.calls += 1

    def _refuse(self, errcode: int) -> None:
        self.refused += 1
        raise Refusal(errcode)

    def forget(self) -> None:
        self._counts.clear()


def _shut_until(now: float, window: int) -> float:
    if window == DAY:
        return day_of(now) + DAY
    return now + window
