"""What time does to to-dos. One step of the worker; any number of workers may take it at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from huoqun.ownership import operations

EVERY = timedelta(seconds=20)


class Keeper:
    """Looks every twenty seconds: what can no longer be taken back, what is over, what is late, whose owner is away."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._looked_at: datetime | None = None

    def round(self) -> bool:
        """True if anything was done. Also after the clock was set back it looks again at once."""
        now = self._clock()
        if self._looked_at is not None and timedelta(0) <= now - self._looked_at < EVERY:
            return False
        done = look(now=now)
        # A full batch may have left some: then the next round looks again.
        self._looked_at = None if done else now
        return done


def look(*, now: datetime) -> bool:
    """Everything that is due now, once."""
    settled = operations.settle(now=now)
    expired = operations.expire(now=now)
    moved = operations.hand_on_absent(now=now)
    late = operations.escalate_late(now=now)
    return any((settled, expired, moved, late))
