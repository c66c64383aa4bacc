"""One step of the worker: weeks in which something changed are counted. Of two workers the later one stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from huoqun.sop.operations.counting import count_weeks

EVERY = timedelta(seconds=30)


class Counter:
    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._counted_at: datetime | None = None

    def round(self) -> bool:
        """Never asks to be called again at once: nobody waits for it."""
        now = self._clock()
        if self._counted_at is None or not timedelta(0) <= now - self._counted_at < EVERY:
            count_weeks(now=now)
            self._counted_at = now
        return False
