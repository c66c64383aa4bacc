"""Who is told that a live account is not heard, and what the settings show of live accounts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from huoqun.carriers import operations
from huoqun.carriers.base import Unreadable
from huoqun.carriers.models import Connection
from huoqun.carriers.rules import LASTING
from huoqun.carriers.troubles import NOT_KEPT, UNREACHABLE
from huoqun.community.models import Community
from huoqun.community.operations import communities
from huoqun.console.models import Role
from huoqun.console.operations import add_staff
from huoqun.vocabulary.ids import Account

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DEAF = "balcony: nothing has been heard through pretended carrier · play since 2026-03-02 17:00 Asia/Shanghai."


@pytest.fixture
def garden(db: None) -> Community:
    return communities.found("balcony", slug="garden", zone="Asia/Shanghai", now=NOW)


@pytest.fixture
def account(garden: Community) -> Connection:
    return operations.connect(Account("garden", "pretend", "play"), now=NOW)


def signed_in(name: str, role: Role, home: Community | None = None) -> Client:
    staff = add_staff(name, role=role, language="en")
    if home:
        communities.seat(staff, home)
    client = Client()
    client.force_login(staff)
    return client


def words(client: Client, address: str = "/imports/") -> str:
    return client.get(address).content.decode()


def fail(account: Connection, times: int) -> None:
    for _ in range(times):
        operations.not_heard(account, UNREACHABLE, wait=timedelta(0), now=NOW)


def test_a_lasting_trouble_stands_above_every_page_until_it_is_over(account: Connection, garden: Community) -> None:
    mo = signed_in("mo", Role.LEAD, garden)
    fail(account, LASTING - 1)
    assert "nothing has been heard" not in words(mo)
    fail(account, 1)
    assert DEAF in words(mo)
    assert UNREACHABLE in words(mo)
    operations.heard(account, "1", wait=timedelta(0), now=NOW)
    assert "nothing has been heard" not in words(mo)


def test_only_those_who_can_do_something_about_it_are_told(account: Connection, garden: Community) -> None:
    elsewhere = communities.found("elsewhere", slug="elsewhere", zone="Asia/Shanghai", now=NOW)
    fail(account, LASTING)
    assert DEAF in words(signed_in("lin", Role.ADMIN))
    assert "nothing has been heard" not in words(signed_in("tao", Role.OPERATOR, garden))
    assert "nothing has been heard" not in words(signed_in("yu", Role.LEAD, elsewhere))


def test_settings_show_how_each_account_goes(account: Connection, garden: Community) -> None:
    mo, address = signed_in("mo", Role.LEAD, garden), "/communities/garden/"
    assert "A worker is about to hear it." in words(mo, address)
    odd = Unreadable(file="pretend", line=1, field="what", problem=NOT_KEPT, raw="<b>sang</b>")
    operations.keep_strange(account, [odd])
    operations.heard(account, "1", wait=timedelta(0), now=NOW)
    shown = words(mo, address)
    assert "It is heard." in shown
    assert "1 record could not be read" in shown
    assert NOT_KEPT in shown
    assert "&lt;b&gt;sang&lt;/b&gt;" in shown
    fail(account, 1)
    assert UNREACHABLE in words(mo, address)


def test_without_one_the_settings_say_what_that_means(garden: Community) -> None:
    assert "None yet: what is known of the groups comes from files" in words(
        signed_in("mo", Role.LEAD, garden), "/communities/garden/"
    )
