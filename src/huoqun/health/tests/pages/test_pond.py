"""The portfolio says what depends on whom; a group's page says what that group depends on."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from huoqun.community.models import Community, Group, House
from huoqun.console.models import Staff
from huoqun.health import queries
from huoqun.health.models import GroupHealth

from .conftest import AS_OF, person

pytestmark = [pytest.mark.django_db, pytest.mark.method("B16")]


@pytest.fixture
def as_lin(client: Client, lin: Staff) -> Client:
    client.force_login(lin)
    return client


@pytest.fixture
def held(balcony: Community, mo: Staff) -> Group:
    """番茄群 on QQ is a colleague's and operated; nobody knows whose 香草群 on WeChat is."""
    Group.objects.filter(name="香草群").update(carrier="wechat")
    tomatoes = Group.objects.get(name="番茄群")
    tomatoes.owner, tomatoes.operator = person(balcony, 70, "阿莫"), mo
    tomatoes.save()
    return labelled(tomatoes, House.STAFF)


def labelled(group: Group, house: str) -> Group:
    assert group.owner
    group.owner.person.house = house
    group.owner.person.save()
    return group


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(html: str) -> dict[str, list[str]]:
    """Of the tables of a block: what stands in each row, by its head."""
    found = re.findall(r'<th scope="row"><a[^>]*>(.*?)</a>.*?</th>(.*?)</tr>', html, re.DOTALL)
    return {head: [_plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", rest)] for head, rest in found}


def _plain(html: str) -> str:
    return re.sub(r"(<[^>]+>)+", " ", html).strip()


def test_groups_stand_by_carrier_by_owner_and_by_operator_with_their_shares(as_lin: Client, held: Group) -> None:
    GroupHealth.objects.filter(group=held).update(members=120)
    block = text_of(as_lin, reverse("health:portfolio")).split('id="pond"')[1].split("</section>")[0]
    assert "1 of 2 groups belong to an account that is not of the house, or not known." in block
    told = rows(block)
    assert told["QQ"] == ["1 50.0%", "120 75.0%"]
    assert told["WeChat"] == ["1 50.0%", "40 25.0%"]
    assert told["owned by a colleague&#x27;s account"] == ["1 50.0%", "120 75.0%"]
    assert told["owner not known"] == ["1 50.0%", "40 25.0%"]
    assert told["no operator"] == ["1 50.0%", "40 25.0%"]


@pytest.mark.parametrize("house", [House.HELPER, House.BOT, House.STAFF])
def test_where_the_house_holds_everything_it_says_so(as_lin: Client, held: Group, house: str) -> None:
    labelled(held, house)
    Group.objects.update(owner=held.owner, operator=held.operator)
    block = text_of(as_lin, reverse("health:portfolio")).split('id="pond"')[1].split("</section>")[0]
    assert "All of the 2 groups belong to accounts of the house." in block
    assert "no operator" not in block


def test_each_number_leads_to_the_list_of_just_these_groups(as_lin: Client, held: Group) -> None:
    block = text_of(as_lin, reverse("health:portfolio")).split('id="pond"')[1].split("</section>")[0]
    asked = {name: query for query, name in re.findall(r'href="([^"]+)">([^<]+)</a>', block)}
    assert len(asked) == 5
    for name, address in asked.items():
        listed = text_of(as_lin, address)
        mine = name in ("QQ", "owned by a colleague&#x27;s account")
        assert ("番茄群" in listed, "香草群" in listed) == (mine, not mine), name


@pytest.mark.parametrize("owner", ["house", "colleague", "outsider", "unknown"])
def test_the_lists_filter_counts_as_the_block_does(as_lin: Client, held: Group, lin: Staff, owner: str) -> None:
    herbs = Group.objects.get(name="香草群")
    for house in ("", *House.values):
        labelled(held, house)
        counted = queries.held(lin, queries.latest_audits([held.community]))
        listed = text_of(as_lin, f"{reverse('health:groups')}?owner={owner}")
        seen = sum(f'href="{reverse("health:group", args=[one.pk])}"' in listed for one in (held, herbs))
        assert seen == sum(one.groups for one in counted if one.owner == owner), house


def test_a_filter_that_is_none_is_refused_in_words(as_lin: Client, held: Group) -> None:
    assert "is not one of the choices" in text_of(as_lin, f"{reverse('health:groups')}?owner=everybody").replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("house", "said"),
    [
        (House.STAFF, "It belongs to 阿莫, a colleague&#x27;s account: have it handed over before they leave."),
        (House.HELPER, "It belongs to 阿莫, an account of the house."),
        ("", "It belongs to 阿莫, who is not of the house: their decision can end it."),
    ],
)
def test_a_groups_page_says_what_it_depends_on(as_lin: Client, held: Group, house: str, said: str) -> None:
    labelled(held, house)
    text = text_of(as_lin, reverse("health:group", args=[held.pk]))
    assert "On QQ, which is rented ground: the platform can close the group or an account." in text
    assert said in text
    assert "Nobody operates it." not in text


def test_a_group_of_which_nothing_is_known_is_told_so(as_lin: Client, held: Group) -> None:
    herbs = Group.objects.get(name="香草群")
    Group.objects.filter(pk=herbs.pk).update(carrier="pigeons")
    text = text_of(as_lin, reverse("health:group", args=[herbs.pk]))
    assert "Whose account owns it is not known. Nobody operates it." in text
    assert "rented ground" not in text


def test_yu_counts_nothing_of_it_and_it_costs_one_query(
    held: Group, yu: Staff, lin: Staff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audits = queries.latest_audits([held.community])
    assert audits[0].as_of == AS_OF
    assert queries.held(yu, audits) == []
    lin.refresh_from_db()
    with django_assert_num_queries(1):
        assert sum(one.groups for one in queries.held(lin, audits)) == 2
