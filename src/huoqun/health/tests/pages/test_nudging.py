"""The group's page names whom to speak to first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from huoqun.community.models import Community, Identity, Membership
from huoqun.console.models import Staff
from huoqun.health import queries
from huoqun.health.models import GroupGraph, GroupHealth, PersonRole

from . import second_half as half
from .conftest import AS_OF, NOW, person

pytestmark = [pytest.mark.django_db, pytest.mark.method("F20")]
Spoke = Callable[..., Identity]


@pytest.fixture
def falling(balcony: Community) -> GroupHealth:
    health = GroupHealth.objects.get(group__name="番茄群", audit__as_of=AS_OF)
    half.told_why(health, author=11)
    return advised(health, "revive", "ask_regulars")


def advised(health: GroupHealth, action: str, step: str) -> GroupHealth:
    health.action, health.advice = action, {"first_step": step, "effort": 1.0}
    health.save()
    return health


@pytest.fixture
def as_lin(client: Client, lin: Staff) -> Client:
    client.force_login(lin)
    return client


@pytest.fixture
def spoke(falling: GroupHealth, balcony: Community) -> Spoke:
    """Somebody of the group: 34 messages on 12 days, the last of them 21 days ago."""
    keys = iter(range(500, 600))

    def one(name: str, *, silent: int = 21, joined: int = 300, left: bool = False, **changes: Any) -> Identity:
        who = person(balcony, next(keys), name)
        left_at = NOW - timedelta(days=1) if left else None
        Membership.objects.create(
            group=falling.group, identity=who, joined_at=NOW - timedelta(days=joined), left_at=left_at
        )  # fmt: skip
        told = {"role": "active", "reason": "says_more_than_most", "messages": 34, "days": 12, "replies": 9, "share": 0.1}
        last_at = NOW - timedelta(days=silent)
        PersonRole.objects.create(group=falling.group, identity=who, last_at=last_at, **(told | changes))
        return who

    return one


def tied(falling: GroupHealth, people: list[Identity], ties: list[list[float]], *, house: int | None = None) -> None:
    told = [
        {"key": one.key, "role": "active", "house": "staff" if n == house else "", "messages": 9}
        for n, one in enumerate(people)
    ]
    GroupGraph.objects.create(group=falling.group, as_of=AS_OF, people=told, ties=ties, source="replies")


def page(client: Client, of: GroupHealth) -> str:
    answer = client.get(reverse("health:group", args=[of.group_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def block(client: Client, of: GroupHealth) -> str:
    return page(client, of).split('id="nudging"')[1].split("</section>")[0]


def test_the_one_who_would_carry_most_is_named_first_with_the_figures(
    as_lin: Client, falling: GroupHealth, spoke: Spoke
) -> None:
    qiu, zhou, lan = spoke("阿秋"), spoke("老周"), spoke("兰兰", messages=90)
    tied(falling, [qiu, zhou, lan], [[0, 1, 3, 2, 1.0], [0, 2, 1, 0, 1.0]])
    text = block(as_lin, falling)
    assert "Ask 阿秋 first: said 34 messages on 12 days, in touch with 2 others, silent for 21 days." in text
    assert "said 34 messages on 12 days, in touch with 1 other, silent for 21 days" in text
    assert text.index("阿秋") < text.index("兰兰") < text.index("老周"), "as many ties: who said more"
    assert reverse("health:person", args=[qiu.person_id]) in text


def test_they_are_named_beside_the_first_step_where_it_is_to_win_people_back(
    as_lin: Client, falling: GroupHealth, spoke: Spoke
) -> None:
    spoke("阿秋")
    for action, step, named in [
        ("revive", "ask_regulars", True),
        ("share_the_load", "find_cohosts", True),
        ("thin_out_ads", "pause_ads", False),
    ]:
        advised(falling, action, step)
        text = page(as_lin, falling)
        why = text.split('id="why"')[1].split("</section>")[0]
        assert ("阿秋" in why) is named, action
        assert ("Speak to these first:" in why) is named, action
        assert 'id="nudging"' in text, action


@pytest.mark.parametrize(("action", "step"), [("leave_alone", "keep_on"), ("farewell", "say_goodbye"), ("", "")])
def test_nobody_is_named_where_nothing_or_a_farewell_is_advised(
    as_lin: Client, falling: GroupHealth, spoke: Spoke, action: str, step: str
) -> None:
    spoke("阿秋")
    advised(falling, action, step)
    assert 'id="nudging"' not in page(as_lin, falling)


def test_who_left_is_house_or_only_chats_is_not_asked(as_lin: Client, falling: GroupHealth, spoke: Spoke) -> None:
    spoke("走了", left=True)
    spoke("话多", role="chatterbox")
    house = spoke("小助手").person
    house.house = "helper"
    house.save()
    assert 'id="nudging"' not in page(as_lin, falling)
    spoke("阿秋")
    text = block(as_lin, falling)
    assert "阿秋" in text
    assert not [name for name in ("走了", "话多", "小助手") if name in text]


def test_where_nobody_knows_who_answers_whom_ties_are_not_spoken_of(as_lin: Client, falling: GroupHealth, spoke: Spoke) -> None:
    spoke("阿秋")
    spoke("新来的", silent=3, joined=5, days=1, messages=1, role="onlooker")
    text = block(as_lin, falling)
    assert "said 34 messages on 12 days, silent for 21 days" in text
    assert "新来的" not in text, "whether anybody answered is not known"


def test_a_newcomer_to_whom_nobody_turned_is_asked_one_whom_the_house_answered_is_not(
    as_lin: Client, falling: GroupHealth, spoke: Spoke
) -> None:
    once: dict[str, Any] = {"silent": 3, "joined": 5, "days": 1, "messages": 1, "role": "onlooker"}
    lonely, asking, greeted, host = spoke("晓晓", **once), spoke("小白", **once), spoke("小满", **once), spoke("阿莫")
    host.person.house = "staff"
    host.person.save()
    tied(falling, [asking, greeted, host], [[0, 2, 1, 0, 1.0], [1, 2, 0, 2, 1.0]], house=2)
    text = block(as_lin, falling)
    assert text.count("joined 5 days ago, spoke on one day 3 days ago, and nobody turned to them") == 3, (
        "sentence and two lines"
    )
    assert lonely.name in text
    assert asking.name in text, "turned to the house, which did not answer"
    assert greeted.name not in text
    GroupGraph.objects.update(left_out=1)
    assert lonely.name not in block(as_lin, falling), "may be among those the graph leaves out"


def test_yu_reads_nobody_of_it(falling: GroupHealth, spoke: Spoke, yu: Staff, lin: Staff) -> None:
    spoke("阿秋")
    assert len(queries.silent_voices(lin, falling.group, before=NOW)) == 1
    assert queries.silent_voices(yu, falling.group, before=NOW) == []


def test_many_silent_regulars_do_not_push_newcomers_out_of_sight(falling: GroupHealth, spoke: Spoke, lin: Staff) -> None:
    for n in range(4):
        spoke(f"老群友{n}", days=12 + n)
    spoke("新来的", silent=3, joined=5, days=1, messages=1, role="onlooker")
    found = queries.silent_voices(lin, falling.group, before=NOW, at_most=2)
    assert {role.identity.name for role in found} == {"老群友3", "老群友2", "新来的"}


def test_it_costs_one_query(
    falling: GroupHealth, spoke: Spoke, lin: Staff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(3):
        spoke(f"老群友{n}")
    lin.refresh_from_db()
    with django_assert_num_queries(1):
        found = queries.silent_voices(lin, falling.group, before=NOW)
        assert [str(role.identity.person) for role in found]
