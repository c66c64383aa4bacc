"""Stories of the conversation archive, from what somebody says over there to the history that is counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.test import Client
from django.urls import reverse

from huoqun.carriers.models import Connection
from huoqun.carriers.operations import connect
from huoqun.carriers.registry import hearing_for
from huoqun.carriers.wecom.archive import operations, queries, rules
from huoqun.carriers.wecom.archive.keys import new_pair
from huoqun.carriers.wecom.archive.pull import Pull
from huoqun.carriers.wecom.models import ArchiveHeld, Corp
from huoqun.carriers.wecom.pages.archive import progress_of
from huoqun.carriers.wecom.tests.sandbox import Sandbox, running_sandbox
from huoqun.community.models import Community, Group
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.history.store import Store, open_store
from huoqun.vocabulary.ids import group_key
from huoqun.wiring.hearing import Ears
from huoqun.wiring.worker import Worker
from wecom_sandbox.archive.build import NoCompiler, built_library

pytestmark = pytest.mark.django_db(transaction=True)

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NINE

    def __call__(self) -> datetime:
        return self.now


class Play:
    """A company with an archive, and Lin's community, which reads it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.clock = sandbox, Clock()
        self.community: Community = communities.found("栀野", slug="garden", zone="Asia/Shanghai", now=NINE)
        self.corp: Corp = sandbox.corp("garden")
        self.corp.save()
        key = operations.make_key(self.corp, by=None, now=NINE)
        sandbox.control("archive/key", {"public_key": key.public})
        sandbox.control("archive/licences", {"userids": "all", "edition": 3})
        connect(self.corp.archive_account, now=NINE)
        self.group, self.customer, self.colleague = self._members()
        self.ears = self.new_ears()

    def _members(self) -> tuple[str, str, str]:
        company = self.sandbox.company
        assert company is not None
        with company.lock:
            for _number, group in company.groups.walk():
                members = list(company.groups.members(group))
                customers = [each.id for each in members if each.type == 2]
                if customers:
                    return group.chat_id, customers[0], next(each.id for each in members if each.type == 1)
        raise AssertionError("no group with a customer")

    def new_ears(self) -> Ears:
        """Those of another process."""
        account = self.corp.archive_account
        pull = Pull(account, now=self.clock)
        return Ears(lambda asked: pull if asked == account else hearing_for(asked), clock=self.clock, dice=lambda: 1.0)

    def at(self, moment: datetime) -> None:
        self.clock.now = moment
        self.sandbox.control("clock", {"now": int(moment.timestamp())})

    def fill(self, count: int) -> None:
        told = {"from": self.customer, "to": [self.colleague], "roomid": self.group}
        self.sandbox.control("archive/fill", {"count": count, **told})

    def speak(self, words: str) -> str:
        return str(self.sandbox.people("speak", by=self.customer, chat_id=self.group, text=words)["msgid"])

    def listen(self) -> int:
        """Until nothing is new; how many pages it took."""
        pages = 0
        while self.ears.round():
            pages += 1
        return pages

    def lag(self) -> rules.Lag:
        return rules.lag(progress_of(queries.archive_of(self.corp)), now=self.clock())

    def minutes_behind(self) -> int:
        """The sandbox's clock ticks between two questions: seconds would not hold."""
        return round(self.lag().behind / timedelta(minutes=1))

    def history(self) -> list[tuple[Any, ...]]:
        """What history has of the archive once every subscriber is done: kind, text, author, message."""
        Worker(clock=self.clock).run_dry()
        with duckdb.connect() as con:
            open_store().relation(con, community="garden").create_view("told")
            account = self.corp.archive_account.name
            asked = "SELECT kind, text, author_key, message_id FROM told WHERE account = ? ORDER BY sent_at, source_id"
            return con.execute(asked, [account]).fetchall()


@pytest.fixture(params=["compiled", "twin"])
def play(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    from_here = _library(request.param)
    with running_sandbox(seed=7, now=int(NINE.timestamp())) as sandbox:
        monkeypatch.setenv("WEWORK_SANDBOX", sandbox.base_url)
        settings.WECOM_ARCHIVE_LIBRARY = from_here
        settings.UPLOADS, settings.HISTORY = tmp_path / "uploads", tmp_path / "history"
        open_store.cache_clear()
        yield Play(sandbox)
    open_store.cache_clear()


def _library(which: str) -> str:
    if which == "twin":
        return "wecom_sandbox.archive.twin:Twin"
    try:
        return str(built_library())
    except NoCompiler as none:
        pytest.skip(str(none))


@pytest.fixture
def lin(client: Client) -> Client:
    client.force_login(Staff.objects.create(username="lin", role=Role.ADMIN, language="en"))
    return client


def page(lin: Client, play: Play) -> str:
    return " ".join(lin.get(reverse("wecom:archive", args=[play.corp.pk])).content.decode().split())


def test_the_archive_falls_behind_and_catches_up(play: Play) -> None:
    play.fill(1500)
    play.at(NINE + timedelta(hours=1))
    play.fill(1000)
    # The worker was down; it comes back half an hour later, with two and a half pages before it.
    play.at(NINE + timedelta(hours=1, minutes=30))
    assert play.ears.round()
    assert (play.lag().caught_up, play.minutes_behind()) == (False, 90)
    # In the middle of it the worker is killed: another one goes on.
    play.ears = play.new_ears()
    play.clock.now += timedelta(seconds=1)
    assert play.ears.round()
    # It has read an hour of talk in a second: what is left takes less.
    assert play.minutes_behind() == 30
    ready_in = play.lag().ready_in
    assert ready_in is not None
    assert ready_in < timedelta(seconds=2)
    assert play.listen() == 1
    assert play.lag().caught_up
    assert play.speak("八点见")
    play.clock.now += timedelta(seconds=10)
    play.listen()
    told = play.history()
    assert len(told) == 2501
    assert len({message for *_rest, message in told}) == 2501
    assert told[-1][:2] == ("message", "八点见")
    assert Group.objects.filter(key=group_key(play.corp.account, play.group)).exists()


def test_a_key_nobody_gave_us_holds_up_nothing_and_loses_nothing(play: Play, lin: Client) -> None:
    play.speak("早")
    theirs = new_pair()
    # Somebody puts another public key into WeCom's console, and tells nobody here.
    play.sandbox.control("archive/key", {"public_key": theirs.public})
    first = play.speak("今晚几点?")
    play.speak("带书吗?")
    play.listen()
    assert [words for _kind, words, *_rest in play.history()] == ["早"]
    assert "2 records wait for the key of version 2." in page(lin, play)
    # Six days later WeCom itself no longer has them. The key is found, in the wrong place first.
    play.at(NINE + timedelta(days=6))
    supply = reverse("wecom:archive_supply_key", args=[play.corp.pk])
    lin.post(supply, {"private": theirs.private, "version": "2"})
    play.listen()
    assert [words for _kind, words, *_rest in play.history()] == ["早", "今晚几点?", "带书吗?"]
    assert first in [message for *_rest, message in play.history()]
    assert not ArchiveHeld.objects.exists()
    assert "records wait" not in page(lin, play)


def test_what_is_taken_back_is_known_to_be(play: Play) -> None:
    said = play.speak("打错了")
    play.clock.now += timedelta(seconds=2)
    play.sandbox.people("recall", msgid=said)
    play.listen()
    assert {(kind, message) for kind, _text, _author, message in play.history()} == {("message", said), ("recall", said)}


def test_an_outage_is_said_and_made_good(play: Play, lin: Client) -> None:
    play.speak("早")
    play.sandbox.control("archive/trouble", {"code": 10009, "times": 1})
    play.listen()
    assert "trusted addresses" in Connection.objects.get().trouble
    assert "trusted addresses" in page(lin, play)
    play.clock.now += timedelta(minutes=5)
    play.listen()
    assert Connection.objects.get().trouble == ""
    assert [words for _kind, words, *_rest in play.history()] == ["早"]


def test_yu_from_elsewhere_hears_nothing(play: Play) -> None:
    communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=NINE)
    play.speak("早")
    play.listen()
    play.history()
    with duckdb.connect() as con:
        assert not Store(open_store().path).relation(con, community="elsewhere").fetchall()
