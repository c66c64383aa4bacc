"""The first start makes an installation one can sign in to; later ones only look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

import sample_world
from huoqun.carriers.models import Connection, Import
from huoqun.carriers.registry import pretended
from huoqun.community.models import Community, Group, Person, Seat
from huoqun.console.models import Role, Staff
from huoqun.content.queries.ways import ways_in
from huoqun.health import long_work
from huoqun.history.store import open_store
from huoqun.inbox.codec import read
from huoqun.inbox.models import Entry
from huoqun.jobs.models import Job, State
from huoqun.outbox.models import Request
from huoqun.outbox.operations import ask
from huoqun.ownership.models import Contact
from huoqun.vocabulary.actions import Body, PostToGroup
from huoqun.wiring import first_start
from huoqun.wiring.hearing import Ears

GROUPS = 9
PLAYED = 12
"""Groups of the community to play in."""


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation with a history and a day-book of its own."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setattr(settings, "HISTORY", tmp_path / "history")
    monkeypatch.setattr(long_work, "FOLDER", tmp_path / "health")
    open_store.cache_clear()
    yield
    open_store.cache_clear()


@pytest.fixture
def small_world(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The samples in small; the list holds when each was made."""
    made, make = [], sample_world.make

    def few(folder: Path, *, seed: int, until: datetime, **wanted: int) -> Any:
        made.append(until)
        return make(folder, seed=seed, until=until, **({"groups": GROUPS, "days": 120} | wanted))

    monkeypatch.setattr(first_start.sample_world, "make", few)
    return made


@pytest.mark.django_db(transaction=True)
def test_the_first_start_brings_an_account_and_audited_samples(fresh: None, small_world: list[datetime]) -> None:
    first_start.prepare(sample=True)
    admin = Staff.objects.get(role=Role.ADMIN)
    assert (admin.username, admin.has_usable_password()) == ("admin", False)
    assert Community.objects.count() == 3 + 1
    assert Group.objects.count() == GROUPS + PLAYED
    assert set(Import.objects.values_list("state", "bad")) == {("done", 0)}
    for community in Community.objects.all():
        rows, _, last = open_store().extent(community.slug)
        assert rows > 100
        assert last < small_world[0]
    assert Person.objects.exclude(house="").exists()
    operators = Staff.objects.filter(role=Role.OPERATOR)
    assert operators
    assert not any(one.has_usable_password() for one in operators)
    assert Seat.objects.filter(staff__in=operators).exists()
    assert not Group.objects.filter(operator=None).exists()
    assert not Group.objects.filter(state="").exists()
    assert not Job.objects.exclude(state=State.DONE).exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_sent_in_the_community_to_play_in_arrives_and_is_answered(
    fresh: None, small_world: list[datetime], client: Client
) -> None:
    first_start.prepare(sample=True)
    home, admin = Community.objects.get(name="试玩社群"), Staff.objects.get(role=Role.ADMIN)
    client.force_login(admin)
    assert "试玩社群" in client.get("/communities/").content.decode()
    assert Contact.objects.get(community=home).staff == admin
    assert Seat.objects.filter(community=home, staff__role=Role.OPERATOR).exists()
    ways = ways_in(home)
    assert set(ways) == set(Group.objects.filter(community=home).values_list("key", flat=True))
    assert set(ways.values()) == {Connection.objects.get().account}

    for group in Group.objects.filter(community=home):
        action = PostToGroup(account=ways[group.key], group_id=group.native_id, body=Body(text="周六一起浇水吗？"))
        ask(action, key=group.native_id, room="content", about="", now=datetime.now(UTC))
    first_start.Worker().run_dry()
    assert set(Request.objects.values_list("state", flat=True)) == {"sent"}
    later = datetime.now(UTC) + timedelta(minutes=3)
    ears = Ears(lambda account: pretended(account, now=lambda: later), clock=lambda: later)
    assert ears.round()
    heard = [read(*row) for row in Entry.objects.filter(name="MessagePosted").values_list("name", "payload")]
    posted = {each.message_id for each in heard if each.text == "周六一起浇水吗？" and each.house}
    assert len(posted) == PLAYED
    assert any(each.reply_to in posted for each in heard if not each.house)


@pytest.mark.django_db(transaction=True)
def test_a_later_start_changes_nothing(fresh: None, small_world: list[datetime]) -> None:
    first_start.prepare(sample=False)
    first_start.prepare(sample=True)
    assert Staff.objects.count() == 1
    assert not Community.objects.exists()
    assert small_world == []


@pytest.mark.django_db
def test_the_link_is_offered_until_the_password_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUOQUN_PUBLIC_URL", raising=False)
    assert first_start.sign_in_link("http://127.0.0.1:8123") == ""
    first_start.prepare(sample=False)
    link = first_start.sign_in_link("http://127.0.0.1:8123")
    assert link.startswith("http://127.0.0.1:8123/")
    assert first_start.sign_in_link("http://127.0.0.1:8123") != link
    monkeypatch.setenv("HUOQUN_PUBLIC_URL", "https://groups.example")
    assert not first_start.sign_in_link("http://127.0.0.1:8123").startswith("http://127.0.0.1:8123/")
    admin = Staff.objects.get()
    admin.set_password("tomatoes-on-the-balcony")
    admin.save()
    assert first_start.sign_in_link("http://127.0.0.1:8123") == ""
