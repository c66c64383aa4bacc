"""A lead writes what newcomers read, and sees it while writing; everybody who came stands beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huoqun.admission.models import Greeting, Welcome
from huoqun.community.models import Community
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from tests.browser.window import Window

LOOKS = [("zh-hans", False, False, "欢迎来到"), ("en", True, True, "Welcome to")]
"""Language, phone, dark, and how the text begins."""


@pytest.fixture
def garden(live_server: object) -> Community:
    return communities.found("栀野读书会", slug="garden", zone="Asia/Shanghai", now=timezone.now())


@pytest.mark.parametrize(("language", "phone", "dark", "begins"), LOOKS)
def test_a_welcome_is_read_while_it_is_written(
    garden: Community,
    member: Callable[..., Staff],
    signed_in: Callable[..., Window],
    language: str,
    phone: bool,
    dark: bool,
    begins: str,
) -> None:
    communities.seat(member(Role.LEAD, language=language), garden)
    now = timezone.now()
    Greeting.objects.bulk_create(
        Greeting(
            community=garden, key=f"welcome/{n}", person_key=n, staff_key=1, came_at=now, source="poster-3", outcome=outcome,
            settled_at=now + timedelta(seconds=1),
        )
        for n, outcome in enumerate(["sent"] * 8 + ["late", "refused"])
    )  # fmt: skip
    window = signed_in(Role.LEAD, language=language, phone=phone, dark=dark)
    window.open("/welcome/").expect_fits()
    page = window.open("/welcome/write/").expect_fits().page
    page.fill("#id_source", "poster-3")
    page.fill("#id_text", begins + " {{社群}}，{{称呼|同学}}")
    expect(page.locator("#preview")).to_contain_text(f"{begins} 栀野读书会")
    page.fill("#id_text", begins + " {{群名}}")
    expect(page.locator("#preview")).to_contain_text("群名")
    page.fill("#id_text", begins + " {{社群}}")
    expect(page.locator("#preview")).to_contain_text(f"{begins} 栀野读书会")
    window.expect_fits().shot(f"welcome-write-{language}")
    page.click("main form .btn-primary")
    expect(page.locator("main")).to_contain_text(f"{begins} 栀野读书会")
    window.expect_fits().shot(f"welcome-{language}")
    assert Welcome.objects.get().source == "poster-3"
    window.open("/welcome/greeted/").expect_fits()
