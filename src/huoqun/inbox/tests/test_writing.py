from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import transaction

from huoqun.inbox import codec
from huoqun.inbox.errors import NotStorable
from huoqun.inbox.models import Entry
from huoqun.inbox.operations import announce, store
from huoqun.inbox.rules import shard_of
from huoqun.inbox.tests.cast import BALCONY, many, said
from huoqun.vocabulary.facts import GroupTurned, HouseChanged
from huoqun.vocabulary.ids import Account, PersonKey, group_key

pytestmark = pytest.mark.django_db


def test_a_second_delivery_changes_nothing(now: datetime) -> None:
    assert store(many(1200), now=now) == 1200
    before = list(Entry.objects.order_by("position").values_list("position", "source_id"))
    assert store(many(1300), now=now) == 100
    assert list(Entry.objects.order_by("position").values_list("position", "source_id"))[:1200] == before
    assert store(many(1300), now=now) == 0


def test_the_same_happening_through_two_connections_is_two_entries(now: datetime) -> None:
    store([said(1), said(1, account=Account("elsewhere", "qq", "bot-1"))], now=now)
    assert set(Entry.objects.values_list("community", flat=True)) == {"balcony", "elsewhere"}


def test_what_is_read_is_what_was_stored(now: datetime) -> None:
    odd = replace(said(1), text="零\0宽\u200b 🀄 \"引号\" 'quote' %s ; --", mentions=("tao", "ren"))
    store([odd], now=now)
    entry = Entry.objects.get()
    assert codec.read(entry.name, entry.payload) == odd
    assert (entry.at, entry.stored_at) == (odd.at, now)


def test_order_within_the_batch_is_the_order_of_positions(now: datetime) -> None:
    events = many(1100)
    store(events, now=now)
    assert list(Entry.objects.order_by("position").values_list("source_id", flat=True)) == [e.source_id for e in events]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (replace(said(7), text="半个\ud83d"), "no Unicode"),
        (replace(said(7), at=datetime(2026, 3, 2)), "no zone"),
        (replace(said(7), source_id=""), "source_id is empty"),
        (replace(said(7), source_id="a\0b"), "null character"),
        (replace(said(7), source_id="长" * 501), "over 500"),
    ],
)
def test_what_cannot_be_kept_is_named_and_nothing_of_the_batch_is_stored(broken: object, words: str, now: datetime) -> None:
    with pytest.raises(NotStorable, match=words):
        store([said(1), broken], now=now)  # type: ignore[list-item]
    assert not Entry.objects.exists()


def test_nothing_to_store_is_fine(now: datetime) -> None:
    assert store([], now=now) == 0


def test_a_fact_is_said_with_its_transaction_or_not_at_all(now: datetime) -> None:
    fact = HouseChanged(community="balcony", at=now, people=(PersonKey(5),))
    with transaction.atomic():
        announce([fact], now=now)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
    announce([fact, fact], now=now)
    assert list(Entry.objects.values_list("account", "community").distinct()) == [("house/balcony", "balcony")]
    assert Entry.objects.count() == 2
    assert codec.read(Entry.objects.all()[0].name, Entry.objects.all()[0].payload) == fact


def test_facts_about_a_group_share_its_shard(now: datetime) -> None:
    event = said(1, "some group")
    fact = GroupTurned(
        community="balcony",
        at=now,
        group=group_key(BALCONY, "some group"),
        state="dormant",
        before="steady",
        since=None,
        as_of=date(2026, 3, 1),
    )
    assert shard_of(event) == shard_of(fact)
    assert len({shard_of(said(1, f"g{n}")) for n in range(300)}) == 16
