"""One worker's view of the log: which subscriber is behind in which shard, and the next round over all of them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError
from django.db.models import Max

from huoqun.inbox import horizon
from huoqun.inbox.models import Entry
from huoqun.inbox.operations import BUSY, deliver, open_cursors, pass_over, replay_what_was_asked
from huoqun.inbox.operations.delivery import NOT_THE_ENTRYS_FAULT
from huoqun.inbox.rules import WHOLE_LOG
from huoqun.inbox.types import Horizon, Subscription

log = logging.getLogger(__name__)

_Lane = tuple[str, int]

FEW = 200
"""Entries."""

PATIENCE = 5
"""So often the database may fail under one batch, while it answers otherwise, before the entry is held to be at fault."""


class Loop:
    """Keeps in memory where the cursors were last seen. They only grow, so an old view costs a look, never an entry.

    Nothing new costs one short query a round (and one for replays).
    """

    def __init__(
        self, subscriptions: Sequence[Subscription], *, clock: Callable[[], datetime], upto: Horizon | None = None
    ) -> None:
        self._subscriptions = {each.name: each for each in subscriptions}
        self._clock = clock
        self._horizon = upto or horizon.for_this_database()
        self._cursors: dict[_Lane, int] = {}
        self._urgent: list[_Lane] = []
        self._newest: dict[tuple[int, str], int] = {}
        """Newest position by shard and name of event or fact."""
        self._looked_upto = 0
        self._refusals: Counter[_Lane] = Counter()

    def round(self) -> bool:
        """Give every subscriber that is behind one batch a shard. True if anything was done: go round again at once."""
        if not self._cursors:
            self._open()
        upto = self._horizon()
        self._look(upto)
        moved = [self._urgent_first()]
        for lane in [lane for lane in self._cursors if self._is_behind(lane)]:
            moved += [self._deliver(lane, upto), self._urgent_first()]
        self._pass_over(upto, at_least=FEW if any(moved) else 1)
        replayed = replay_what_was_asked(self._subscriptions, now=self._clock())
        return any(moved) or replayed > 0

    def run_dry(self) -> None:
        """Go round until nothing is left to do: for tests and for commands that wait for their own effect."""
        while self.round():
            pass

    def _urgent_first(self) -> bool:
        """What came while another was at work is looked for anew."""
        if not self._urgent:
            return False
        upto = self._horizon()
        self._look(upto)
        moved = [self._deliver(lane, upto) for lane in self._urgent if self._is_behind(lane)]
        return any(moved)

    def _open(self) -> None:
        known = open_cursors(self._subscriptions.values())
        lanes = [(each.name, shard) for each in self._subscriptions.values() for shard in each.shards]
        self._cursors = {lane: known[lane] for lane in lanes}
        self._urgent = [lane for lane in lanes if self._subscriptions[lane[0]].urgent]
        self._looked_upto = min(self._cursors.values(), default=0)

    def _look(self, upto: int) -> None:
        if upto <= self._looked_upto:
            return
        fresh = Entry.objects.filter(position__gt=self._looked_upto, position__lte=upto)
        for shard, name, last in fresh.values_list("shard", "name").annotate(last=Max("position")).order_by():
            for place in (shard, WHOLE_LOG):
                self._newest[place, name] = max(last, self._newest.get((place, name), 0))
        self._looked_upto = upto

    def _is_behind(self, lane: _Lane) -> bool:
        subscriber, shard = lane
        heard = self._subscriptions[subscriber].names
        return any(self._newest.get((shard, name), 0) > self._cursors[lane] for name in heard)

    def _deliver(self, lane: _Lane, upto: int) -> bool:
        """Whether the cursor has moved."""
        subscription, shard = self._subscriptions[lane[0]], lane[1]
        patient = self._refusals[lane] < PATIENCE
        waits_for: tuple[type[Exception], ...] = (OperationalError, *subscription.waits_for)
        left_alone = NOT_THE_ENTRYS_FAULT if patient else (InterfaceError,)
        try:
            reached = deliver(subscription, shard, upto=upto, now=self._clock(), left_alone=left_alone)
        except waits_for as refusal:
            # The next lane may fare better; this one is tried again in the next round.
            self._refusals[lane] += 1
            log.warning("%s waits at shard %s: %s: %s", subscription.name, shard, type(refusal).__name__, refusal)
            return False
        self._refusals.pop(lane, None)
        before = self._cursors[lane]
        if reached != BUSY:
            self._cursors[lane] = max(reached, before)
        return self._cursors[lane] > before

    def _pass_over(self, upto: int, *, at_least: int) -> None:
        """Nobody shall seem behind because of what they do not listen to. While there is work, not for a few entries: each
        subscriber's cursors are a transaction of their own.
        """
        for subscription in self._subscriptions.values():
            lanes = [(subscription.name, shard) for shard in subscription.shards]
            idle = [lane for lane in lanes if self._cursors[lane] <= upto - at_least and not self._is_behind(lane)]
            if idle:
                pass_over(subscription, [shard for _, shard in idle], upto=upto, now=self._clock())
                self._cursors.update(dict.fromkeys(idle, upto))
