"""Whose turn it is, and what is written down of what a live account told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from huoqun.carriers import operations
from huoqun.carriers.base import Unreadable
from huoqun.carriers.models import BadRecord, Connection
from huoqun.carriers.operations import connections
from huoqun.carriers.rules import EVERY, LONGEST_WAIT, TURN, wait_after
from huoqun.vocabulary.ids import Account

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = Account("balcony", "pretend", "play")


def strange(number: int | None, raw: str = "{}") -> Unreadable:
    return Unreadable(file="pretend", line=number, field="what", problem="Not known.", raw=raw)


@pytest.mark.parametrize(
    ("failures", "luck", "seconds"), [(0, 0.0, 2.5), (1, 0.0, 5), (1, 1.0, 10), (3, 1.0, 40), (6, 1.0, 300), (4000, 1.0, 300)]
)
def test_the_wait_grows_to_five_minutes(failures: int, luck: float, seconds: float) -> None:
    assert wait_after(failures, lambda: luck) == timedelta(seconds=seconds)


@pytest.mark.django_db
def test_connecting_again_changes_nothing() -> None:
    one = operations.connect(ACCOUNT, now=NOW)
    operations.heard(one, "17", wait=EVERY, now=NOW)
    assert operations.connect(ACCOUNT, now=NOW + timedelta(days=1)) == one
    assert (Connection.objects.get().cursor, Connection.objects.get().made_at) == ("17", NOW)
    with pytest.raises(ValueError, match="person's hand"):
        operations.connect(Account("balcony", "pretend", "hand"), now=NOW)


@pytest.mark.django_db
def test_one_at_a_time_the_longest_waiting_first() -> None:
    late = operations.connect(Account("balcony", "pretend", "b"), now=NOW - EVERY)
    other = operations.connect(Account("balcony", "pretend", "a"), now=NOW)
    turns = [operations.take_turn(now=NOW, until=NOW + TURN) for _ in range(3)]
    assert turns == [late, other, None]
    assert operations.take_turn(now=NOW + TURN, until=NOW + 2 * TURN) == late


@pytest.mark.django_db
def test_a_clock_that_was_set_back_keeps_nobody_waiting() -> None:
    one = operations.connect(ACCOUNT, now=NOW)
    earlier = NOW - timedelta(days=400)
    assert operations.take_turn(now=NOW - LONGEST_WAIT, until=NOW) is None
    assert operations.take_turn(now=earlier, until=earlier + TURN) == one
    assert operations.take_turn(now=earlier, until=earlier + TURN) is None


@pytest.mark.django_db
def test_who_comes_late_does_not_put_the_cursor_back() -> None:
    operations.connect(ACCOUNT, now=NOW)
    slow, quick = Connection.objects.get(), Connection.objects.get()
    operations.heard(quick, "20", wait=EVERY, now=NOW)
    operations.heard(slow, "10", wait=EVERY, now=NOW)
    assert Connection.objects.get().cursor == "20"


@pytest.mark.django_db
def test_strange_records_are_kept_once_and_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "KEPT_STRANGE_RECORDS", 3)
    one = operations.connect(ACCOUNT, now=NOW)
    operations.keep_strange(one, [strange(1), strange(2), strange(2), strange(None, "nul\0l")])
    operations.keep_strange(one, [strange(2), strange(None, "nul\0l"), strange(2, "[]")])
    assert list(BadRecord.objects.values_list("line", "raw")) == [(1, "{}"), (2, "{}"), (None, "nul\ufffdl")]
    assert Connection.objects.get().bad == 4


@pytest.mark.django_db
def test_strange_records_that_name_an_erased_person_go() -> None:
    for community in ("balcony", "elsewhere"):
        account = Account(community, "pretend", "play")
        operations.keep_strange(operations.connect(account, now=NOW), [strange(1, '{"who": "tao-17"}'), strange(2)])
    operations.forget_mentions("balcony", ["tao-17"])
    left = BadRecord.objects.values_list("connection__community", "line").order_by("id")
    assert list(left) == [("balcony", 2), ("elsewhere", 1), ("elsewhere", 2)]


@pytest.mark.django_db
def test_a_bad_record_is_somebodys() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BadRecord.objects.create(file="f", problem="p", raw="r")


@pytest.mark.django_db
def test_a_waiting_account_is_asked_at_once_when_it_is_woken() -> None:
    one = operations.connect(ACCOUNT, now=NOW)
    operations.heard(one, "1", wait=timedelta(minutes=5), now=NOW)
    assert operations.take_turn(now=NOW, until=NOW + TURN) is None
    operations.wake(ACCOUNT, now=NOW)
    assert operations.take_turn(now=NOW, until=NOW + TURN) == one


@pytest.mark.django_db
def test_woken_while_somebody_asks_it_is_asked_again_right_after_and_not_twice_at_once() -> None:
    operations.connect(ACCOUNT, now=NOW)
    asking = operations.take_turn(now=NOW, until=NOW + TURN)
    assert asking is not None
    operations.wake(ACCOUNT, now=NOW)
    assert operations.take_turn(now=NOW, until=NOW + TURN) is None
    operations.heard(asking, "1", wait=EVERY, now=NOW)
    again = operations.take_turn(now=NOW, until=NOW + TURN)
    assert again is not None
    operations.heard(again, "2", wait=EVERY, now=NOW)
    assert operations.take_turn(now=NOW, until=NOW + TURN) is None


@pytest.mark.django_db
def test_whoever_died_while_asking_does_not_keep_a_woken_account_asleep() -> None:
    one = operations.connect(ACCOUNT, now=NOW)
    operations.take_turn(now=NOW, until=NOW + TURN)
    operations.wake(ACCOUNT, now=NOW + TURN)
    assert operations.take_turn(now=NOW + TURN, until=NOW + 2 * TURN) == one
