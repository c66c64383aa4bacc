"""What a live account tells is kept once, whatever goes wrong on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError

from huoqun.carriers import operations as carriers
from huoqun.carriers.base import CutOff, Received, Unreachable, Unreadable
from huoqun.carriers.models import BadRecord, Connection
from huoqun.carriers.registry import Fault, Kind, Pretend, Settlement, World
from huoqun.carriers.rules import EVERY, LASTING, LONGEST_WAIT, TURN
from huoqun.carriers.troubles import NOBODY, NOT_KEPT, UNEXPECTED, UNREACHABLE
from huoqun.inbox.models import Entry
from huoqun.inbox.operations import store
from huoqun.vocabulary.events import MessagePosted, Person
from huoqun.vocabulary.ids import Account
from huoqun.wiring import hearing
from huoqun.wiring.hearing import Ears, ForeignEvent
from huoqun.wiring.worker import Worker

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = Account("balcony", "pretend", "play")
PATIENCE = 60


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time

    def go(self, by: timedelta) -> None:
        self.time += by


class Play:
    """A world, an account in it, and ears."""

    def __init__(self, path: Path) -> None:
        self.clock = Clock()
        self.world = World(path)
        self.world.settle(Settlement(rooms=3, people=4, pulse=0), at=self.at)
        self.carrier = Pretend(self.world, ACCOUNT, now=self.clock)
        self.ears = self.new_ears()
        carriers.connect(ACCOUNT, now=NOW)
        self.said = 0

    @property
    def at(self) -> int:
        return round(self.clock.time.timestamp() * 1000)

    def new_ears(self) -> Ears:
        """Those of another process."""
        return Ears(lambda account: self.carrier, clock=self.clock, dice=lambda: 1.0)

    def happen(self, times: int) -> None:
        for _ in range(times):
            self.said += 1
            self.world.say(f"r{self.said % 3 + 1}", "p1", f"第 {self.said} 句", at=self.at)

    def listen(self, *, wait: timedelta = EVERY) -> None:
        self.clock.go(wait)
        while self.ears.round():
            pass

    def kept(self) -> list[str]:
        return sorted(
            Entry.objects.filter(name="MessagePosted").values_list("source_id", flat=True), key=lambda id_: int(id_[2:])
        )

    def all(self) -> list[str]:
        return [f"m:{number}" for number in range(1, self.said + 1)]


@pytest.fixture
def play(db: None, tmp_path: Path) -> Iterator[Play]:
    made = Play(tmp_path / "world.sqlite3")
    yield made
    made.world.close()


def connection() -> Connection:
    return Connection.objects.get()


def test_everything_is_heard_once_page_by_page(play: Play) -> None:
    play.happen(1200)
    play.listen()
    assert play.kept() == play.all()
    assert (connection().cursor, connection().heard_at, connection().trouble) == ("1200", play.clock.time, "")
    assert not play.ears.round()
    play.happen(1)
    assert not play.ears.round()
    play.listen()
    assert play.kept() == play.all()


@pytest.mark.parametrize("place", ["keep_strange", "heard"])
def test_a_crash_between_store_and_cursor_loses_and_doubles_nothing(
    play: Play, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    play.happen(700)

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(hearing.carriers, place, dies)
        with pytest.raises(KeyboardInterrupt):
            play.ears.round()
    assert (play.kept(), connection().cursor) == ([], "")
    play.ears = play.new_ears()
    assert not play.ears.round()  # the dead worker's turn is not over
    play.listen(wait=TURN)
    assert play.kept() == play.all()


def test_stored_without_its_cursor_it_is_heard_again_and_kept_once(play: Play) -> None:
    play.happen(5)
    store([each for each in play.carrier.receive("").records if isinstance(each, MessagePosted)], now=NOW)
    play.listen()
    assert play.kept() == play.all()
    assert connection().cursor == "5"


@pytest.mark.parametrize("kind", [Kind.TWICE, Kind.MIXED_UP])
def test_told_twice_or_out_of_order_it_is_kept_once(play: Play, kind: Kind) -> None:
    play.happen(1200)
    play.world.plan(Fault(kind=kind, method="news", times=10))
    play.listen()
    assert play.kept() == play.all()


def test_what_cannot_be_read_is_kept_beside_and_once(play: Play) -> None:
    play.happen(3)
    play.world.plan(Fault(kind=Kind.STRANGE_NEWS, method="news", times=3))
    play.listen()
    Connection.objects.update(cursor="")
    play.listen()
    assert play.kept() == play.all()
    bad = BadRecord.objects.get()
    assert (bad.connection, bad.field, connection().bad) == (connection(), "what", 1)
    assert "sang" in bad.raw


def test_an_outage_is_said_waited_out_and_made_good(play: Play) -> None:
    play.happen(3)
    play.world.plan(Fault(kind=Kind.OUTAGE, method="news", times=LASTING))
    waits = []
    for failures in range(1, LASTING + 1):
        assert play.ears.round()
        assert (connection().trouble, connection().failures) == (UNREACHABLE, failures)
        waits.append(connection().next_at - play.clock.time)
        assert not play.ears.round()
        play.clock.go(waits[-1])
    assert waits == sorted(set(waits))
    assert play.kept() == []
    play.listen()
    assert play.kept() == play.all()
    assert (connection().trouble, connection().failures, connection().heard_at) == ("", 0, play.clock.time)


class Says:
    """Answers as told, in order."""

    def __init__(self, *answers: Received | Exception) -> None:
        self.answers = list(answers)

    def receive(self, since: str) -> Received:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def said(number: str, account: Account = ACCOUNT, text: str = "早") -> MessagePosted:
    tao = Person(id="tao", name="小陶")
    return MessagePosted(account=account, source_id=number, at=NOW, group_id="g1", message_id=number, author=tao, text=text)


def ears(*answers: Received | Exception) -> Ears:
    carriers.connect(ACCOUNT, now=NOW)
    mouth = Says(*answers)
    return Ears(lambda account: mouth, clock=lambda: NOW, dice=lambda: 1.0)


@pytest.mark.django_db
def test_one_event_that_cannot_be_kept_does_not_hold_up_the_rest() -> None:
    records = (said("1"), said("2", text="half \ud800"), said("x" * 501), said("3"))
    ears(Received(records=records, cursor="4", more=False)).round()
    assert set(Entry.objects.values_list("source_id", flat=True)) == {"1", "3"}
    assert set(BadRecord.objects.values_list("problem", flat=True)) == {NOT_KEPT}
    assert (BadRecord.objects.count(), connection().cursor, connection().bad) == (2, "4", 2)


@pytest.mark.django_db
def test_what_belongs_to_another_community_is_not_kept() -> None:
    foreign = Received(records=(said("1"), said("2", Account("elsewhere", "pretend", "play"))), cursor="2", more=False)
    with pytest.raises(ForeignEvent, match="elsewhere"):
        ears(foreign).round()
    assert not Entry.objects.exists()
    assert (connection().cursor, connection().trouble) == ("", UNEXPECTED)


@pytest.mark.django_db
@pytest.mark.parametrize("problem", [Unreachable(), CutOff()])
def test_a_carrier_that_breaks_off_is_asked_again(problem: Exception) -> None:
    ears(problem).round()
    assert (connection().trouble, connection().next_at) == (UNREACHABLE, NOW + EVERY)


@pytest.mark.django_db
def test_a_mistake_in_a_carrier_is_shown_and_raised_for_the_log() -> None:
    with pytest.raises(ZeroDivisionError):
        ears(ZeroDivisionError()).round()
    assert connection().trouble == UNEXPECTED


@pytest.mark.django_db
def test_a_database_that_fails_is_no_trouble_of_the_carrier(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> int:
        raise OperationalError("database is locked")

    monkeypatch.setattr(hearing, "store", locked)
    with pytest.raises(OperationalError):
        ears(Received(records=(said("1"),), cursor="1", more=False)).round()
    assert (connection().trouble, connection().cursor) == ("", "")


@pytest.mark.django_db
def test_a_carrier_nobody_knows_is_said_and_the_others_are_heard(tmp_path: Path) -> None:
    carriers.connect(Account("balcony", "pigeon", "7"), now=NOW - EVERY)
    play = Play(tmp_path / "world.sqlite3")
    play.happen(2)
    play.ears = Ears(clock=play.clock)
    play.ears._open[ACCOUNT] = play.carrier
    play.listen()
    assert Connection.objects.get(carrier="pigeon").trouble == NOBODY
    assert play.kept() == play.all()
    play.world.close()


@pytest.mark.django_db
def test_unreadable_records_alone_move_the_cursor() -> None:
    odd = Unreadable(file="pretend", line=1, field="what", problem=NOT_KEPT, raw="{}")
    ears(Received(records=(odd,), cursor="1", more=True)).round()
    assert (connection().cursor, connection().next_at) == ("1", NOW)


def test_clocks_that_leap_make_nobody_deaf(play: Play) -> None:
    for leap in (timedelta(days=-400), timedelta(days=400), timedelta(hours=-1)):
        play.happen(2)
        play.listen(wait=leap)
        assert play.kept() == play.all()
    assert connection().next_at <= play.clock.time + LONGEST_WAIT


@pytest.mark.django_db(transaction=True)
def test_the_worker_listens_beside_everything_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    heard, stop, real = threading.Event(), threading.Event(), carriers.heard

    def noted(*given: object, **more: object) -> None:
        real(*given, **more)  # type: ignore[arg-type]
        heard.set()

    monkeypatch.setattr(hearing.carriers, "heard", noted)
    carriers.connect(ACCOUNT, now=datetime.now(UTC))
    thread = threading.Thread(target=Worker([], {}, ()).run, args=(stop,))
    thread.start()
    try:
        assert heard.wait(PATIENCE)
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()
    assert connection().trouble == ""


def test_two_workers_ask_one_account_one_after_the_other(play: Play) -> None:
    play.happen(700)
    other = play.new_ears()
    rounds: list[Callable[[], bool]] = [play.ears.round, other.round]
    assert [step() for step in rounds * 2] == [True, True, False, False]
    assert play.kept() == play.all()
