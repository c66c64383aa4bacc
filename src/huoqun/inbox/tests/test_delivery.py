from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group as Circle
from django.db import IntegrityError, OperationalError

from huoqun.console.models import Staff
from huoqun.inbox import horizon
from huoqun.inbox.loop import PATIENCE, Loop
from huoqun.inbox.models import Cursor, Entry, Parked
from huoqun.inbox.operations import ask_for_replay, forget, store
from huoqun.inbox.rules import ends_of_halves
from huoqun.inbox.tests.cast import NOW, Ears, joined, listening, many, said
from huoqun.inbox.types import Batch, Subscription
from huoqun.vocabulary.events import MemberJoined, MessagePosted

pytestmark = pytest.mark.django_db


def loop(*subscriptions: Subscription) -> Loop:
    # Inside the test's own transaction nobody else writes: everything there is may be read.
    return Loop(subscriptions, clock=lambda: NOW, upto=horizon.newest)


@pytest.mark.parametrize("whole_log", [False, True])
def test_everything_is_heard_once_and_in_order_within_a_group(whole_log: bool, now: datetime) -> None:
    ears = Ears()
    events = many(1500)
    going = loop(listening(ears, whole_log=whole_log))
    store(events[:700], now=now)
    going.run_dry()
    store(events, now=now)
    going.run_dry()
    loop(listening(ears, whole_log=whole_log)).run_dry()
    assert sorted(ears.heard) == sorted(e.source_id for e in events)
    for group in {e.group_id for e in events}:
        assert [i for i in ears.heard if i.startswith(f"{group}-")] == [e.source_id for e in events if e.group_id == group]
    assert max(len(batch) for batch in ears.batches) <= 500


def test_a_batch_is_one_shard_in_the_order_of_the_log(now: datetime) -> None:
    ears = Ears()
    store(many(300), now=now)
    loop(listening(ears)).run_dry()
    for batch in ears.batches:
        positions = [stored.position for stored in batch]
        assert positions == sorted(positions)
        assert batch.version == positions[-1]
        assert Entry.objects.filter(position__in=positions).values("shard").distinct().count() == 1


def test_what_a_subscriber_does_not_listen_to_is_passed_over(now: datetime) -> None:
    ears = Ears()
    store([*many(50), joined(1), *[joined(n, "g9") for n in range(20)]], now=now)
    loop(listening(ears, hears=(MemberJoined,))).run_dry()
    assert len(ears.heard) == 21
    assert set(Cursor.objects.values_list("position", flat=True)) == {horizon.newest()}


def test_nothing_new_costs_two_queries(now: datetime, django_assert_num_queries: object) -> None:
    going = loop(listening(Ears()), listening(Ears(), name="more"))
    store(many(50), now=now)
    going.run_dry()
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert not going.round()


@pytest.mark.parametrize("bad", [{0}, {250}, {499}, {0, 499}, {3, 4, 5, 300}])
@pytest.mark.parametrize("outside", [False, True])
def test_a_bad_entry_is_parked_and_the_rest_goes_on(bad: set[int], outside: bool, now: datetime) -> None:
    store([said(n) for n in range(500)], now=now)
    odd = {f"g1-{n}" for n in bad}
    ears = Ears(refuses=lambda event: event.source_id in odd)
    loop(listening(ears, whole_log=True, outside=outside)).run_dry()
    assert sorted(ears.heard) == sorted({f"g1-{n}" for n in range(500)} - odd)
    assert set(Parked.objects.values_list("entry__source_id", flat=True)) == odd
    assert ears.calls <= 1 + len(bad) * 2 * 10
    parked = Parked.objects.all()[0]
    assert "ValueError: this one is odd" in parked.error
    assert (parked.subscriber, parked.reason, parked.tries) == ("ears", "unexpected", 1)


def test_one_subscribers_trouble_is_not_anothers(now: datetime) -> None:
    deaf, ears = Ears(refuses=lambda event: True), Ears()
    store(many(30), now=now)
    loop(listening(deaf, name="deaf"), listening(ears)).run_dry()
    assert len(ears.heard) == 30
    assert Parked.objects.filter(subscriber="deaf").count() == 30


def test_what_a_failing_handler_wrote_is_undone(now: datetime) -> None:
    store([said(1), said(2)], now=now)

    def writes_then_fails(batch: Batch, /, *, now: datetime) -> None:
        for stored in batch:
            Circle.objects.create(name=stored.what.source_id)  # type: ignore[union-attr]
        if any(stored.what.source_id == "g1-2" for stored in batch):  # type: ignore[union-attr]
            raise IntegrityError("no")

    loop(Subscription("writer", (MessagePosted,), writes_then_fails)).run_dry()
    assert list(Circle.objects.values_list("name", flat=True)) == ["g1-1"]
    assert Parked.objects.get().reason == "refused"


def test_an_entry_this_version_cannot_read_is_parked(now: datetime) -> None:
    ears = Ears()
    store([said(1), said(2), said(3)], now=now)
    Entry.objects.filter(source_id="g1-2").update(payload='{"account": 5}')
    loop(listening(ears)).run_dry()
    assert ears.heard == ["g1-1", "g1-3"]
    assert Parked.objects.get().reason == "unreadable"


def test_a_locked_database_parks_nothing(now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    store(many(10, groups=1), now=now)
    ears = Ears(refuses=lambda event: True, error=OperationalError("database is locked"))
    going = loop(listening(ears))
    assert not going.round()
    assert not Parked.objects.exists()
    assert "database is locked" in caplog.text
    ears.refuses = lambda event: False
    going.run_dry()
    assert len(ears.heard) == 10


def test_a_database_that_fails_at_one_entry_only_does_not_hold_up_the_rest(now: datetime) -> None:
    store(many(10, groups=1), now=now)
    ears = Ears(refuses=lambda event: event.source_id == "g0-4", error=OperationalError("no such table"))
    going = loop(listening(ears))
    for _ in range(PATIENCE):
        going.round()
    assert not Parked.objects.exists()
    going.run_dry()
    assert Parked.objects.get().entry.source_id == "g0-4"
    assert len(ears.heard) == 9


def test_a_batch_noted_before_a_crash_is_cut_at_the_same_place(now: datetime) -> None:
    store([said(n) for n in range(10)], now=now)
    ears = Ears()
    seen: list[tuple[str, int, int]] = []

    def dies(batch: Batch, /, *, now: datetime) -> None:
        seen.append((batch.writer, batch.version, len(batch)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loop(Subscription("far", (MessagePosted,), dies, whole_log=True, outside=True)).run_dry()
    store([said(n) for n in range(10, 30)], now=now)
    loop(listening(ears, name="far", whole_log=True, outside=True)).run_dry()
    cuts = [(batch.writer, batch.version, len(batch)) for batch in ears.batches]
    assert cuts[0] == seen[0]
    assert [size for _, _, size in cuts] == [10, 20]
    assert len(ears.heard) == 30


def test_a_parked_entry_can_be_replayed(now: datetime, lin: Staff) -> None:
    store([said(n) for n in range(5)], now=now)
    ears = Ears(refuses=lambda event: event.source_id == "g1-2")
    going = loop(listening(ears))
    going.run_dry()
    parked = Parked.objects.get()
    assert ask_for_replay([parked.pk], by=lin, now=now) == 1
    going.run_dry()
    parked.refresh_from_db()
    assert (parked.tries, parked.settled_at, parked.replay_asked_at) == (2, None, None)

    ears.refuses = lambda event: False
    ask_for_replay([parked.pk], by=lin, now=now)
    going.run_dry()
    parked.refresh_from_db()
    assert parked.settled_at == NOW
    assert ears.batches[-1].replayed
    assert ears.batches[-1].writer == f"ears/parked/{parked.pk}"
    assert sorted(ears.heard) == [f"g1-{n}" for n in range(5)]
    assert ask_for_replay([parked.pk], by=lin, now=now) == 0
    going.run_dry()
    assert len(ears.heard) == 5


def test_the_log_forgets_what_everybody_has_passed(now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    week = timedelta(days=7)
    store([said(n) for n in range(6000)], now=now - week)
    store([said(n) for n in range(6000, 6010)], now=now)
    slow, quick = listening(Ears(), name="slow"), listening(Ears(refuses=lambda event: event.source_id == "g1-3"))
    loop(quick).run_dry()
    assert forget(now - timedelta(days=1), subscriptions=[slow, quick]) == 0, "one has not begun"
    loop(slow).round()
    assert forget(now - timedelta(days=1), subscriptions=[slow, quick]) < 600, "one has read a batch"
    loop(slow).run_dry()
    forget(now - timedelta(days=1), subscriptions=[slow, quick])
    left = list(Entry.objects.order_by("position").values_list("source_id", flat=True))
    assert left == ["g1-3", *[f"g1-{n}" for n in range(6000, 6010)]], "the parked one and the new ones stay"


def test_positions_are_never_used_twice(now: datetime) -> None:
    store([said(1)], now=now)
    before = horizon.newest()
    Entry.objects.all().delete()
    store([said(2)], now=now)
    assert horizon.newest() > before


@pytest.mark.parametrize(("positions", "ends"), [([4, 9], (4, 9)), ([1, 5, 7], (1, 7)), ([1, 2, 3, 4], (2, 4))])
def test_where_halves_end(positions: list[int], ends: tuple[int, int]) -> None:
    assert ends_of_halves(positions) == ends


def test_who_has_seconds_goes_between_the_batches_of_others(now: datetime) -> None:
    order: list[str] = []

    def slow(batch: Batch, /, *, now: datetime) -> None:
        order.append("slow")
        if order.count("slow") == 1:
            store([joined(1)], now=now)  # comes while it is at work

    def quick(batch: Batch, /, *, now: datetime) -> None:
        order.append("quick")

    store([said(1), said(2), said(3)], now=now)
    others = [Subscription(f"slow-{n}", (MessagePosted,), slow, whole_log=True) for n in range(3)]
    urgent = Subscription("quick", (MemberJoined,), quick, whole_log=True, urgent=True)
    loop(*others, urgent).round()
    assert order == ["slow", "quick", "slow", "slow"]
