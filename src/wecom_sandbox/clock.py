"""The sandbox's time: runs with the real one, can be moved, stopped, and started again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
DAY = 86_400


class Clock:
    """Unix seconds. Whoever moves it must run what is due afterwards (`Company.move_clock` does)."""

    def __init__(self, real: Callable[[], float] = time.time, start: float | None = None) -> None:
        self._real = real
        self._offset = 0.0 if start is None else start - real()
        self._stopped_at: float | None = None

    def exact(self) -> float:
        return self._stopped_at if self._stopped_at is not None else self._real() + self._offset

    def now(self) -> int:
        return int(self.exact())

    def set(self, now: float) -> None:
        if self._stopped_at is not None:
            self._stopped_at = float(now)
        else:
            self._offset = now - self._real()

    def advance(self, seconds: float) -> None:
        self.set(self.exact() + seconds)

    def stop(self) -> None:
        self._stopped_at = self.exact()

    def run(self) -> None:
        if self._stopped_at is not None:
            now, self._stopped_at = self._stopped_at, None
            self.set(now)

    @property
    def stopped(self) -> bool:
        return self._stopped_at is not None


def day_of(moment: float) -> int:
    """The 00:00 in China at or before this moment."""
    return int((moment + 8 * 3600) // DAY * DAY - 8 * 3600)


def in_china(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC).astimezone(CHINA)
