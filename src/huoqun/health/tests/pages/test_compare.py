"""Two groups, two days of one group, two operators: the same figures side by side, the difference in words."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from huoqun.community.models import Community, Group
from huoqun.console.models import Staff
from huoqun.health.models import Audit, GroupHealth
from huoqun.health.pages.compare import difference

from .conftest import AS_OF

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_lin(client: Client, lin: Staff) -> Client:
    client.force_login(lin)
    return client


def groups(client: Client, **asked: str | int) -> str:
    answer = client.get(reverse("health:compare_groups"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def two(balcony: Community) -> tuple[Group, Group]:
    GroupHealth.objects.filter(group__name="香草群").update(speakers_7d=15, messages_30d=240, members=None)
    return Group.objects.get(name="番茄群"), Group.objects.get(name="香草群")


def test_two_groups_stand_side_by_side(as_lin: Client, two: tuple[Group, Group]) -> None:
    text = groups(as_lin, a=two[0].pk, b="香草")
    block = text.split('id="compared"')[1]
    assert "番茄群: declining. 香草群: steady." in block
    assert "3.0 times as much" in block
    assert "known on one side only" in block
    assert block.index("talk-chart") < block.index('<table class="table compared">'), "the picture stands before the table"


def test_one_group_is_compared_with_itself_on_another_day(as_lin: Client, two: tuple[Group, Group]) -> None:
    GroupHealth.objects.filter(group=two[0], audit__as_of__lt=AS_OF).update(messages_30d=40)
    text = groups(as_lin, a=two[0].pk, a_on="2026-11-19", b=two[0].pk)
    block = text.split('id="compared"')[1]
    assert "番茄群 · 2026-11-19: steady. 番茄群 · 2026-11-20: declining." in block
    assert "2.0 times as much" in block
    assert "Both sides are the same group on the same day" in groups(as_lin, a=two[0].pk, b=two[0].pk)


def test_a_name_that_fits_several_groups_asks_which_one(as_lin: Client, two: tuple[Group, Group]) -> None:
    text = groups(as_lin, a="群")
    assert "Several groups are called like this:" in text
    assert f"a={two[1].pk}" in text
    assert "No group is called like this." in groups(as_lin, a="没有这个群")


def test_two_groups_of_one_name_stay_apart_when_the_form_is_sent_again(as_lin: Client, two: tuple[Group, Group]) -> None:
    Group.objects.filter(pk=two[1].pk).update(name="番茄群")
    text = groups(as_lin, a="番茄群", a_was=two[0].pk, b="番茄群", b_was=two[1].pk)
    assert 'id="compared"' in text
    assert 'id="compared"' not in groups(as_lin, a="番茄群", b="番茄群")


def test_with_one_side_only_something_to_compare_with_is_offered(as_lin: Client, two: tuple[Group, Group]) -> None:
    text = groups(as_lin, a=two[0].pk)
    assert f"b={two[1].pk}" in text
    assert "itself as of 2026-11-19" in text


@pytest.mark.parametrize(
    "asked", [{"a": "9" * 30}, {"a": "-1"}, {"a_on": "2026-99-99", "a": "番茄群"}, {"b": "%_"}, {"a": "<b>x"}]
)
def test_odd_questions_are_no_errors(as_lin: Client, two: tuple[Group, Group], asked: dict[str, str]) -> None:
    assert "<b>x" not in groups(as_lin, **asked)


def test_who_belongs_elsewhere_compares_nothing_of_ours(client: Client, yu: Staff, two: tuple[Group, Group]) -> None:
    client.force_login(yu)
    text = groups(client, a=two[0].pk, b=two[1].pk)
    assert 'id="compared"' not in text
    assert "番茄群" not in text
    assert "番茄群" not in groups(client, a="番茄")


@pytest.fixture
def operated(two: tuple[Group, Group], mo: Staff, lin: Staff) -> tuple[Staff, Staff]:
    Group.objects.filter(pk=two[0].pk).update(operator=mo)
    Group.objects.filter(pk=two[1].pk).update(operator=lin)
    row = {"groups": 1, "verdict": "cannot_tell", "talk": 1.1, "talk_low": 0.8, "talk_high": 1.5, "hours_a_week": 4.0}
    Audit.objects.filter(as_of=AS_OF).update(operators=[{"operator": str(mo), **row}])
    return mo, lin


@pytest.mark.method("A27", "I12")
def test_two_operators_stand_side_by_side_with_what_chance_explains(as_lin: Client, operated: tuple[Staff, Staff]) -> None:
    mo, lin = operated
    text = as_lin.get(reverse("health:compare_operators"), {"a": mo.pk, "b": lin.pk}).content.decode()
    block = text.split('id="compared"')[1]
    assert "mo has 1 groups with talk, lin 1." in block
    assert "100.0 points more" in block, "mo's group is not well, lin's is"
    assert "no difference can be told from chance" in block
    assert "90% interval 0.80 to 1.50" in block


def test_operators_of_other_communities_are_not_offered(client: Client, yu: Staff, operated: tuple[Staff, Staff]) -> None:
    client.force_login(yu)
    text = client.get(reverse("health:compare_operators"), {"a": operated[0].pk, "b": operated[1].pk}).content.decode()
    assert 'id="compared"' not in text
    assert 'id="operator-a"' not in text


def test_compare_pages_cost_few_queries(
    as_lin: Client,
    two: tuple[Group, Group],
    operated: tuple[Staff, Staff],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for name, asked in (
        ("compare_groups", {"a": two[0].pk, "b": two[1].pk}),
        ("compare_operators", {"a": operated[0].pk, "b": operated[1].pk}),
    ):
        as_lin.get(reverse(f"health:{name}"), asked)
        with django_assert_max_num_queries(15):
            as_lin.get(reverse(f"health:{name}"), asked)


def test_strangers_are_sent_to_the_door(client: Client, db: None) -> None:
    for name in ("compare_groups", "compare_operators"):
        assert client.get(reverse(f"health:{name}")).status_code == 302


@pytest.mark.parametrize(
    ("first", "second", "unit", "words"),
    [
        (10, 30, "people", "3.0 times as much"),
        (10, 13, "people", "30% more"),
        (10, 7, "people", "30% less"),
        (100, 104, "messages", "about the same"),
        (0, 4, "people", "4 more"),
        (4, 0, "people", "4 fewer"),
        (0, 0, "people", "the same"),
        (0.2, 0.35, "fraction", "15.0 points more"),
        (0.35, 0.2, "fraction", "15.0 points less"),
        (0.2, 0.201, "fraction", "about the same"),
        (None, 4, "people", "known on one side only"),
    ],
)
def test_differences_in_words(first: float | None, second: float | None, unit: str, words: str) -> None:
    with translation.override("en"):
        assert difference.words(first, second, unit) == words
