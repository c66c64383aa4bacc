from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import include, path, reverse
from django.utils import timezone

from huoqun.console.models import Role, Staff
from huoqun.outbox import operations
from huoqun.outbox.models import OrganisationCap, Request
from huoqun.outbox.operations.spending import caps_of
from huoqun.outbox.rules.paces import Caps
from huoqun.outbox.rules.states import State, Why
from huoqun.outbox.tests import cast
from huoqun.outbox.tests.cast import note

NAMES = {"balcony": "阳台种菜", "elsewhere": "别处"}
SEEN = {"lin": ["balcony", "elsewhere"], "mo": ["balcony"], "yu": ["elsewhere"]}


def seen_by(request: HttpRequest) -> list[str]:
    return SEEN[request.user.get_username()]


wired = {
    "communities_of": seen_by,
    "called_of": lambda request: {slug: NAMES[slug] for slug in seen_by(request)},
}
handler403 = "huoqun.console.pages.front.refused"
urlpatterns = [path("outbox/", include("huoqun.outbox.pages.urls"), wired), path("", include("huoqun.config.urls"))]

pytestmark = [pytest.mark.django_db, pytest.mark.method("L14")]
NOW = timezone.now()
GIVEN = {"member_day": "1", "member_week": "3", "group_day": ""}


@pytest.fixture(autouse=True)
def addresses() -> object:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def signed_in(client: Client) -> Callable[..., Client]:
    def enter(name: str, role: str = Role.LEAD) -> Client:
        client.force_login(Staff.objects.create(username=name, role=role, language="en"))
        return client

    return enter


def put_off(key: str, account: cast.Account = cast.BALCONY, why: Why = Why.MEMBER_CAP) -> Request:
    row = operations.ask(note(account=account), key=key, room="sop", about="run/1", now=NOW)
    Request.objects.filter(pk=row.pk).update(waits_for=why, next_try_at=NOW + timedelta(days=3))
    return row


def next_try(row: Request) -> object:
    row.refresh_from_db()
    return row.next_try_at


def test_a_lead_gives_their_community_limits_and_the_sender_obeys_them(signed_in: Callable[..., Client]) -> None:
    client = signed_in("mo")
    client.post(reverse("outbox:caps"), {"community": "balcony", **GIVEN})
    row = OrganisationCap.objects.get()
    assert (row.community, row.changed_by.username) == ("balcony", "mo")
    assert caps_of(["balcony", "elsewhere"]) == {"balcony": Caps(1, 3, None), "elsewhere": Caps()}
    page = client.get(reverse("outbox:caps")).content.decode()
    for said in (
        "阳台种菜",
        "Has limits of its own.",
        "Last changed by mo",
        'name="member_week" value="3"',
        "There are no limits.",
    ):
        assert said in page
    assert "别处" not in page


def test_what_holds_everywhere_is_for_administrators(signed_in: Callable[..., Client]) -> None:
    lead = signed_in("mo")
    assert lead.post(reverse("outbox:caps"), {"community": "", **GIVEN}).status_code == 403
    assert lead.post(reverse("outbox:drop_caps"), {"community": ""}).status_code == 403
    assert not OrganisationCap.objects.exists()
    signed_in("lin", Role.ADMIN).post(reverse("outbox:caps"), {"community": "", **GIVEN})
    assert caps_of(["balcony"]) == {"balcony": Caps(1, 3, None)}


@pytest.mark.parametrize("address", ["outbox:caps", "outbox:drop_caps"])
def test_yu_from_elsewhere_sees_and_changes_nothing_here(address: str, signed_in: Callable[..., Client]) -> None:
    operations.set_caps("balcony", Caps(member_day=7), by=None, now=NOW)
    client = signed_in("yu")
    page = client.get(reverse("outbox:caps")).content.decode()
    assert "阳台种菜" not in page
    assert 'value="7"' not in page
    assert client.post(reverse(address), {"community": "balcony", **GIVEN}).status_code == 403
    assert caps_of(["balcony"]) == {"balcony": Caps(member_day=7)}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.OBSERVER])
def test_others_are_told_whose_page_it_is(role: str, signed_in: Callable[..., Client]) -> None:
    client = signed_in("mo", role)
    assert client.get(reverse("outbox:caps")).status_code == 403
    assert client.post(reverse("outbox:caps"), {"community": "balcony", **GIVEN}).status_code == 403
    assert reverse("outbox:caps") not in client.get(reverse("outbox:board")).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"member_day": "5", "member_week": "3"}, "A week allows fewer than a day"),
        ({"member_day": "0"}, "greater than or equal to 1"),
        ({"group_day": "many"}, "Enter a whole number"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(wrong: dict[str, str], words: str, signed_in: Callable[..., Client]) -> None:
    page = signed_in("mo").post(reverse("outbox:caps"), {"community": "balcony", **wrong})
    assert page.status_code == 400
    assert words in page.content.decode()
    assert not OrganisationCap.objects.exists()


def test_giving_up_its_own_limits_brings_back_the_common_ones(signed_in: Callable[..., Client]) -> None:
    operations.set_caps("", Caps(member_day=2), by=None, now=NOW)
    operations.set_caps("balcony", Caps(member_day=9), by=None, now=NOW)
    client = signed_in("mo")
    client.post(reverse("outbox:drop_caps"), {"community": "balcony"})
    page = client.get(reverse("outbox:caps")).content.decode()
    assert "Here holds what holds everywhere." in page
    assert 'name="member_day" value="2"' in page
    assert caps_of(["balcony"]) == {"balcony": Caps(member_day=2)}
    assert operations.drop_caps("balcony", now=NOW) is False


def test_what_an_earlier_limit_put_off_is_judged_by_the_new_one() -> None:
    here, there = put_off("here"), put_off("there", cast.ELSEWHERE)
    quiet = put_off("quiet", why=Why.QUIET)
    operations.set_caps("balcony", Caps(member_day=5), by=None, now=NOW)
    assert next_try(here) == NOW
    assert {next_try(there), next_try(quiet)} == {NOW + timedelta(days=3)}
    operations.set_caps("", Caps(), by=None, now=NOW)
    assert next_try(there) == NOW


def test_raised_limits_let_go_what_they_held_back(outside: cast.Outside, clock: cast.Clock) -> None:
    operations.set_caps("balcony", Caps(member_day=1), by=None, now=clock.now)
    for key in ("one", "two"):
        operations.ask(note(), key=key, room="sop", about="run/1", now=clock.now)
    sender = cast.sender(outside)
    sender.run_dry()
    assert outside.done == {"one": 1}
    operations.set_caps("balcony", Caps(member_day=2), by=None, now=clock.now)
    sender.run_dry()
    assert outside.done == {"one": 1, "two": 1}
    assert {row.state for row in Request.objects.all()} == {State.SENT}
