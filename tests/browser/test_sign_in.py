"""Getting in: password, throttle, second factor, one-time link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.utils import timezone

from huoqun.console import operations
from huoqun.console.models import OneTimeLink, Staff
from tests.browser.conftest import PASSWORD
from tests.browser.window import Window

NEW_PASSWORD = "新的锁，旧的门 77"


def sign_in(window: Window, username: str, password: str) -> None:
    window.open("/account/login/")
    window.page.fill("input[name=login]", username)
    window.page.fill("input[name=password]", password)
    window.page.click(".entrance-box button.btn-primary")


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_with_the_password_somebody_is_in(open_window: Callable[..., Window], member: Callable[..., Staff]) -> None:
    member("admin")
    window = open_window()
    sign_in(window, "lin", PASSWORD)
    assert window.page.is_visible(".sidebar-me")
    window.page.click(".sidebar-me button")
    assert window.page.inner_text("h1") == "登录"


def test_a_wrong_password_says_so_and_the_seventh_is_turned_away(
    open_window: Callable[..., Window], member: Callable[..., Staff]
) -> None:
    member("admin")
    window = open_window().expect(429)
    sign_in(window, "lin", "猜一个")
    assert window.page.is_visible("[role=alert], .form-wrong")
    for _ in range(5):
        sign_in(window, "lin", "再猜一个")
    assert "次数过多" in window.page.inner_text("h1")
    window.shot("locked-out").expect_fits()
    sign_in(window, "lin", PASSWORD)
    assert "次数过多" in window.page.inner_text("h1")


def test_the_second_factor_is_set_up_asked_for_and_a_recovery_code_works_once(
    open_window: Callable[..., Window], member: Callable[..., Staff]
) -> None:
    member("lead")
    window = open_window()
    sign_in(window, "mo", PASSWORD)
    window.open("/account/2fa/totp/activate/").shot("is-it-you").expect_fits()
    window.page.fill("input[name=password]", PASSWORD)
    window.page.click("main button.btn-primary")
    assert window.page.is_visible("img.qr")
    window.shot("totp-set-up").expect_fits()
    window.page.fill("input[name=code]", "000000")
    window.page.click("main button.btn-primary")
    assert window.page.is_visible(".form-wrong")
    window.page.fill("input[name=code]", code_of(str(window.page.text_content("#totp-secret"))))
    window.page.click("main button.btn-primary")
    codes = window.page.inner_text("ul.codes").split()
    assert len(codes) == 10
    window.shot("recovery-codes").expect_fits()
    window.open("/account/2fa/").shot("second-factor-on").expect_fits()
    for attempt, inside in [(codes[0], True), (codes[0], False)]:
        window.page.context.clear_cookies(name="sessionid")
        sign_in(window, "mo", PASSWORD)
        window.expect_fits().shot("second-factor-asked")
        window.page.fill("input[name=code]", attempt)
        window.page.click("main button.btn-primary")
        assert window.page.is_visible(".sidebar-me") is inside


def test_the_one_time_link_sets_a_password_once(open_window: Callable[..., Window], live_server: object) -> None:
    admin = operations.first_admin(name="林晓")
    link = operations.one_time_link(admin, now=timezone.now())
    window = open_window()
    window.open(window.server + link[link.index("/account/") :])
    window.page.fill("input[name=new_password1]", "12345678901")
    window.page.fill("input[name=new_password2]", "12345678901")
    window.page.click("main button.btn-primary")
    window.page.wait_for_selector(".form-wrong")
    window.page.fill("input[name=new_password1]", NEW_PASSWORD)
    window.page.fill("input[name=new_password2]", NEW_PASSWORD)
    window.page.click("main button.btn-primary")
    window.page.wait_for_selector(".sidebar-me")
    second = open_window()
    second.open(second.server + link[link.index("/account/") :], status=410)
    assert "已经用过" in second.page.inner_text("main")
    sign_in(second, "admin", NEW_PASSWORD)
    assert second.page.is_visible(".sidebar-me")


def test_an_administrator_adds_somebody_and_hands_on_the_link(signed_in: Callable[..., Window]) -> None:
    window = signed_in("admin").open("/staff/add/")
    window.page.fill("input[name=username]", "chen")
    window.page.fill("input[name=name]", "陈默")
    window.page.select_option("select[name=role]", "lead")
    window.page.click("main button.btn-primary")
    window.shot("staff-link").expect_fits()
    assert "/account/link/" in window.page.input_value("#one-time-link")
    assert OneTimeLink.objects.get().made_by == Staff.objects.get(username="lin")
    assert Staff.objects.get(username="chen").role == "lead"
    assert not Staff.objects.get(username="chen").has_usable_password()


@pytest.mark.parametrize("role", ["lead", "operator", "observer"])
def test_accounts_are_for_administrators(signed_in: Callable[..., Window], role: str) -> None:
    window = signed_in(role).open("/staff/", status=403)
    assert "管理员" in window.page.inner_text("main")
    window.expect_fits()
    assert not window.open("/account/").page.query_selector("a[href='/staff/']")


def test_a_link_opened_an_hour_too_late_is_closed(open_window: Callable[..., Window], member: Callable[..., Staff]) -> None:
    link = operations.one_time_link(member("lead"), now=timezone.now() - timedelta(hours=25))
    window = open_window()
    window.open(window.server + link[link.index("/account/") :], status=410)
    assert "24 小时" in window.page.inner_text("main")
