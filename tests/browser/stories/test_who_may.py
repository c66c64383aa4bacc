"""Who sees what, and who may change it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from huoqun.carriers.models import Import
from huoqun.community.models import Community, Group, Identity
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.inbox import operations as inbox
from huoqun.inbox.models import Parked
from huoqun.inbox.types import Batch, Subscription
from huoqun.vocabulary.events import MessagePosted, Person
from huoqun.vocabulary.ids import Account
from huoqun.wiring.worker import Worker
from tests.browser.stories import world
from tests.browser.window import Window

CHANGES = "main form[method=post] button, main .confirm summary"
"""What changes something. Saving a view of one's own does not."""


@pytest.fixture
def places(groups_live: Community) -> list[str]:
    """Every page about the story's community."""
    group = Group.objects.filter(community=groups_live).first()
    person = Identity.objects.filter(community=groups_live, roles__isnull=False).first()
    asked = Import.objects.filter(community=groups_live.slug).first()
    assert group is not None
    assert person is not None
    assert asked is not None
    return [f"/groups/{group.pk}/", f"/people/{person.person_id}/", f"/imports/{asked.pk}/"]


def test_an_observer_sees_everything_and_is_offered_nothing_to_change(
    signed_in: Callable[..., Window], seated: Callable[..., Staff], places: list[str]
) -> None:
    seated(Role.OBSERVER)
    window = signed_in(Role.OBSERVER)
    for place in ["/", "/groups/", "/people/", "/imports/", *places]:
        window.open(place).expect_fits()
        offered = window.page.locator(CHANGES).evaluate_all(
            "(all) => all.filter((e) => !e.closest('.list-views')).map((e) => e.outerHTML)"
        )
        assert not offered, f"{place}: {offered}"
        assert not window.page.query_selector("input[name=rows], input[type=file], main a[href*='describe']")
    window.open(places[0] + "describe/", status=403).expect_fits()


def test_yu_from_elsewhere_sees_nothing_and_guesses_in_vain(
    signed_in: Callable[..., Window], member: Callable[..., Staff], groups_live: Community, places: list[str]
) -> None:
    communities.seat(member(Role.LEAD), world.home(world.ELSEWHERE))
    window = signed_in(Role.LEAD)
    for place in places:
        window.open(place, status=404).expect_fits()
    window.open("/communities/tonghaoli/", status=404)
    for place in ("/", "/groups/", "/people/", "/imports/", "/communities/", "/loops/parked/"):
        words = window.open(place).expect_fits().page.inner_text("body")
        assert groups_live.name not in words
        assert not window.page.query_selector(
            "#list tbody tr:has(a[href^='/groups/']), #list tbody tr:has(a[href^='/people/'])"
        )
    for group in Group.objects.filter(community=groups_live)[:3]:
        assert group.name not in window.open(f"/groups/?q={group.name}").page.inner_text("main")


def test_a_stranger_is_asked_to_sign_in_and_then_led_on(
    open_window: Callable[..., Window], signed_in: Callable[..., Window], places: list[str]
) -> None:
    window = open_window()
    for place in ["/", *places]:
        window.open(place)
        assert "/account/login/" in window.page.url


def test_a_parked_entry_is_shown_and_delivered_again(
    signed_in: Callable[..., Window], groups_live: Community, worker: Worker
) -> None:
    def breaks(batch: Batch, /, *, now: datetime) -> None:
        raise ValueError("a name nobody expected")

    now = datetime.now(UTC)
    account = Account(groups_live.slug, "qq", "bot-1")
    said = MessagePosted(
        account=account,
        source_id="late-1",
        at=now,
        group_id="night",
        message_id="1",
        author=Person(id="tao", name="小陶"),
        text="早",
    )
    inbox.store([said], now=now)
    Worker([Subscription("community", (MessagePosted,), breaks)], {}, ()).run_dry()
    assert Parked.objects.count() == 1
    window = signed_in(Role.ADMIN).open("/").open("/loops/parked/").expect_fits()
    row = window.page.locator("#list tbody tr")
    assert groups_live.slug in row.inner_text()
    assert window.page.wait_for_selector("#tally-inbox-parked .tally").inner_text().split()[0] == "1"
    window.page.check("input[name=rows]")
    window.page.click("button[value=replay]")
    window.page.wait_for_selector(".toast[data-level=success]")
    worker.run_dry()
    assert window.open("/loops/parked/").page.query_selector("#list tbody tr") is None
    assert Group.objects.filter(native_id="night", community=groups_live).exists()
    window.expect_fits()
