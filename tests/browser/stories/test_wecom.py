"""A company is connected through WeCom, colleagues come in with it, and beside a chat they see who they are talking to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.apps import apps
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from huoqun.carriers.registry import connect_wecom
from huoqun.carriers.wecom.tests.sandbox import Sandbox, running_sandbox
from huoqun.community.models import Community, Contact
from huoqun.console import operations as console
from huoqun.console.models import Role, Staff
from huoqun.wiring import syncing
from huoqun.wiring.worker import Worker
from tests.browser.window import Window

LOOKS = [("zh-hans", True), ("en", False)]
"""Language, phone."""

IN_WECOM = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148 wxwork/4.1.20 MicroMessenger/7.0.1 Language/zh"
BRIDGE = """
  window.asked = [];
  window.WeixinJSBridge = {
    on() {},
    invoke(name, told, answer) {
      window.asked.push([name, told]);
      const more = { getContext: { entry: "%(entry)s" }, getCurExternalContact: { userId: "%(person)s" },
        getCurExternalChat: { chatId: "%(chat)s" } }[name] ?? {};
      setTimeout(() => answer({ err_msg: `${name}:ok`, ...more }), 5);
    },
  };
"""
"""What WeCom puts into its own browser: our page's script speaks with it, and with nothing else."""


@pytest.fixture
def company() -> Iterator[Sandbox]:
    with running_sandbox(seed=7, staff=4, groups=4, people=60, customers=40) as found:
        yield found


@pytest.fixture
def house(live_server: LiveServer, settings: object) -> str:
    settings.PUBLIC_URL = live_server.url  # type: ignore[attr-defined]
    return str(live_server.url)


@pytest.fixture
def connected(house: str, groups_live: Community, company: Sandbox) -> Community:
    """The story's community with everybody and every group of the company."""
    app, now = company.json["apps"][0], datetime.now(UTC)
    there = connect_wecom(
        groups_live.slug, company.json["corpid"], now=now, name="栀野生活", api=company.base_url, agentid=app["agentid"],
        app_secret=app["secret"], contact_secret=company.json["contact_secret"],
    )  # fmt: skip
    apps.get_model("wecom", "Corp").objects.update(sign_in=True)
    syncing.ask(there.account, by=None, now=now)
    Worker().run_dry()
    return groups_live


@pytest.mark.method("I01")
@pytest.mark.parametrize(("language", "phone"), LOOKS)
def test_lin_connects_a_company_and_has_the_connection_looked_over(
    signed_in: Callable[..., Window], house: str, groups_live: Community, company: Sandbox, language: str, phone: bool
) -> None:
    window = signed_in(Role.ADMIN, language=language, phone=phone).open("/wecom/").expect_fits()
    page, app = window.page, company.json["apps"][0]
    page.click(".nothing a")
    window.expect_fits().shot(f"wecom-connect-{language}")
    page.select_option("[name=community]", groups_live.slug)
    for field, value in {"corpid": company.json["corpid"], "agentid": str(app["agentid"]), "api": company.base_url}.items():
        page.fill(f"[name={field}]", value)
    page.fill("[name=app_secret]", "not-the-secret")
    page.click("button.btn-primary[type=submit]")
    expect(page.locator(".alert-danger")).to_contain_text("40001")
    page.fill("[name=app_secret]", app["secret"])
    page.click("button.btn-primary[type=submit]")
    expect(page.locator("#found-customer_contact .state-good")).to_be_visible(timeout=20_000)
    assert f"{house}/hooks/wecom/" in page.input_value("#callback-url")
    page.click("button[name=listen]")
    expect(page.locator("button[name=listen]")).to_have_count(0)
    window.expect_fits().shot(f"wecom-company-{language}")
    page.click("nav.tabs a >> nth=1")
    expect(page.locator("#found-secret .state-good")).to_be_visible(timeout=30_000)
    expect(page.locator("#found-callback .remedy")).to_be_visible()
    assert app["secret"] not in page.content()
    window.expect_fits().shot(f"wecom-doctor-{language}")


@pytest.mark.parametrize(("language", "phone"), LOOKS)
def test_mo_comes_in_by_scanning_and_lin_says_with_which_account(
    signed_in: Callable[..., Window],
    open_window: Callable[..., Window],
    seated: Callable[..., Staff],
    connected: Community,
    company: Sandbox,
    language: str,
    phone: bool,
) -> None:
    mo = seated(Role.LEAD, language=language)
    window = signed_in(Role.ADMIN, language=language, phone=phone).open("/wecom/")
    window.page.click("#content table a >> nth=0")
    window.page.click("nav.tabs a >> nth=-1")
    window.page.select_option("[name=staff]", str(mo.pk))
    window.page.fill("[name=userid]", "mo")
    window.page.click("form:has([name=userid]) button[type=submit]")
    expect(window.page.locator("table")).to_contain_text("mo")
    window.expect_fits().shot(f"wecom-colleagues-{language}")

    door = open_window(language=language, phone=phone).open("/account/login/").expect_fits()
    door.shot(f"wecom-login-{language}")
    door.page.click("a[href*='/in/']")
    assert door.page.url.startswith(company.base_url)
    door.page.click(f"a >> text={name_of(company, 'mo')}")
    door.page.wait_for_url(f"{door.server}/**")
    door.open("/account/").expect_fits()
    expect(door.page.locator("#ways-in")).to_contain_text("mo")


def name_of(company: Sandbox, userid: str) -> str:
    assert company.company is not None
    with company.company.lock:
        return str(company.company.directory.get(userid).name)


def beside_a_chat(window: Window, *, entry: str, person: str, chat: str) -> Page:
    window.page.add_init_script(BRIDGE % {"entry": entry, "person": person, "chat": chat})
    return window.page


@pytest.fixture
def in_wecom(browser: object, open_window: Callable[..., Window]) -> Callable[..., Window]:
    """A window of the app itself: its browser says so."""

    def make(language: str, *, phone: bool) -> Window:
        window = open_window(language=language, phone=phone)
        window.page.context.set_extra_http_headers({"User-Agent": IN_WECOM})
        window.page.add_init_script(f"Object.defineProperty(navigator, 'userAgent', {{ get: () => '{IN_WECOM}' }});")
        return window

    return make


@pytest.mark.method("G04")
@pytest.mark.parametrize(("language", "phone"), LOOKS)
def test_beside_a_chat_tao_sees_who_that_is(
    in_wecom: Callable[..., Window],
    seated: Callable[..., Staff],
    connected: Community,
    company: Sandbox,
    language: str,
    phone: bool,
) -> None:
    tao = seated(Role.OPERATOR, language=language)
    console.give_passport(tao, f"wecom/{company.json['corpid']}", "tao", by=tao, now=datetime.now(UTC))
    known = Contact.objects.filter(identity__memberships__left_at=None).select_related("identity__person").first()
    assert known is not None
    place = known.identity.memberships.select_related("group").filter(left_at=None)[0]
    window = in_wecom(language, phone=phone)
    page = beside_a_chat(window, entry="single_chat_tools", person=known.identity.native_id, chat="")
    # Nobody is signed in: the app is asked who it is, and the page is there.
    page.goto(f"{window.server}/who/wecom/{company.json['corpid']}/")
    page.click(f"a >> text={name_of(company, 'tao')}")
    expect(page.locator(".who-head h2")).to_have_text(str(known.identity.person), timeout=15_000)
    expect(page.locator(".who-list").last).to_contain_text(str(place.group))
    expect(page.locator("h3").last).to_be_visible()
    signed = dict(page.evaluate("window.asked"))
    assert signed["agentConfig"]["corpid"] == company.json["corpid"]
    assert len(signed["agentConfig"]["signature"]) == 40
    page.wait_for_load_state("networkidle")
    window.expect_fits().shot(f"wecom-who-{language}")


def test_beside_a_group_chat_stands_the_group(
    in_wecom: Callable[..., Window], seated: Callable[..., Staff], connected: Community, company: Sandbox
) -> None:
    tao = seated(Role.OPERATOR)
    console.give_passport(tao, f"wecom/{company.json['corpid']}", "tao", by=tao, now=datetime.now(UTC))
    group = connected.groups.filter(carrier="wecom").first()
    assert group is not None
    window = in_wecom("zh-hans", phone=True)
    page = beside_a_chat(window, entry="group_chat_tools", person="", chat=group.native_id)
    page.goto(f"{window.server}/who/wecom/{company.json['corpid']}/")
    page.click(f"a >> text={name_of(company, 'tao')}")
    expect(page.locator(".who-head h2")).to_have_text(str(group), timeout=15_000)
    window.expect_fits()


def test_outside_of_the_app_people_are_looked_up_by_name(
    signed_in: Callable[..., Window], seated: Callable[..., Staff], connected: Community, company: Sandbox
) -> None:
    seated(Role.OPERATOR)
    known = Contact.objects.select_related("identity__person").exclude(identity__person__name="").first()
    assert known is not None
    window = signed_in(Role.OPERATOR, phone=True).open(f"/who/wecom/{company.json['corpid']}/").expect_fits()
    window.page.fill("#who-q", known.identity.person.name)
    window.page.keyboard.press("Enter")
    window.page.click(f".who-found a[href='/who/person/{known.identity.person_id}/']")
    expect(window.page.locator(".who-head h2")).to_have_text(known.identity.person.name)
    window.expect_fits()


def test_yu_from_elsewhere_is_told_that_nothing_is_connected(
    signed_in: Callable[..., Window], member: Callable[..., Staff], connected: Community, company: Sandbox
) -> None:
    member(Role.OBSERVER)
    window = signed_in(Role.OBSERVER, phone=True).open(f"/who/wecom/{company.json['corpid']}/").expect_fits()
    assert not window.page.query_selector("#who-q")
