"""Who gets where, in which language, and what is shown when something is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client, override_settings
from django.urls import get_resolver
from django.utils import timezone

from huoqun.console import navigation, operations
from huoqun.console.models import Role, Staff
from huoqun.console.static import stamp_of


@pytest.mark.parametrize("path", ["/", "/staff/", "/staff/add/", "/staff/exports/", "/account/", "/account/2fa/"])
def test_a_stranger_is_asked_to_sign_in(client: Client, db: object, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize(("role", "status"), [(Role.ADMIN, 200), (Role.LEAD, 403), (Role.OPERATOR, 403), (Role.OBSERVER, 403)])
@pytest.mark.parametrize("path", ["/staff/", "/staff/add/", "/staff/exports/"])
def test_accounts_are_the_administrators(
    as_: Callable[[Staff], Client], lin: Staff, role: Role, status: int, path: str
) -> None:
    client = as_(operations.add_staff("somebody", role=role))
    assert client.get(path).status_code == status
    assert client.post(path, {"username": "new", "role": "admin"}).status_code in ({403} if status == 403 else {200, 404})


def test_a_lead_cannot_raise_themselves(as_: Callable[[Staff], Client], lin: Staff, mo: Staff) -> None:
    assert as_(mo).post(f"/staff/{mo.pk}/", {"role": "admin"}).status_code == 403
    mo.refresh_from_db()
    assert mo.role == Role.LEAD


def test_who_is_switched_off_is_out_at_once(as_: Callable[[Staff], Client], lin: Staff, tao: Staff) -> None:
    client = as_(tao)
    assert client.get("/account/").status_code == 200
    operations.deactivate(tao)
    assert client.get("/account/").status_code == 302


@pytest.mark.method("I17")
def test_a_new_password_by_link_ends_other_sign_ins(as_: Callable[[Staff], Client], tao: Staff) -> None:
    client = as_(tao)
    link = operations.one_time_link(tao, now=timezone.now())
    operations.set_password_by_link(link.rstrip("/").rsplit("/", 1)[1], "正确的马、电池", now=timezone.now())
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("path", ["/account/signup/", "/account/email/", "/account/password/reset/", "/account/3rdparty/"])
def test_ways_we_do_not_use_are_not_there(client: Client, db: object, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_answer_carries_the_content_policy(as_: Callable[[Staff], Client], lin: Staff) -> None:
    for path in ("/staff/", "/healthz", "/nowhere/"):
        policy = as_(lin).get(path).headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy


def test_the_language_is_the_accounts_whatever_the_browser_says(as_: Callable[[Staff], Client], tao: Staff) -> None:
    client = as_(tao)
    assert "我的账号" in client.get("/account/", headers={"accept-language": "en"}).content.decode()
    client.post("/account/language/", {"language": "en", "next": "/account/"})
    assert "My account" in client.get("/account/", headers={"accept-language": "zh-CN"}).content.decode()


@pytest.mark.parametrize(
    ("next_", "to"), [("/staff/?q=a", "/staff/?q=a"), ("https://evil.example/", "/"), ("//evil.example", "/")]
)
def test_the_language_switch_leads_back_to_us_only(client: Client, db: object, next_: str, to: str) -> None:
    assert client.post("/account/language/", {"language": "en", "next": next_}).headers["Location"] == to


def test_a_language_nobody_speaks_is_refused(client: Client, db: object) -> None:
    assert client.post("/account/language/", {"language": "tlh"}).status_code == 400


def test_own_settings_are_kept_and_a_zone_that_is_none_is_refused(as_: Callable[[Staff], Client], tao: Staff) -> None:
    client = as_(tao)
    client.post("/account/", {"name": "小陶", "language": "zh-hans", "zone": "Asia/Tokyo"})
    tao.refresh_from_db()
    assert (tao.name, tao.zone) == ("小陶", "Asia/Tokyo")
    client.post("/account/", {"name": "小陶", "language": "zh-hans", "zone": "Mars/Olympus"})
    tao.refresh_from_db()
    assert tao.zone == "Asia/Tokyo"


@pytest.mark.method("I18")
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "这里没有内容"), ("en", "There is nothing here")])
def test_errors_speak_the_readers_language_and_no_technics(client: Client, db: object, language: str, words: str) -> None:
    page = client.get("/nowhere/", headers={"accept-language": language})
    assert page.status_code == 404
    text = page.content.decode()
    assert words in text
    assert not any(sign in text for sign in ("Traceback", "django", "/src/", "SELECT"))


@pytest.mark.method("I18")
@pytest.mark.method("I18")
def test_an_accident_is_told_plainly_in_both_languages(as_: Callable[[Staff], Client], lin: Staff) -> None:
    client = as_(lin)
    client.raise_request_exception = False

    def explode(request: object) -> list[navigation.Banner]:
        raise RuntimeError("SELECT secret FROM /var/lib")

    navigation.add_banners("explode", explode)
    page = client.get("/staff/")
    text = page.content.decode()
    assert page.status_code == 500
    assert "这里出了问题" in text
    assert "Something went wrong" in text
    assert not any(sign in text for sign in ("secret", "RuntimeError", "/var"))


def test_red_banners_stand_before_amber_ones(as_: Callable[[Staff], Client], lin: Staff) -> None:
    warnings = [navigation.Banner("有点慢"), navigation.Banner("停了", tone="red", url="/staff/", action="去看看")]
    navigation.add_banners("test", lambda request: warnings)
    text = as_(lin).get("/staff/").content.decode()
    assert text.index("停了") < text.index("有点慢")


def test_a_badge_and_a_switcher_from_a_room_above(as_: Callable[[Staff], Client], lin: Staff) -> None:
    item = navigation.Item("console:staff", "员工账号", "users", 910, roles=(Role.ADMIN,))
    badged = navigation.Item(**{**vars(item), "badge": lambda request: navigation.Badge(3, "个新账号")})
    switcher = navigation.Switcher(
        "shop", "店", (navigation.Choice("一店", "?shop=1", chosen=True), navigation.Choice("二店", "?shop=2"))
    )
    navigation.add(badged)
    navigation.add_switcher("shop", lambda request: switcher)
    try:
        text = as_(lin).get("/staff/").content.decode()
        numbers = as_(lin).get("/tallies/").content.decode()
    finally:
        navigation.add(item)
        navigation.add_switcher("shop", lambda request: None)
    assert badged.mark in text
    assert "/tallies/" in text
    assert "3 个新账号" not in text
    assert "3 个新账号" in numbers
    assert badged.mark in numbers
    assert "二店" in text


def test_the_pulse_answers_without_an_account(client: Client, db: object) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_form_sent_twice_too_late_is_told_what_to_do(db: object) -> None:
    answer = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "lin", "password": "x"})
    assert answer.status_code == 403
    assert "刷新后重新提交" in answer.content.decode()


def test_our_files_carry_their_stamp(client: Client, db: object) -> None:
    page = client.get("/account/login/").content.decode()
    assert f"house.css?{stamp_of('console/house.css')}" in page
    assert client.get("/static/console/house.css").status_code == 200


@override_settings(AXES_FAILURE_LIMIT=2)
def test_wrong_passwords_are_counted_whatever_the_case_of_the_name(client: Client, tao: Staff) -> None:
    tao.set_password("正确的马、电池")
    tao.save()
    for name in ("tao", "TAO"):
        client.post("/account/login/", {"login": name, "password": "猜"})
    assert client.post("/account/login/", {"login": "Tao", "password": "正确的马、电池"}).status_code == 429
    other = client.post("/account/login/", {"login": "tao", "password": "正确的马、电池"}, REMOTE_ADDR="10.9.8.7")
    assert other.status_code == 302


def test_no_view_is_open_by_accident() -> None:
    """Every address of the console either needs a sign-in or is on this list."""
    open_names = {
        pattern.name
        for pattern in get_resolver("huoqun.console.pages.urls").url_patterns
        if not getattr(pattern.callback, "login_required", True)
    }
    assert open_names == {"healthz", "language", "link"}


def test_large_files_travel_compressed(client: Client, db: object) -> None:
    if not stamp_of("vendor/tabler.css"):
        pytest.skip("the browser files are not built here: python tools/static_files.py")
    answer = client.get("/static/vendor/tabler.css", headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "max-age=2592000" in answer.headers["Cache-Control"]
