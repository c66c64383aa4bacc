"""Finding people among millions: by any of their names or ids, by role, by what they said; always the same few queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from huoqun.community.models import Community, Group, Identity, Person
from huoqun.community.operations import people as operations
from huoqun.health import operations as health_operations
from huoqun.health.models import PersonRole
from huoqun.health.pages import people
from huoqun.health.tests.pages.conftest import NOW, group, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def neighbours(balcony: Community) -> list[Person]:
    """Beside 小陶: 丽姐 with two identities, and somebody staff call 王老师."""
    li, other, wang = person(balcony, 21, "丽姐"), person(balcony, 22, "Lily在路上"), person(balcony, 23, "追风")
    operations.merge([other.person], into=li.person, now=NOW)
    operations.rename(wang.person, "王老师")
    return [li.person, wang.person]


def names(client: Client, query: str) -> list[str]:
    page = client.get("/people/" + query).context["list"]
    return [str(Person.objects.get(pk=row.key)) for row in page.drawn]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("丽", ["丽姐"]),
        ("lily", ["丽姐"]),
        ("q22", ["丽姐"]),
        ("q2", []),
        ("王老", ["王老师"]),
        ("追风", ["王老师"]),
        ("没有", []),
    ],
)
def test_by_part_of_any_name_or_by_the_whole_id(as_mo: Client, neighbours: list[Person], words: str, found: list[str]) -> None:
    assert names(as_mo, f"?q={words}") == found


def test_a_name_of_thousands_is_found_by_what_they_go_by_now(
    as_mo: Client, neighbours: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "FEW", 0)
    assert names(as_mo, "?q=丽") == ["丽姐"]


def test_nobody_of_another_community_is_found(as_mo: Client, neighbours: list[Person], yu: object) -> None:
    person(Community.objects.get(slug="elsewhere"), 31, "丽华")
    assert names(as_mo, "?q=丽") == ["丽姐"]


def test_what_was_said_in_all_groups_is_added_up_and_sorted_by(
    as_mo: Client, balcony: Community, neighbours: list[Person]
) -> None:
    li = neighbours[0]
    for number, identity in enumerate(Identity.objects.filter(person=li).order_by("key")):
        place = group(balcony, 50 + number, f"群{number}")
        PersonRole.objects.create(
            group=place, identity=identity, role="onlooker", reason="says_little", messages=30, days=2, replies=0, share=0.1,
            last_at=NOW - timedelta(days=number),
        )  # fmt: skip
    health_operations.sum_up_people(balcony)
    assert names(as_mo, "")[:2] == ["丽姐", "小陶"]
    assert names(as_mo, "?sort=messages")[-1] == "丽姐"
    assert names(as_mo, "?messages_from=50") == ["丽姐"]
    assert names(as_mo, "?role=active") == ["小陶"]
    li.refresh_from_db()
    assert (li.messages, li.groups_spoken, li.last_spoke_at) == (60, 2, NOW)


def test_more_people_and_groups_ask_no_more_queries(
    as_mo: Client, balcony: Community, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60, 90):
        person(balcony, number, f"邻居{number}")
    as_mo.get("/people/")
    for query in ("", "?q=邻居", "?role=active", "?sort=name", "?page=2"):
        with django_assert_max_num_queries(15):
            assert as_mo.get(f"/people/{query}").status_code == 200
    assert Group.objects.filter(community=balcony).count() == 2
