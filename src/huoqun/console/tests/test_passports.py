"""An account elsewhere that opens one here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from huoqun.console import operations, queries
from huoqun.console.models import Passport, Role, Staff

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def mo() -> Staff:
    return Staff.objects.create(username="mo", role=Role.OPERATOR, language="en")


@pytest.fixture
def tao() -> Staff:
    return Staff.objects.create(username="tao", role=Role.OPERATOR, language="en")


def test_it_opens_the_account_it_was_given_for(mo: Staff) -> None:
    operations.give_passport(mo, "wecom/ww1", "mo", by=mo, now=NOW)
    assert operations.show_passport("wecom/ww1", "mo", now=NOW) == mo
    assert operations.show_passport("wecom/ww2", "mo", now=NOW) is None, "another house says so"
    assert operations.show_passport("wecom/ww1", "MO", now=NOW) is None
    assert Passport.objects.get().used_at == NOW


def test_giving_it_again_changes_nothing_and_another_one_replaces_it(mo: Staff) -> None:
    first = operations.give_passport(mo, "wecom/ww1", "mo", by=mo, now=NOW)
    assert operations.give_passport(mo, "wecom/ww1", "mo", by=mo, now=NOW).pk == first.pk
    operations.give_passport(mo, "wecom/ww1", "mo.new", by=mo, now=NOW)
    assert operations.show_passport("wecom/ww1", "mo", now=NOW) is None
    assert operations.show_passport("wecom/ww1", "mo.new", now=NOW) == mo


def test_nobody_takes_anothers(mo: Staff, tao: Staff) -> None:
    operations.give_passport(mo, "wecom/ww1", "mo", by=mo, now=NOW)
    with pytest.raises(operations.PassportTaken) as taken:
        operations.give_passport(tao, "wecom/ww1", "mo", by=tao, now=NOW)
    assert taken.value.holder == mo


def test_an_account_that_is_switched_off_is_not_opened(mo: Staff) -> None:
    operations.give_passport(mo, "wecom/ww1", "mo", by=mo, now=NOW)
    operations.deactivate(mo)
    assert operations.show_passport("wecom/ww1", "mo", now=NOW) is None


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def test_one_gives_up_ones_own_and_an_administrator_anybodys(mo: Staff, tao: Staff) -> None:
    passport = operations.give_passport(mo, "wecom/ww1", "mo", by=mo, now=NOW)
    assert signed_in(tao).post("/account/passport/", {"passport": passport.pk}).status_code == 404
    assert queries.passports().count() == 1
    lin = Staff.objects.create(username="lin", role=Role.ADMIN, language="en")
    client = signed_in(lin)
    assert "mo" in client.get(f"/staff/{mo.pk}/").content.decode()
    assert client.post("/account/passport/", {"passport": passport.pk}).headers["Location"] == f"/staff/{mo.pk}/"
    again = operations.give_passport(mo, "wecom/ww1", "mo", by=mo, now=NOW)
    assert signed_in(mo).post("/account/passport/", {"passport": again.pk}).headers["Location"] == "/account/"
    assert not queries.passports().exists()


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "-1"])
def test_what_is_no_passport_is_not_found(mo: Staff, number: str) -> None:
    assert signed_in(mo).post("/account/passport/", {"passport": number}).status_code == 404
