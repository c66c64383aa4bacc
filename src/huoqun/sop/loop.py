"""One step of the worker: runs begin by the calendar, and go on. Any number of workers may take it at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from huoqun.sop.operations.calendar import look
from huoqun.sop.operations.closing import close_overdue
from huoqun.sop.operations.looking_back import look_back
from huoqun.sop.operations.planning import AT_ONCE, plan

EVERY = timedelta(minutes=1)


class Planner:
    def __init__(self, *, clock: Callable[[], datetime], most: int = AT_ONCE) -> None:
        self._clock = clock
        self._most = most
        self._looked_at: datetime | None = None

    def round(self) -> bool:
        """True if anything was done: there may be more. After the clock was set back it looks at the calendar at once."""
        now = self._clock()
        begun = 0
        if self._looked_at is None or not timedelta(0) <= now - self._looked_at < EVERY:
            begun, self._looked_at = look(now=now) + close_overdue(now=now), now
        planned = plan(now=now, most=self._most)
        return look_back(now=now) + planned + begun > 0
