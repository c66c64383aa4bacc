from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import include, path, reverse

from huoqun.config.urls import urlpatterns as house
from huoqun.console.models import Role, Staff
from huoqun.inbox import horizon
from huoqun.inbox.loop import Loop
from huoqun.inbox.models import Parked
from huoqun.inbox.operations import store
from huoqun.inbox.queries import loops
from huoqun.inbox.tests.cast import BALCONY, NOW, Ears, listening, said
from huoqun.inbox.words import WORDS
from huoqun.vocabulary.events import EVENTS
from huoqun.vocabulary.facts import FACTS
from huoqun.vocabulary.ids import Account


def balcony_only(request: HttpRequest) -> list[str]:
    return ["balcony"]


handler403 = "huoqun.console.pages.front.refused"
urlpatterns = [path("wired/", include("huoqun.inbox.pages.urls", namespace="wired"), {"communities_of": balcony_only}), *house]
if not any("inbox" in str(each) for each in house):
    urlpatterns.append(path("loops/", include("huoqun.inbox.pages.urls")))

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def addresses() -> object:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def parked(now: datetime, db: None) -> None:
    store([said(1), said(2), said(3, account=Account("elsewhere", "qq", "bot-1"))], now=now)
    ears = Ears(refuses=lambda event: event.source_id != "g1-2", error=ValueError("SELECT secret FROM /etc/passwd"))
    Loop([listening(ears)], clock=lambda: NOW, upto=horizon.newest).run_dry()


@pytest.fixture
def signed_in(client: Client) -> Callable[[str], Client]:
    def enter(role: str) -> Client:
        client.force_login(Staff.objects.create(username=role, role=role, language="en"))
        return client

    return enter


def test_an_admin_sees_what_when_who_and_why_and_no_innards(parked: None, signed_in: Callable[[str], Client]) -> None:
    page = signed_in(Role.ADMIN).get(reverse("inbox:parked"), headers={"accept-language": "en"})
    words = page.content.decode()
    assert page.status_code == 200
    assert page.context["list"].total == 2
    assert "ears" in words
    assert "elsewhere/qq/bot-1" in words
    for innards in ("SELECT secret", "passwd", "Traceback", "ValueError"):
        assert innards not in words


@pytest.mark.parametrize(("where", "seen"), [("wired:parked", {"balcony"}), ("inbox:parked", set())])
def test_a_lead_sees_only_what_is_given_and_by_itself_nothing(
    where: str, seen: set[str], parked: None, signed_in: Callable[[str], Client]
) -> None:
    page = signed_in(Role.LEAD).get(reverse(where))
    assert {row.entry.community for row in page.context["list"].narrowed} == seen
    assert page.context["loops"] == []


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.OBSERVER])
def test_others_are_refused(role: str, parked: None, signed_in: Callable[[str], Client]) -> None:
    assert signed_in(role).get(reverse("inbox:parked")).status_code == 403
    assert Client().get(reverse("inbox:parked")).status_code == 302


def test_one_or_all_can_be_delivered_again(parked: None, signed_in: Callable[[str], Client]) -> None:
    client = signed_in(Role.ADMIN)
    first = Parked.objects.latest("pk")
    client.post(reverse("inbox:parked"), {"action": "replay", "rows": [first.pk]})
    assert list(Parked.objects.filter(replay_asked_at__isnull=False)) == [first]
    assert Parked.objects.get(pk=first.pk).replay_asked_by == Staff.objects.get()
    client.post(reverse("inbox:parked"), {"action": "replay", "whole": "1"})
    assert Parked.objects.filter(replay_asked_at__isnull=False).count() == 2


def test_a_lead_cannot_replay_what_belongs_elsewhere(parked: None, signed_in: Callable[[str], Client]) -> None:
    everything = list(Parked.objects.values_list("pk", flat=True))
    signed_in(Role.LEAD).post(reverse("wired:parked"), {"action": "replay", "rows": everything})
    assert [each.entry.community for each in Parked.objects.filter(replay_asked_at__isnull=False)] == ["balcony"]


def test_how_far_behind_each_is(now: datetime) -> None:
    ears = Ears()
    going = Loop([listening(ears), listening(ears, name="whole", whole_log=True)], clock=lambda: NOW, upto=horizon.newest)
    store([said(number, f"g{number}") for number in range(40)], now=now)
    going.run_dry()
    store([said(number, f"g{number}") for number in range(40, 45)], now=now)
    assert {loop.subscriber: (loop.unread, loop.waiting_since) for loop in loops()} == {"ears": (5, now), "whole": (5, now)}
    going.run_dry()
    assert {(loop.unread, loop.waiting_since, loop.moved_at) for loop in loops()} == {(0, None, NOW)}


def test_the_number_of_queries_does_not_grow_with_what_is_parked(
    signed_in: Callable[[str], Client], now: datetime, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    store([said(number, account=BALCONY) for number in range(45)], now=now)
    Loop([listening(Ears(refuses=lambda event: True))], clock=lambda: NOW, upto=horizon.newest).run_dry()
    client = signed_in(Role.ADMIN)
    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        assert client.get(reverse("inbox:parked")).context["list"].total == 45


def test_every_event_and_fact_has_its_word() -> None:
    assert set(WORDS) == {*EVENTS, *FACTS}
