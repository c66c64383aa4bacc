"""What will happen by itself at a later time: hand-overs that finish, people who come round to it."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable

from .clock import Clock
from .errors import NoSense, Refusal

Deed = Callable[[], object]


class Agenda:
    """Kept under the company's lock, like everything in the company."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: list[tuple[float, int, Deed]] = []
        self._numbers = itertools.count()
        self.failed: deque[tuple[int, str]] = deque(maxlen=100)

    def at(self, moment: float, deed: Deed) -> None:
        """`deed` runs once the clock has reached the moment, under the company's lock."""
        heapq.heappush(self._entries, (moment, next(self._numbers), deed))

    def after(self, seconds: float, deed: Deed) -> None:
        self.at(self._clock.exact() + seconds, deed)

    def run_due(self) -> int:
        """Everything that is due, in the order of its time; also what becomes due by that. Says how much it was."""
        count = 0
        while self._entries and self._entries[0][0] <= self._clock.exact():
            _, _, deed = heapq.heappop(self._entries)
            self._do(deed)
            count += 1
        return count

    def _do(self, deed: Deed) -> None:
        """What cannot be done any more (a group is gone, somebody has left) is noted, and the rest goes on."""
        try:
            deed()
        except (NoSense, Refusal) as reason:
            self.failed.append((self._clock.now(), str(reason)))

    def run_until(self, moment: float) -> int:
        """The same for a clock on its way to a later moment: it stops at each entry's time, so that all see the right one."""
        count = 0
        while self._entries and self._clock.exact() < self._entries[0][0] <= moment:
            self._clock.set(self._entries[0][0])
            count += self.run_due()
        return count

    def __len__(self) -> int:
        return len(self._entries)
