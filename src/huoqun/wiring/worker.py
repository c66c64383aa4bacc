"""The worker: hears live accounts, goes round the subscribers of the log, sends what is due, minds the to-dos, does long work,
and keeps the calendar. Any number may run at once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db import close_old_connections, connection

from huoqun.carriers.base import Carrier
from huoqun.carriers.registry import NoCarrier, archive_minder, carrier_for, hearing_for
from huoqun.inbox.loop import Loop
from huoqun.inbox.types import Subscription
from huoqun.jobs import operations as jobs
from huoqun.jobs.rules import Daily
from huoqun.jobs.run import Clock, Work, beating, work_on
from huoqun.outbox.loop import Sender
from huoqun.outbox.types import Carriers
from huoqun.ownership.loop import Keeper
from huoqun.sop.counter import Counter
from huoqun.sop.loop import Planner
from huoqun.vocabulary.ids import Account
from huoqun.wiring.apart import Apart
from huoqun.wiring.hearing import Ears, Hearings
from huoqun.wiring.loaded import keep_loaded
from huoqun.wiring.long_work import CALENDAR, LONG_WORK
from huoqun.wiring.subscriptions import SUBSCRIPTIONS

log = logging.getLogger(__name__)

SHORTEST, LONGEST = 0.02, 0.5
"""Seconds between two looks when there was nothing to do: doubling from the one to the other."""

EARS = 3

CALENDAR_EVERY = timedelta(minutes=1)

GOODBYE = 20.0
"""Seconds a job has to reach a checkpoint when the worker is told to stop. Later another worker goes on with it."""


def _now() -> datetime:
    return datetime.now(UTC)


def connected(account: Account) -> Carrier | None:
    try:
        return carrier_for(account)
    except NoCarrier:
        return None


class Worker:
    def __init__(
        self,
        subscriptions: Sequence[Subscription] = SUBSCRIPTIONS,
        long_work: Mapping[str, Work] = LONG_WORK,
        calendar: Sequence[Daily] = CALENDAR,
        *,
        clock: Clock = _now,
        carriers: Carriers = connected,
        hearings: Hearings = hearing_for,
        apart: bool = False,
    ) -> None:
        """`apart`: long work is done by a process of its own, which knows `LONG_WORK` only."""
        self._ears = [Ears(hearings, clock=clock) for _ in range(EARS)]
        self._loop = Loop(subscriptions, clock=clock)
        self._sender = Sender(carriers, clock=clock)
        self._keeper = Keeper(clock=clock)
        self._planner = Planner(clock=clock)
        self._counter = Counter(clock=clock)
        self._archives = archive_minder(clock=clock)
        self._long_work = long_work
        self._calendar = calendar
        self._clock = clock
        self._calendar_looked_at: datetime | None = None
        self._apart = Apart(lambda: jobs.is_due(long_work.keys(), now=clock())) if apart else None

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; then end after the batch at hand, and put down the job at its next checkpoint."""
        keep_loaded()
        beside = [
            threading.Thread(target=_again_and_again, args=(step, stop), name=name, daemon=True)
            for name, step in (
                ("jobs", lambda: self._job_apart(self._apart) if self._apart else self.job(stop)),
                # Several, so that an account that is slow to answer keeps nobody waiting who has just become a customer.
                *(("ears", ears.round) for ears in self._ears),
                ("outbox", self._sender.round),
                ("to-dos", self._keeper.round),
                ("procedures", self._planner.round),
                ("counts", self._counter.round),
                ("archives", self._archives.round),
            )
        ]
        for thread in beside:
            thread.start()
        _again_and_again(self._loop.round, stop)
        for thread in beside:
            thread.join(GOODBYE)
        if self._apart:
            self._apart.close(GOODBYE)

    def run_dry(self) -> None:
        """Work until nothing is left to do now: for commands that wait for their own effect. Nobody outside is listened to."""
        never = threading.Event()
        while self._loop.round() or self._planner.round() or self._sender.round() or self._keeper.round() or self.job(never):
            pass

    def job(self, stop: threading.Event) -> bool:
        """Do one job, where one is due. Whether there was one."""
        self._look_at_calendar()
        job = jobs.claim(self._long_work.keys(), now=self._clock())
        if job is None:
            return False
        with beating(job, clock=self._clock):
            work_on(job, self._long_work[job.kind], clock=self._clock, closing=stop.is_set)
        return True

    def _job_apart(self, apart: Apart) -> bool:
        self._look_at_calendar()
        return apart.round()

    def _look_at_calendar(self) -> None:
        now = self._clock()
        if self._calendar_looked_at is None or now - self._calendar_looked_at >= CALENDAR_EVERY:
            jobs.ask_what_is_due(self._calendar, now=now)
            self._calendar_looked_at = now


def _again_and_again(step: Callable[[], bool], stop: threading.Event) -> None:
    """Take the step over and over; pause longer and longer while there is nothing to do. The thread's connection is closed."""
    pause = SHORTEST
    try:
        while not stop.is_set():
            pause = SHORTEST if taken(step) else min(pause * 2, LONGEST)
            stop.wait(pause if pause > SHORTEST else 0)
    finally:
        connection.close()


def taken(step: Callable[[], bool]) -> bool:
    """Whether it did something. What goes wrong in it is logged."""
    try:
        close_old_connections()
        return step()
    except Exception:
        # The last stop: a loop that ended here would leave the house silently asleep. What was begun is undone, and a fresh
        # connection may do better if it was the database that failed.
        log.exception("a step of the worker failed; trying again")
        connection.close()
        return False
