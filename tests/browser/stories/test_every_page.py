"""Every page, in both languages, wide and on a phone, by day and by night: fits, speaks, is labelled, and stays quiet."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from huoqun.carriers.models import Import
from huoqun.community.models import Community, Group, Identity
from huoqun.console.models import Role
from tests.browser.window import Window

LOOKS = [("zh-hans", True, False), ("en", True, True), ("zh-hans", False, True), ("en", False, False)]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def places(groups_live: Community) -> list[str]:
    busiest = Group.objects.filter(community=groups_live, unanswered_questions__isnull=False).first()
    silent = Group.objects.filter(state="dead").first() or busiest
    talker = Identity.objects.filter(community=groups_live, roles__isnull=False).first()
    asked = Import.objects.filter(community=groups_live.slug).first()
    assert busiest is not None
    assert silent is not None
    assert talker is not None
    assert asked is not None
    return [
        "/",
        "/groups/",
        "/groups/?q=nothing-is-called-this",
        "/groups/?carrier=unheard-of",
        f"/groups/{busiest.pk}/",
        f"/groups/{silent.pk}/",
        f"/groups/{busiest.pk}/describe/",
        "/people/",
        f"/people/{talker.person_id}/",
        "/imports/",
        f"/imports/{asked.pk}/",
        "/loops/parked/",
        "/todos/",
        "/todos/all/",
        "/todos/away/",
        "/outbox/",
        "/outbox/paused/",
        "/outbox/caps/",
        "/broadcasts/",
        f"/broadcasts/write/?community={groups_live.slug}",
        "/sop/",
        f"/sop/new/?community={groups_live.slug}",
        "/sop/shipped/newcomer-week/",
        "/sop/at-work/",
        "/sop/waiting/",
        "/sop/calendar/",
        "/sop/in-time/",
        "/communities/",
        f"/communities/{groups_live.slug}/",
        "/staff/",
        "/staff/exports/",
        "/account/",
    ]


@pytest.mark.parametrize(("language", "phone", "dark"), LOOKS)
def test_every_page_fits_and_no_page_complains(
    signed_in: Callable[..., Window], places: list[str], language: str, phone: bool, dark: bool
) -> None:
    window = signed_in(Role.ADMIN, language=language, phone=phone, dark=dark)
    for place in places:
        window.open(place).expect_fits()
        assert window.evaluate("() => document.documentElement.lang") == language
        assert bool(CHINESE.search(window.page.inner_text("h1"))) is (language == "zh-hans") or place.count("/") > 2, place


@pytest.mark.parametrize("phone", [False, True])
def test_what_opens_on_a_page_fits_too(signed_in: Callable[..., Window], places: list[str], phone: bool) -> None:
    window = signed_in(Role.ADMIN, phone=phone)
    for place in places:
        window.open(place)
        window.evaluate(
            "() => { for (const one of document.querySelectorAll('main details:not(.explain):not(.menu)')) one.open = true }"
        )
        window.expect_fits()
