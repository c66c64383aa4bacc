from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huoqun.carriers.models import Connection
from huoqun.carriers.wecom.callbacks.crypto import Keys
from huoqun.carriers.wecom.models import Corp, Door, Ticket, Token
from huoqun.carriers.wecom.operations import companies
from huoqun.carriers.wecom.operations.companies import Described

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def connected(**more: str) -> Corp:
    return companies.connect("garden", "ww1", Described(app_secret="first", **more), now=NOW)


def test_a_company_is_connected_once_and_told_anew() -> None:
    first = connected(name="栀野")
    again = companies.connect("garden", "ww1", Described(agentid=1000002), now=NOW)
    assert again.pk == first.pk
    assert (again.name, again.agentid, again.app_secret) == ("栀野", 1000002, "first")
    assert again.callback_key == first.callback_key, "connecting again does not shut the callbacks out"


def test_token_and_key_are_as_the_admin_console_takes_them() -> None:
    for _ in range(20):
        key, token = companies.new_key(), companies.new_token()
        assert key.isalnum()
        assert token.isalnum()
        assert Keys(token, key, "ww1").key == key


def test_another_secret_throws_away_what_was_fetched_with_the_old_one() -> None:
    corp = connected()
    Token.objects.create(corp=corp, door=Door.APP, value="t", expires_at=NOW)
    Ticket.objects.create(corp=corp, kind=Ticket.Kind.APP, value="t", expires_at=NOW)
    companies.describe(corp, Described(name="改个名字"))
    assert Token.objects.count() == 1, "a new name opens no other door"
    companies.describe(corp, Described(app_secret="second"))
    assert not Token.objects.exists()
    assert not Ticket.objects.exists()


def test_new_keys_have_to_be_checked_by_the_platform_again() -> None:
    corp = connected()
    companies.echoed(corp, now=NOW)
    companies.describe(corp, Described(name="栀野"))
    corp.refresh_from_db()
    assert corp.echoed_at == NOW
    before = corp.callback_key
    renewed = companies.renew_callback(corp)
    assert renewed.callback_key != before
    assert renewed.echoed_at is None


def test_the_archive_is_listened_to_where_there_is_a_secret_for_it() -> None:
    corp = connected()
    assert [one.name for one in companies.listen(corp, now=NOW)] == ["ww1"]
    corp = companies.describe(corp, Described(archive_secret="a"))
    assert [one.name for one in companies.listen(corp, now=NOW)] == ["ww1", "ww1/archive"]
    assert Connection.objects.count() == 2


def test_a_company_that_left_is_neither_heard_nor_known() -> None:
    corp = companies.describe(connected(), Described(archive_secret="a"))
    companies.listen(corp, now=NOW)
    companies.leave(corp)
    assert not Connection.objects.exists()
    assert not Corp.objects.exists()
