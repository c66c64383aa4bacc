"""The group's page shows who is tied to whom, what hangs on the house, and what the group is worth beyond talk."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from huoqun.community.models import Community, Group, Person
from huoqun.console.models import Staff
from huoqun.health.models import GroupDay, GroupHealth
from huoqun.health.pages.group import ties
from huoqun.health.pages.group.network import distinct

from . import second_half as half
from .conftest import AS_OF
from .test_group_why import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def falling(balcony: Community) -> GroupHealth:
    return GroupHealth.objects.get(group__name="番茄群", audit__as_of=AS_OF)


@pytest.fixture
def as_lin(client: Client, lin: Staff) -> Client:
    client.force_login(lin)
    return client


def data(text: str, name: str) -> dict[str, object]:
    found = re.search(rf'<script id="{name}-data" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found
    told: dict[str, object] = json.loads(found[1])
    return told


@pytest.mark.method("C17", "C18", "C19", "C20")
def test_the_picture_of_ties_knows_roles_and_has_its_table(as_lin: Client, falling: GroupHealth, balcony: Community) -> None:
    people = half.members(balcony, 12)
    Person.objects.filter(pk=people[3].person_id).update(name="</script><b>阿梅</b>")
    half.figures(falling, **half.CONNECTED)
    half.graph(falling.group, people, house=(5,))
    block = page(as_lin, falling, "connection")
    network = data(block, "network-chart")
    dots = network["dots"]
    assert isinstance(dots, list)
    assert [kind for _name, kind, _messages in dots].count("house") == 1
    assert dots[3][0] == "</script><b>阿梅</b>", "as data it is whole, and it ends no script"
    assert "<b>阿梅" not in block
    rows = block.split("<tbody>")[1].split("</tbody>")[0]
    assert rows.count("<tr>") == 12
    assert "&lt;b&gt;阿梅" in rows
    assert 'data-kind="house"' in block
    assert "50.0% of the speakers hang together" in block
    assert "With the house it is 90.0%" in block
    assert "3 people with weaker ties are not shown." in block


@pytest.mark.method("A08")
def test_it_is_said_what_is_left_when_those_who_answer_most_leave(
    as_lin: Client, falling: GroupHealth, balcony: Community
) -> None:
    half.figures(falling, **half.CONNECTED)
    half.graph(falling.group, half.members(balcony, 12), house=(11,))
    block = page(as_lin, falling, "connection")
    assert re.search(r"If the 3 who answer most left, \d+ of 11 would still be connected\.", block)
    assert data(block, "curve-chart")["series"] == [{"name": "People", "values": [12, 6, 4], "tone": ""}]


def test_inferred_ties_say_so(as_lin: Client, falling: GroupHealth, balcony: Community) -> None:
    half.figures(falling, **half.CONNECTED)
    graph = half.graph(falling.group, half.members(balcony, 12))
    graph.source, graph.certainty = "inferred", 0.71
    graph.save()
    assert "On average a tie is 71.0% certain." in page(as_lin, falling, "connection")


def test_a_group_in_which_nobody_answers_is_told_so(as_lin: Client, falling: GroupHealth) -> None:
    half.figures(falling, pairs_connected=0, ties_from="replies")
    block = page(as_lin, falling, "connection")
    assert "no member answers another" in block
    assert "network-chart" not in block


def test_names_of_another_community_never_stand_in_the_picture(as_lin: Client, falling: GroupHealth, yu: Staff) -> None:
    elsewhere = Community.objects.get(slug="elsewhere")
    half.figures(falling, **half.CONNECTED)
    half.graph(falling.group, half.members(elsewhere, 8, prefix="外人"))
    assert "外人" not in page(as_lin, falling)


@pytest.mark.method("A08", "A24")
def test_the_strip_tells_days_with_and_without_the_house(as_lin: Client, falling: GroupHealth) -> None:
    quiet = [AS_OF - timedelta(days=back) for back in range(6)]
    GroupDay.objects.filter(group=falling.group, day__in=quiet).update(house_messages=0, messages=2)
    half.figures(falling, **half.LEANING)
    block = page(as_lin, falling, "dependence")
    assert "On the 6 days the house was silent members wrote 2 messages a day" in block
    assert "the house began 64.0%" in block
    assert "34.0% of the members" in block
    assert "The house has said nothing for 3 days." in block
    strip = data(block, "strip-chart")
    assert [len(one["values"]) for one in strip["series"]] == [30, 30]  # type: ignore[attr-defined]


def test_too_few_days_are_not_compared(as_lin: Client, falling: GroupHealth) -> None:
    assert "too few days with or without house talk" in page(as_lin, falling, "dependence")


def test_where_the_house_never_spoke_nothing_hangs_on_it(as_lin: Client, falling: GroupHealth) -> None:
    GroupDay.objects.filter(group=falling.group).update(house_messages=0)
    assert 'id="dependence"' not in page(as_lin, falling)


@pytest.mark.method("A09", "A11", "A13")
def test_signs_are_sentences_with_figures_and_only_where_known(as_lin: Client, falling: GroupHealth) -> None:
    half.figures(falling, **half.SIGNS)
    block = page(as_lin, falling, "signs")
    assert "5 red packets in 90 days. In the three hours after one, members write 2.6 times" in block
    assert "held 9 times. The last ones drew 55.0%" in block
    assert "The three most diligent made 44.0% of them." in block
    assert "58 advertisements are 22.0% of all messages: 50 by the house, 8 by members." in block
    assert "14 members (12.0%) look bought or automated." in block
    assert "2 of the five who said most have gone or fallen silent. They used to make 31.0% of the talk." in block
    assert 'id="value"' not in page(as_lin, falling)
    half.figures(falling, packets_90d=0, ads_90d=0, fakes_people=0, checkins_90d=None)
    block = page(as_lin, falling, "signs")
    for word in ("red packet", "advertisements", "bought", "check-ins"):
        assert word not in block, word


@pytest.mark.method("A20", "A21", "A22")
def test_worth_beyond_talk_counts_silent_buyers_and_plans(as_lin: Client, falling: GroupHealth) -> None:
    half.figures(falling, **half.WORTH)
    block = page(as_lin, falling, "value")
    assert "19 orders in 90 days by 11 buyers." in block
    assert "6 of the buyers (55.0%) never say a word here: silence is not worthlessness." in block
    assert "It lived until its planned end, as meant." in block


def test_similar_groups_are_those_of_the_same_kind_with_a_way_to_compare(
    as_lin: Client, falling: GroupHealth, balcony: Community
) -> None:
    herbs = Group.objects.get(name="香草群")
    block = page(as_lin, falling, "similar")
    assert "香草群" in block
    assert "Of the 1 group most like this one 1 is well." in block
    assert f"{reverse('health:compare_groups')}?a={falling.group_id}&amp;b={herbs.pk}" in block
    Group.objects.filter(pk=herbs.pk).update(lifecycle="flash")
    assert 'id="similar"' not in page(as_lin, falling)


def test_people_of_one_name_can_be_told_apart() -> None:
    assert distinct(["小陶", "阿梅", "小陶"]) == ["小陶", "阿梅", "小陶 (2)"]


def chain(count: int) -> list[ties.Tie]:
    return [ties.Tie(n, n + 1, 1, 0, 1.0) for n in range(count - 1)]


def test_a_chain_breaks_where_somebody_leaves() -> None:
    people = range(10)
    assert ties.largest(chain(10)) == 10
    assert ties.largest(ties.among(chain(10), set(people) - {4})) == 5
    assert ties.without_those_who_answer_most(chain(10), people, gone=1) == ties.Removal(10, 1, 9)
    assert ties.without_those_who_answer_most(chain(5), range(5)) is None, "too few to take three out"


def test_standing_counts_both_directions() -> None:
    found = ties.standings([ties.Tie(0, 1, 3, 1, 1.0), ties.Tie(0, 2, 0, 2, 1.0)])
    assert found[0] == ties.Standing(people=2, given=3, got=3)
    assert found[2] == ties.Standing(people=1, given=2, got=0)
