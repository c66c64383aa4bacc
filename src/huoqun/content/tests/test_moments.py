"""A broadcast into customers' moments: each colleague who has customers posts it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from huoqun.carriers.models import Connection
from huoqun.community.models import Community, Contact, House, Identity, Person
from huoqun.console.models import Staff
from huoqun.content.models import Broadcast, Recipient
from huoqun.content.queries.audience import audience
from huoqun.content.rules.choosing import LeftOut
from huoqun.content.tests.conftest import NOW, sent, written
from huoqun.outbox import codec
from huoqun.outbox.models import Request
from huoqun.ownership import operations as ownership
from huoqun.vocabulary.actions import PostMoment
from huoqun.vocabulary.ids import Account, person_key

pytestmark = pytest.mark.django_db


def identity(home: Community, native: str, house: str = "") -> Identity:
    person = Person.objects.create(community=home, name=native, house=house)
    key = person_key(Account(home.slug, "pretend", ""), native)
    return Identity.objects.create(
        person=person, community=home, key=key, carrier="pretend", native_id=native, name=native
    )  # fmt: skip


@pytest.fixture
def colleagues(balcony: Community) -> list[Identity]:
    Connection.objects.create(community="balcony", carrier="pretend", name="bot", next_at=NOW, made_at=NOW)
    found = [identity(balcony, name, House.STAFF) for name in ("amo", "atao", "alone")]
    for colleague in found[:2]:
        Contact.objects.create(community=balcony, staff=colleague, identity=identity(balcony, f"c-{colleague.native_id}"))
    return found


@pytest.fixture
def moment(balcony: Community, lin: Staff, colleagues: list[Identity]) -> Broadcast:
    return written(balcony, lin, to=Broadcast.To.MOMENTS, text="{{社群}}的春天到了", questions={})


@pytest.mark.method("G04")
def test_each_colleague_who_has_customers_posts_it(moment: Broadcast, lin: Staff) -> None:
    sent(moment, lin)
    actions = [codec.action(row.action, row.payload) for row in Request.objects.order_by("key")]
    assert all(isinstance(each, PostMoment) for each in actions)
    assert {(each.staff_ids, each.body.text) for each in actions if isinstance(each, PostMoment)} == {
        (("amo",), "阳台种菜的春天到了"),
        (("atao",), "阳台种菜的春天到了"),
    }
    assert set(Recipient.objects.values_list("kind", "name")) == {("staff", "amo"), ("staff", "atao")}


def test_who_is_not_in_charge_asks_only_themselves(moment: Broadcast, mo: Staff, balcony: Community) -> None:
    ownership.reach(mo, balcony, carrier="pretend", account="bot", native_id="amo")
    found = audience(moment, by=mo, at=NOW)
    assert [(target.name, target.left_out) for target in found.targets] == [("amo", None), ("atao", LeftOut.NOT_YOURS)]


def test_the_preview_and_the_standing_speak_of_colleagues(moment: Broadcast, lin: Staff, client: Client) -> None:
    client.force_login(lin)
    page = reverse("content:broadcast", args=[moment.pk])
    assert "由 2 位同事发表" in client.get(page).content.decode()
    sent(moment, lin)
    assert "2 位同事里已有 0 位发表" in client.get(page).content.decode()


def test_what_narrows_groups_is_not_passed_over_in_silence(client: Client, lin: Staff, colleagues: list[Identity]) -> None:
    client.force_login(lin)
    said = {"title": "春天", "text": "春天到了", "to": "moments", "q": "番茄", "spread_minutes": "0"}
    answer = client.post(reverse("content:write"), said)
    assert answer.status_code == 422
    assert "请把筛选群和人的条件都留空" in answer.content.decode()
    assert client.post(reverse("content:write"), {**said, "q": ""}).status_code == 302
