"""Who goes first on SQLite."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime

import pytest
from django.db import connection, transaction

from huoqun.inbox import horizon, turnstile
from huoqun.inbox.loop import Loop
from huoqun.inbox.models import Cursor
from huoqun.inbox.operations import store
from huoqun.inbox.tests.cast import NOW, Ears, listening, said
from huoqun.inbox.types import Batch

on_sqlite = pytest.mark.skipif(
    "not __import__('django').conf.settings.DATABASES['default']['ENGINE'].endswith('sqlite3')",
    reason="PostgreSQL's writers do not wait for one another",
)


@on_sqlite
@pytest.mark.skipif("__import__('sys').platform == 'win32'", reason="no such locks there")
@pytest.mark.django_db(transaction=True)
def test_a_worker_waits_until_the_intake_has_written() -> None:
    order: list[str] = []
    arrived = threading.Event()

    def works() -> None:
        arrived.set()
        turnstile.pass_through()
        order.append("worker")
        connection.close()

    worker = threading.Thread(target=works)
    with turnstile.ahead():
        worker.start()
        assert arrived.wait(20)
        worker.join(0.2)
        assert worker.is_alive(), "the worker went past an intake that waits"
        order.append("intake")
    worker.join(20)
    assert order == ["intake", "worker"]


@on_sqlite
@pytest.mark.skipif("__import__('sys').platform == 'win32'", reason="no such locks there")
@pytest.mark.django_db(transaction=True)
def test_whoever_begins_to_write_passes_without_knowing_of_it() -> None:
    order: list[str] = []

    def writes() -> None:
        Cursor.objects.create(subscriber="alone", shard=0)
        with transaction.atomic():
            Cursor.objects.create(subscriber="together", shard=0)
        order.append("worker")
        connection.close()

    writer = threading.Thread(target=writes)
    with turnstile.ahead():
        writer.start()
        writer.join(0.2)
        Cursor.objects.create(subscriber="intake", shard=0)  # who holds it does not wait for itself
        order.append("intake")
    writer.join(20)
    assert order == ["intake", "worker"]
    assert Cursor.objects.count() == 3


@on_sqlite
@pytest.mark.skipif("__import__('sys').platform == 'win32'", reason="no such locks there")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("held", ["turnstile", "database"])
def test_who_cannot_wait_is_told_that_it_is_busy(held: str) -> None:
    holding, over = threading.Event(), threading.Event()

    def holds() -> None:
        with turnstile.ahead() if held == "turnstile" else transaction.atomic():
            holding.set()
            assert over.wait(20)
        connection.close()

    holder = threading.Thread(target=holds)
    holder.start()
    assert holding.wait(20)
    try:
        with pytest.raises(turnstile.Busy), turnstile.ahead_within(0.02):
            Cursor.objects.create(subscriber="late", shard=0)
    finally:
        over.set()
        holder.join(20)
    with turnstile.ahead_within(5):
        Cursor.objects.create(subscriber="free", shard=0)
    assert list(Cursor.objects.values_list("subscriber", flat=True)) == ["free"]


@pytest.mark.django_db(transaction=True)
def test_who_writes_already_waits_for_nobody() -> None:
    begun, going_on, passed = threading.Event(), threading.Event(), threading.Event()

    def writes() -> None:
        with transaction.atomic():
            begun.set()
            assert going_on.wait(20)
            with turnstile.ahead():
                passed.set()
        connection.close()

    writer = threading.Thread(target=writes)
    writer.start()
    assert begun.wait(20)
    with turnstile.ahead():
        going_on.set()
        assert passed.wait(20), "a transaction that waits for an intake which waits for it never ends"
    writer.join(20)


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_handler_apart_holds_up_no_writer(now: datetime) -> None:
    stored: list[int] = []

    def far(batch: Batch, /, *, now: datetime) -> None:
        assert not connection.in_atomic_block
        intake = threading.Thread(target=lambda: (stored.append(store([said(50 + len(stored))], now=NOW)), connection.close()))
        intake.start()
        intake.join(20)

    ears = listening(Ears(), name="far", whole_log=True, apart=True)
    store([said(1)], now=now)
    going = Loop([replace(ears, handler=far)], clock=lambda: NOW, upto=horizon.newest)
    going.round()
    assert stored == [1]


@on_sqlite
@pytest.mark.django_db
def test_of_two_workers_apart_one_moves_the_cursor(now: datetime) -> None:
    store([said(1), said(2)], now=now)
    ears = Ears()

    def overtaken(batch: Batch, /, *, now: datetime) -> None:
        ears(batch, now=now)
        Cursor.objects.update(position=batch.version + 100)

    sub = listening(ears, name="far", whole_log=True, apart=True)
    going = Loop([replace(sub, handler=overtaken)], clock=lambda: NOW, upto=horizon.newest)
    assert not going.round()
    assert Cursor.objects.get().position == horizon.newest() + 100, "the other's place stands"


@pytest.mark.django_db
def test_a_bad_entry_of_a_handler_apart_is_parked(now: datetime) -> None:
    store([said(n) for n in range(20)], now=now)
    ears = Ears(refuses=lambda event: event.source_id == "g1-7")
    Loop([listening(ears, whole_log=True, apart=True)], clock=lambda: NOW, upto=horizon.newest).run_dry()
    assert sorted(ears.heard) == sorted({f"g1-{n}" for n in range(20)} - {"g1-7"})
