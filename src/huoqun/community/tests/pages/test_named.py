"""Rooms below know ids; the names of groups and people come from here, and only those somebody may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from huoqun.community.models import Community, Group, Identity, Person
from huoqun.community.pages import named
from huoqun.console.models import Staff
from huoqun.outbox.models import Request
from huoqun.outbox.operations import ask
from huoqun.vocabulary.actions import Body, MessageMember, MessageStaff, PostToGroup
from huoqun.vocabulary.ids import Account, group_key, person_key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HERE, THERE = Account("balcony", "qq", "bot-1"), Account("elsewhere", "qq", "bot-9")


def group(home: Community, account: Account, native: str, name: str) -> None:
    Group.objects.create(community=home, key=group_key(account, native), carrier=account.carrier, native_id=native, name=name)


def member(home: Community, native: str, name: str, called: str = "") -> None:
    person = Person.objects.create(community=home, name=called)
    key = person_key(HERE, native)
    Identity.objects.create(person=person, community=home, key=key, carrier="qq", native_id=native, name=name)


@pytest.fixture
def asked(balcony: Community, elsewhere: Community) -> dict[str, Request]:
    group(balcony, HERE, "g1", "阳台早读")
    group(balcony, HERE, "nameless", "")
    group(elsewhere, THERE, "g1", "别处的群")
    member(balcony, "tao", "tao_2020", "小陶")
    member(balcony, "ren", "阿仁")
    member(balcony, "lin", "林老师")
    body = Body(text="早上好")
    actions = {
        "group": PostToGroup(account=HERE, group_id="g1", body=body),
        "nameless": PostToGroup(account=HERE, group_id="nameless", body=body),
        "unheard": PostToGroup(account=HERE, group_id="g404", body=body),
        "theirs": PostToGroup(account=THERE, group_id="g1", body=body),
        "tao": MessageMember(account=HERE, member_id="tao", body=body),
        "ren": MessageMember(account=HERE, member_id="ren", body=body),
        "lin": MessageStaff(account=HERE, staff_id="lin", body=body),
    }
    return {key: ask(action, key=key, room="sop", about="run/1", now=NOW) for key, action in actions.items()}


def called(visitor: Staff, asked: dict[str, Request]) -> dict[str, str]:
    numbers = {row.pk: key for key, row in asked.items()}
    return {numbers[number]: name for number, name in named.of_requests(visitor, asked.values()).items()}


def test_groups_and_people_are_called_by_name(mo: Staff, asked: dict[str, Request]) -> None:
    assert called(mo, asked) == {"group": "阳台早读", "tao": "小陶", "ren": "阿仁", "lin": "林老师"}


def test_yu_learns_no_name_from_here(yu: Staff, asked: dict[str, Request]) -> None:
    assert called(yu, asked) == {"theirs": "别处的群"}


def test_it_takes_two_queries_for_all(
    mo: Staff, asked: dict[str, Request], django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        named.of_requests(mo, asked.values())


def test_the_board_is_wired_with_names(client: Client, mo: Staff, asked: dict[str, Request]) -> None:
    client.force_login(mo)
    page = client.get(reverse("outbox:board"), {"span": "all"}).content.decode()
    for name in ("阳台早读", "小陶", "阿仁", "林老师", "g404"):
        assert name in page
    assert "别处的群" not in page


def test_the_page_of_what_is_paused_calls_communities_by_name(client: Client, mo: Staff, asked: dict[str, Request]) -> None:
    mo.role = "lead"
    mo.save()
    client.force_login(mo)
    page = client.get(reverse("outbox:pauses")).content.decode()
    assert '<option value="balcony">阳台种菜</option>' in page
    assert "elsewhere" not in page
