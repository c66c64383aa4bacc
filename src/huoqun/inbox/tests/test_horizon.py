"""Writers at work while somebody reads, each with a real connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from queue import Queue

import pytest
from django.db import connection, transaction

from huoqun.inbox.horizon import Settled
from huoqun.inbox.loop import Loop
from huoqun.inbox.models import Entry
from huoqun.inbox.operations import store
from huoqun.inbox.tests.cast import NOW, Ears, listening, said

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "not __import__('django').conf.settings.DATABASES['default']['ENGINE'].endswith('postgresql')",
        reason="SQLite has one writer at a time: nothing to wait for",
    ),
]


class Writer:
    """Stores what it is told in one transaction, in a thread of its own, and stays open until told to end."""

    def __init__(self) -> None:
        self._orders: Queue[Callable[[], object] | None] = Queue()
        self._done: Queue[None] = Queue()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        try:
            with transaction.atomic():
                while (order := self._orders.get()) is not None:
                    order()
                    self._done.put(None)
        finally:
            connection.close()

    def stores(self, number: int) -> None:
        self._orders.put(lambda: store([said(number)], now=NOW))
        self._done.get(timeout=20)

    def ends(self) -> None:
        self._orders.put(None)
        self._thread.join(20)


@pytest.fixture
def writers() -> Iterator[list[Writer]]:
    opened = [Writer(), Writer()]
    yield opened
    for writer in opened:
        writer.ends()


def test_a_position_behind_an_open_transaction_waits(writers: list[Writer], now: datetime) -> None:
    ears = Ears()
    loop = Loop([listening(ears)], clock=lambda: NOW)
    slow, _ = writers
    slow.stores(1)
    store([said(2)], now=now)
    loop.run_dry()
    assert ears.heard == [], "entry 2 is there, entry 1 may still come before it"
    slow.ends()
    loop.run_dry()
    assert ears.heard == ["g1-1", "g1-2"]


def test_an_older_transaction_may_draw_the_later_position(writers: list[Writer], now: datetime) -> None:
    ears = Ears()
    loop = Loop([listening(ears)], clock=lambda: NOW)
    older, younger = writers
    older.stores(1)
    younger.stores(2)
    older.stores(3)
    older.ends()
    loop.run_dry()
    assert ears.heard == [], "the transaction of 3 is older than that of 2, yet 2 may not be overtaken"
    younger.ends()
    loop.run_dry()
    assert ears.heard == ["g1-1", "g1-2", "g1-3"]


def test_an_undone_transaction_leaves_a_gap_and_nobody_waits_for_it(now: datetime) -> None:
    ears = Ears()
    with transaction.atomic():
        store([said(1)], now=now)
        transaction.set_rollback(True)
    store([said(2)], now=now)
    Loop([listening(ears)], clock=lambda: NOW).run_dry()
    assert ears.heard == ["g1-2"]


def test_under_steady_writing_the_horizon_grows_and_never_goes_back(now: datetime) -> None:
    settled, seen = Settled(), []
    for number in range(20):
        store([said(number)], now=now)
        seen.append(settled())
    assert seen == sorted(seen)
    assert seen[-1] == Entry.objects.latest("position").position


def test_many_writers_and_readers_and_everything_is_heard_once() -> None:
    ears, stop = Ears(), threading.Event()

    def writes(offset: int) -> None:
        for number in range(0, 60, 3):
            with transaction.atomic():
                for step in range(3):
                    store([said(offset + number + step, f"g{(number + step) % 7}")], now=NOW)
        connection.close()

    def reads() -> None:
        loop = Loop([listening(ears, batch=5)], clock=lambda: NOW)
        while not stop.is_set():
            loop.round()
        loop.run_dry()
        connection.close()

    readers = [threading.Thread(target=reads) for _ in range(2)]
    authors = [threading.Thread(target=writes, args=(1000 * n,)) for n in range(4)]
    for thread in (*readers, *authors):
        thread.start()
    for thread in authors:
        thread.join(60)
    stop.set()
    for thread in readers:
        thread.join(60)
    Loop([listening(ears, batch=5)], clock=lambda: NOW).run_dry()
    assert len(ears.heard) == len(set(ears.heard)) == 240
