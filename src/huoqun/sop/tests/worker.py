"""One process of the product: its loops take turns, and it dies."""

from __future__ import annotations

from collections.abc import Callable

import huoqun.community.handlers as community
import huoqun.ownership.handlers as ownership
import huoqun.sop.handlers as sop
from huoqun.carriers.base import Carrier, Unreachable, Unreadable
from huoqun.inbox import horizon
from huoqun.inbox.loop import Loop
from huoqun.inbox.operations import store
from huoqun.inbox.types import Subscription
from huoqun.outbox.loop import Sender
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.ownership.loop import look as keep_todos
from huoqun.sop.loop import Planner
from huoqun.sop.models import Run
from huoqun.sop.tests.lived import ACCOUNT, Lived, Word
from huoqun.sop.tests.tables import Idle
from huoqun.vocabulary.events import EVENTS
from huoqun.vocabulary.ids import Account

HEARING = (
    Subscription(name="community", hears=tuple(EVENTS.values()), handler=community.take_in, whole_log=True),
    Subscription(name="ownership", hears=ownership.HEARS, handler=ownership.hear, whole_log=True),
    Subscription(name="sop", hears=sop.HEARS, handler=sop.hear, whole_log=True),
)


class Worker:
    """One process: what dies with it is what it has in memory."""

    def __init__(self, life: Lived) -> None:
        self.life = life
        # Two at a time, and then the next two, tells most about crashes in between; with dozens it only takes long.
        few = 20 if life.may_rush else 2
        self._planner = Planner(clock=lambda: life.now, most=life.chance.choice((few, 300)))
        self._sender = Sender(self._through, clock=lambda: life.now, dice=life.chance.random, steady=lambda: life.passed)
        self._loop = Loop(HEARING, clock=lambda: life.now, upto=horizon.newest)
        self._idle = dict[Callable[[], bool], Idle]()

    def _through(self, account: Account) -> Carrier | None:
        return self.life.carrier if account == ACCOUNT else None

    def turn(self) -> None:
        """Some of its loops, in any order."""
        loops = [self.receive, self.listen, self._planner.round, self._sender.round, self.keep]
        self.life.chance.shuffle(loops)
        for loop in loops[: self.life.chance.randint(1, 5)]:
            loop()

    def send(self) -> None:
        self._sender.round()

    def plan(self) -> None:
        self._planner.round()

    def dry(self) -> None:
        loops = (self.listen, self._planner.round, self._sender.round, self.keep)
        rounds = 0
        while rounds < 60 or rounds < 60 + len(self.life.joined) + 4 * Run.objects.count():
            rounds += 1
            done = [self.receive(), *(self._unless_idle(loop) for loop in loops)]
            if not any(done):
                return
        self.life.complain(f"a worker never finds rest: {done}")

    def _unless_idle(self, loop: Callable[[], bool]) -> bool:
        """Where it found nothing to do, and neither the clock nor what it looked at has moved since, it would find nothing."""
        moment, tables = (self.life.now, self.life.passed), self.life.tables
        idle = self._idle.get(loop)
        if idle and idle.moment == moment and not tables.written_since(idle.number, idle.read):
            return False
        number = tables.look()
        if loop():
            self._idle.pop(loop, None)
            return True
        self._idle[loop] = Idle(moment, number, frozenset(tables.read))
        return False

    def keep(self) -> bool:
        return keep_todos(now=self.life.now)

    def receive(self) -> bool:
        life = self.life
        try:
            told = life.carrier.receive(life.heard)
        except Unreachable:
            return False
        store([record for record in told.records if not isinstance(record, Unreadable)], now=life.now)
        life.heard = told.cursor
        life.words += [Word(room, who, at, life.now) for room, who, at in life.unheard_words]
        life.unheard_words.clear()
        life.stored_leaves = list(life.unheard_leaves)
        return bool(told.records)

    def listen(self) -> bool:
        moved = self._loop.round()
        while self._loop.round():
            moved = True
        life = self.life
        for place in life.stored_leaves:
            if place in life.unheard_leaves:
                life.unheard_leaves.remove(place)
                life.gone[place], life.gone_at[place] = life.deeds(), life.now
                life.on_its_way |= set(OUT.values_list("key", flat=True))
        life.stored_leaves = []
        return moved


OUT = Request.objects.filter(state__in=(RequestState.LEASED, RequestState.CONFIRMING))
