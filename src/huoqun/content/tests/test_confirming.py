"""A broadcast whose parts colleagues confirm in their app: forty groups, 37 confirmed, two reminded, one expired."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from huoqun.community.models import Community, Group
from huoqun.console.models import Staff
from huoqun.content import handlers, operations
from huoqun.content.models import Broadcast, Recipient
from huoqun.content.pages import sentences
from huoqun.content.queries.broadcasts import counts
from huoqun.content.queries.confirming import colleagues, confirmations
from huoqun.content.tests.conftest import NOW, group, sent, written
from huoqun.content.tests.test_following import batch, settled
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def forty(balcony: Community, lin: Staff) -> list[Group]:
    return [group(balcony, f"{number:02}号群", operator=lin) for number in range(40)]


def _stands(broadcast: Broadcast, groups: list[Group], state: State, **more: object) -> None:
    keys = [f"{broadcast.run}/group/{each.key}" for each in groups]
    given = {"confirm_by": NOW + timedelta(days=1), "waits_for_staff": "lin-id", **more}
    Request.objects.filter(key__in=keys).update(state=state, **given)
    handlers.follow(batch(*(settled(broadcast, each, state.value) for each in groups)), now=NOW)


@pytest.fixture
def going(balcony: Community, lin: Staff, forty: list[Group]) -> Broadcast:
    broadcast = sent(written(balcony, lin), lin)
    _stands(broadcast, forty[:37], State.SENT, reached=50)
    _stands(broadcast, forty[37:39], State.CONFIRMING, reminders=1, reminded_at=NOW)
    _stands(broadcast, forty[39:], State.EXPIRED)
    return broadcast


@pytest.mark.method("G04")
def test_the_page_says_exactly_how_far_colleagues_are(going: Broadcast, lin: Staff, client: Client) -> None:
    going.refresh_from_db()
    assert going.state == Broadcast.State.GOING
    found = confirmations(going)
    assert (found.confirmed, found.waiting, found.reminded, found.expired, found.people) == (37, 2, 2, 1, 37 * 50)
    with translation.override("en"):
        words = sentences.standing(going, counts([going.pk])[going.pk], found)
    assert words == (
        "37 of 40 groups have it, 2 wait for a colleague, 1 too late. By colleagues: 37 confirmed, 2 reminded, 1 expired."
    )
    client.force_login(lin)
    page = client.get(reverse("content:broadcast", args=[going.pk])).content.decode()
    assert "同事确认：37 个已确认，2 个已提醒，1 个已过期。" in page
    assert "送达 1,850 人" in page
    (who,) = colleagues(going)
    assert (who.name, who.waiting, who.reminders) == ("lin-id", 2, 1)


def test_whoever_has_not_confirmed_is_reminded_from_the_page(going: Broadcast, lin: Staff, client: Client) -> None:
    client.force_login(lin)
    client.post(reverse("content:remind", args=[going.pk]))
    waiting = Request.objects.filter(state=State.CONFIRMING)
    assert waiting.exclude(remind_at=None).count() == 2
    assert not Request.objects.exclude(state=State.CONFIRMING).exclude(remind_at=None).exists()


def test_stopped_what_nobody_confirmed_is_taken_back(going: Broadcast, lin: Staff) -> None:
    Request.objects.filter(state=State.CONFIRMING).update(withdrawable=True)
    assert operations.stop(going, by=lin, now=NOW) == 2
    assert Request.objects.filter(unwanted=True).count() == 2


def test_the_last_confirmation_ends_it(going: Broadcast, forty: list[Group]) -> None:
    later = NOW + timedelta(hours=2)
    handlers.follow(batch(*(settled(going, each, "sent", at=later) for each in forty[37:39])), now=later)
    going.refresh_from_db()
    assert going.state == Broadcast.State.DONE
    assert Recipient.objects.filter(outcome="sent").count() == 39


def test_somebody_elsewhere_reminds_nobody(going: Broadcast, yu: Staff, client: Client) -> None:
    client.force_login(yu)
    assert client.post(reverse("content:remind", args=[going.pk])).status_code == 404
    assert not Request.objects.exclude(remind_at=None).exists()
