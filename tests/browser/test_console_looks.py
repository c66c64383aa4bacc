"""Every page of the console, at the desk and on the phone, in both languages, by day and by night."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from huoqun.console import operations
from huoqun.console.models import Role, Staff
from tests.browser.window import Window

LOOKS = [
    pytest.param("zh-hans", False, False, id="zh-desk-day"),
    pytest.param("zh-hans", True, True, id="zh-phone-night"),
    pytest.param("en", True, False, id="en-phone-day"),
    pytest.param("en", False, True, id="en-desk-night"),
]
ADMIN_PAGES = {
    "staff": "/staff/",
    "staff-add": "/staff/add/",
    "exports": "/staff/exports/",
    "own": "/account/",
    "second-factor": "/account/2fa/",
    "password": "/account/password/change/",
    "sign-out": "/account/logout/",
}


@pytest.fixture
def colleagues(live_server: object) -> list[Staff]:
    """Enough rows for two pages."""
    names = ["苏婉", "周一鸣", "赵启", "何田田", "顾南"]
    return [
        operations.add_staff(f"colleague{i:02}", name=names[i % 5], role=[Role.OPERATOR, Role.LEAD, Role.OBSERVER][i % 3])
        for i in range(60)
    ]


@pytest.mark.parametrize(("language", "phone", "dark"), LOOKS)
def test_every_page_behind_the_door_fits(
    signed_in: Callable[..., Window], colleagues: list[Staff], language: str, phone: bool, dark: bool
) -> None:
    operations.deactivate(colleagues[0])
    operations.log_export("staff", kind="csv", query="role=lead", rows=12, by=colleagues[1], now=timezone.now())
    window = signed_in("admin", language=language, phone=phone, dark=dark)
    suffix = f"{language}-{'phone' if phone else 'desk'}-{'night' if dark else 'day'}"
    for name, path in {**ADMIN_PAGES, "staff-one": f"/staff/{colleagues[0].pk}/"}.items():
        window.open(path).shot(f"{name}-{suffix}").expect_fits()
    window.open("/nowhere/", status=404).shot(f"not-found-{suffix}").expect_fits()


@pytest.mark.parametrize(("language", "phone", "dark"), LOOKS)
def test_every_page_at_the_door_fits(
    open_window: Callable[..., Window], member: Callable[..., Staff], language: str, phone: bool, dark: bool
) -> None:
    window = open_window(language=language, phone=phone, dark=dark)
    suffix = f"{language}-{'phone' if phone else 'desk'}-{'night' if dark else 'day'}"
    window.open("/account/login/").shot(f"sign-in-{suffix}").expect_fits()
    window.open("/account/link/nonsense/", status=410).shot(f"link-gone-{suffix}").expect_fits()
    link = operations.one_time_link(member("admin"), now=timezone.now())
    window.open(window.server + link[link.index("/account/") :]).shot(f"link-{suffix}").expect_fits()


def test_the_theme_is_the_systems_until_somebody_chooses(signed_in: Callable[..., Window]) -> None:
    window = signed_in("lead", dark=True).open("/account/")
    theme = "() => document.documentElement.dataset.bsTheme"
    assert window.evaluate(theme) == "dark"
    window.page.click(".tongue [data-theme-toggle]")
    assert window.evaluate(theme) == "light"
    window.open("/account/")
    assert window.evaluate(theme) == "light"
    window.page.click(".tongue [data-theme-toggle]")
    assert window.evaluate("() => localStorage.getItem('huoqun-theme')") is None


def test_the_language_is_kept_on_the_account(signed_in: Callable[..., Window]) -> None:
    window = signed_in("operator").open("/account/")
    assert window.page.inner_text("h1") == "我的账号"
    window.page.click("button[value=en]")
    assert window.page.inner_text("h1") == "My account"
    assert window.evaluate("() => document.documentElement.lang") == "en"
    assert Staff.objects.get(username="tao").language == "en"
    window.page.context.clear_cookies(name="django_language")
    assert window.open("/account/").page.inner_text("h1") == "My account"


def test_the_menu_opens_on_a_phone(signed_in: Callable[..., Window]) -> None:
    window = signed_in("admin", phone=True).open("/staff/")
    assert not window.page.is_visible("#menu")
    window.page.click(".navbar-toggler")
    window.page.wait_for_selector("#menu.show")
    window.expect_fits().shot("menu-phone")
    window.page.click("#menu a[href='/account/']")
    assert window.page.inner_text("h1") == "我的账号"


def test_the_keyboard_skips_to_the_content(signed_in: Callable[..., Window]) -> None:
    window = signed_in("admin").open("/staff/")
    window.page.keyboard.press("Tab")
    assert window.evaluate("() => document.activeElement.className") == "skip"
    window.page.keyboard.press("Enter")
    assert window.evaluate("() => document.activeElement.id") == "content"
