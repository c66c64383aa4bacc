"""The group's page says why the group is not well, what to do next and how likely silence is; it keeps objections."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from huoqun.community.models import Community, Group
from huoqun.console.models import Role, Staff
from huoqun.health.models import Audit, GroupHealth, Objection

from . import second_half as half
from .conftest import AS_OF, health

pytestmark = pytest.mark.django_db


@pytest.fixture
def falling(balcony: Community) -> GroupHealth:
    return GroupHealth.objects.get(group__name="番茄群", audit__as_of=AS_OF)


@pytest.fixture
def as_lin(client: Client, lin: Staff) -> Client:
    client.force_login(lin)
    return client


def page(client: Client, of: GroupHealth, anchor: str = "") -> str:
    answer = client.get(reverse("health:group", args=[of.group_id]))
    assert answer.status_code == 200
    text = answer.content.decode()
    return text.split(f'id="{anchor}"')[1].split("</section>")[0] if anchor else text


@pytest.mark.method("A16")
def test_causes_stand_in_order_with_figures_and_messages_and_then_one_action(as_lin: Client, falling: GroupHealth) -> None:
    half.told_why(falling, author=11, text="<script>alert(1)</script>有人吗？")
    block = page(as_lin, falling, "why")
    assert block.index("newcomers ignored") < block.index("depends on the operator")
    assert "strong sign" in block
    assert "faint sign" in block
    assert "&lt;script&gt;alert(1)&lt;/script&gt;有人吗？" in block
    assert "<script>alert" not in block
    assert "小陶" in block, "who said it"
    assert block.count('class="next-step"') == 1
    assert "First step" in block
    assert "about 2 hours a week" in block
    assert "now 1" in block, "what to watch, as it stands today"


def test_thin_evidence_names_no_cause(as_lin: Client, falling: GroupHealth) -> None:
    half.not_enough(falling)
    block = page(as_lin, falling, "why")
    assert "Not enough to say why." in block
    assert "too many ads" in block, "what could not be looked for"
    assert "<ol class=" not in block


def test_a_snapshot_from_before_has_none_of_the_new_blocks(as_lin: Client, falling: GroupHealth) -> None:
    text = page(as_lin, falling)
    for anchor in ("why", "outlook", "connection", "signs", "value"):
        assert f'id="{anchor}"' not in text, anchor


@pytest.mark.method("A17")
def test_merging_names_the_other_group_only_to_who_may_see_it(
    as_lin: Client, falling: GroupHealth, balcony: Community, yu: Staff
) -> None:
    herbs = Group.objects.get(name="香草群")
    half.to_be_merged(falling, herbs)
    assert reverse("health:group", args=[herbs.pk]) in page(as_lin, falling, "why")
    herbs.community = Community.objects.get(slug="elsewhere")
    herbs.save()
    assert "香草群" not in page(as_lin, falling, "why")


def test_a_forecast_comes_with_reasons_and_its_record_on_this_communitys_own_past(as_lin: Client, falling: GroupHealth) -> None:
    half.foreseen(falling, 0.7)
    half.record(falling.audit, track=half.TRACK)
    block = page(as_lin, falling, "outlook")
    assert "70%" in block
    assert "60% to 80%" in block
    assert block.count('class="side"') == 3
    assert "When we said 60–80% here before, 33 of 50 groups fell silent." in block
    assert "0.91" in block
    assert "13 days before" in block
    assert '<td class="number">33</td>' in block, "the calibration has its table"


@pytest.mark.parametrize(("why_none", "said"), [("past_too_short", "60 days of history"), ("", "not been checked yet")])
def test_a_forecast_without_a_record_says_why(as_lin: Client, falling: GroupHealth, why_none: str, said: str) -> None:
    half.foreseen(falling, 0.2)
    half.record(falling.audit, why_none=why_none)
    block = page(as_lin, falling, "outlook")
    assert said in block
    assert "calibration-chart" not in block


def test_what_lin_holds_against_it_is_kept_once_and_shown_with_what_came_after(
    as_lin: Client, falling: GroupHealth, lin: Staff
) -> None:
    half.told_why(falling, author=11)
    place = reverse("health:object", args=[falling.group_id])
    said = {"against": "cause:newcomers_ignored", "instead": "cause:ad_fatigue", "note": "<i>群主天天发广告</i>"}
    for _ in range(2):
        assert as_lin.post(place, said, headers={"HX-Request": "true"}).status_code == 200
    kept = Objection.objects.get()
    assert (kept.about, kept.code, kept.instead, kept.by) == ("cause", "newcomers_ignored", "ad_fatigue", lin)
    assert kept.audit_as_of == AS_OF
    assert kept.then["state"] == "declining"
    assert kept.then["messages_30d"] == 80
    assert "Only 0 days have passed" in page(as_lin, falling, "why")

    later = Audit.objects.create(community=falling.audit.community, as_of=date(2026, 12, 20), ran_at=falling.audit.ran_at)
    dead = health(later, falling.group, "dormant", since=date(2026, 12, 1))
    block = page(as_lin, dead, "why") if 'id="why"' in page(as_lin, dead) else ""
    assert not block, "without causes there is no such block in that audit"
    half.told_why(dead, author=11)
    block = page(as_lin, dead, "why")
    assert "&lt;i&gt;群主天天发广告&lt;/i&gt;" in block
    assert "within 30 days the group fell silent (declining → dormant)" in block
    assert "The audit still says so." in block
    assert "declining → dormant; messages in 30 days: 80 → 80" in block


@pytest.mark.parametrize(
    "wrong",
    [
        {"against": "cause:too_large", "note": "没有这一条"},
        {"against": "cause:newcomers_ignored"},
        {"against": "cause:newcomers_ignored", "instead": "action:merge"},
        {"against": "cause:newcomers_ignored", "instead": "cause:newcomers_ignored"},
    ],
)
def test_what_cannot_be_meant_is_not_kept(as_lin: Client, falling: GroupHealth, wrong: dict[str, str]) -> None:
    half.told_why(falling, author=11)
    answer = as_lin.post(reverse("health:object", args=[falling.group_id]), wrong, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "form-wrong" in answer.content.decode() or "alert-danger" in answer.content.decode()
    assert not Objection.objects.exists()


def test_who_only_looks_or_belongs_elsewhere_holds_nothing_against_it(
    client: Client, falling: GroupHealth, mo: Staff, yu: Staff
) -> None:
    half.told_why(falling, author=11)
    place = reverse("health:object", args=[falling.group_id])
    said = {"against": "cause:newcomers_ignored", "note": "不对"}
    client.force_login(yu)
    assert client.post(place, said).status_code == 404
    Staff.objects.filter(pk=mo.pk).update(role=Role.OBSERVER)
    client.force_login(Staff.objects.get(pk=mo.pk))
    assert client.post(place, said).status_code == 403
    assert place not in page(client, falling)
    assert not Objection.objects.exists()
    Staff.objects.filter(pk=mo.pk).update(role=Role.OPERATOR)
    assert client.post(place, said).status_code == 302, "the same words by somebody who works here are kept"


def test_the_whole_page_costs_fifteen_queries_at_most(
    as_lin: Client, falling: GroupHealth, balcony: Community, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    half.to_be_merged(falling, Group.objects.get(name="香草群"))
    half.foreseen(falling)
    half.record(falling.audit, track=half.TRACK)
    half.figures(falling, **half.CONNECTED, **half.LEANING, **half.SIGNS, **half.WORTH)
    half.graph(falling.group, half.members(balcony, 40))
    page(as_lin, falling)
    with django_assert_max_num_queries(15):
        text = page(as_lin, falling)
    for anchor in ("why", "outlook", "activity", "connection", "dependence", "signs", "value", "similar"):
        assert f'id="{anchor}"' in text, anchor


def test_the_whole_page_is_in_one_language(as_lin: Client, falling: GroupHealth, balcony: Community) -> None:
    half.told_why(falling, author=11, text="anybody here?")
    half.foreseen(falling)
    half.record(falling.audit, track=half.TRACK)
    half.figures(falling, **half.CONNECTED, **half.LEANING, **half.SIGNS, **half.WORTH)
    half.graph(falling.group, half.members(balcony, 12, prefix="neighbour"))
    for anchor in ("why", "outlook", "connection", "dependence", "signs", "value", "similar"):
        block = page(as_lin, falling, anchor)
        for own in ("小陶", "香草群"):
            block = block.replace(own, "")
        assert not re.findall(r"[一-鿿]+", block), anchor
