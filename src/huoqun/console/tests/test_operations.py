from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from huoqun.console import operations, queries, rules
from huoqun.console.models import OneTimeLink, Role, Staff

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def token_of(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[1]


@pytest.mark.django_db
def test_the_first_admin_is_made_once_and_has_no_password() -> None:
    first = operations.first_admin(name="林晓")
    assert not first.has_usable_password()
    assert first.role == Role.ADMIN
    assert operations.first_admin() == first
    assert Staff.objects.count() == 1


def test_a_name_that_is_taken_or_odd_is_refused(lin: Staff) -> None:
    with pytest.raises(ValidationError):
        operations.add_staff("lin")
    with pytest.raises(ValidationError):
        operations.add_staff("with space")


def test_the_link_lets_in_once(lin: Staff) -> None:
    token = token_of(operations.one_time_link(lin, now=NOW))
    assert operations.set_password_by_link(token, "正确的马、电池", now=NOW + timedelta(hours=23)) == lin
    lin.refresh_from_db()
    assert lin.check_password("正确的马、电池")
    with pytest.raises(operations.LinkNotGood) as again:
        operations.set_password_by_link(token, "另一个人的密码", now=NOW + timedelta(hours=23))
    assert again.value.why is rules.LinkIs.USED
    lin.refresh_from_db()
    assert lin.check_password("正确的马、电池")


def test_the_link_is_not_kept(lin: Staff) -> None:
    token = token_of(operations.one_time_link(lin, now=NOW))
    kept = OneTimeLink.objects.values().get()
    assert token not in str(kept)


def test_a_new_link_closes_the_one_before(lin: Staff) -> None:
    old = token_of(operations.one_time_link(lin, now=NOW))
    new = token_of(operations.one_time_link(lin, now=NOW))
    assert queries.link_is(queries.link(old), now=NOW) is rules.LinkIs.UNKNOWN
    assert queries.link_is(queries.link(new), now=NOW) is rules.LinkIs.GOOD


def test_after_a_day_the_link_is_closed(lin: Staff) -> None:
    token = token_of(operations.one_time_link(lin, now=NOW))
    with pytest.raises(operations.LinkNotGood) as late:
        operations.set_password_by_link(token, "正确的马、电池", now=NOW + timedelta(hours=24))
    assert late.value.why is rules.LinkIs.EXPIRED


def test_who_is_switched_off_comes_in_by_no_link(lin: Staff, tao: Staff) -> None:
    token = token_of(operations.one_time_link(tao, now=NOW))
    operations.deactivate(tao)
    with pytest.raises(operations.LinkNotGood):
        operations.set_password_by_link(token, "正确的马、电池", now=NOW)


def test_the_last_administrator_stays_one(lin: Staff, mo: Staff) -> None:
    with pytest.raises(ValidationError):
        operations.deactivate(lin)
    with pytest.raises(ValidationError):
        operations.change_role(lin, Role.OBSERVER)
    operations.change_role(mo, Role.ADMIN)
    operations.change_role(lin, Role.OBSERVER)
    lin.refresh_from_db()
    assert lin.role == Role.OBSERVER


def test_a_language_we_do_not_speak_is_refused(lin: Staff) -> None:
    with pytest.raises(ValidationError):
        operations.choose_language(lin, "xx")
