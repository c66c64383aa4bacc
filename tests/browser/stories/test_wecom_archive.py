"""The conversation archive is set up on its page: secret, key, what is heard, and what waits for a key nobody has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from huoqun.carriers.models import Connection
from huoqun.carriers.registry import archive_minder, connect_wecom
from huoqun.carriers.wecom.archive.keys import new_pair
from huoqun.carriers.wecom.tests.sandbox import Sandbox, running_sandbox
from huoqun.community.models import Community
from huoqun.console.models import Role
from huoqun.wiring.hearing import Ears
from tests.browser.window import Window

LOOKS = [("zh-hans", True), ("en", False)]
"""Language, phone."""


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def company(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sandbox]:
    with running_sandbox(seed=7, staff=4, groups=4, people=60, customers=40) as found:
        monkeypatch.setenv("WEWORK_SANDBOX", found.base_url)
        settings.WECOM_ARCHIVE_LIBRARY = "wecom_sandbox.archive.twin:Twin"
        settings.UPLOADS = tmp_path
        yield found


@pytest.fixture
def connected(live_server: LiveServer, settings: Any, groups_live: Community, company: Sandbox) -> str:
    """The address of the archive's page."""
    settings.PUBLIC_URL = live_server.url
    app = company.json["apps"][0]
    connect_wecom(
        groups_live.slug, company.json["corpid"], now=now(), name="栀野生活", api=company.base_url, agentid=app["agentid"],
        app_secret=app["secret"], contact_secret=company.json["contact_secret"],
    )  # fmt: skip
    return "/wecom/"


def listen() -> None:
    """What the worker does, until there is nothing left to do; whose turn would come in some seconds has it at once."""
    Connection.objects.update(next_at=now())
    ears, minder = Ears(clock=now), archive_minder(clock=now)
    while ears.round() or minder.round():
        pass


def speak(company: Sandbox, words: str) -> None:
    far = company.company
    assert far is not None
    with far.lock:
        groups = [(group.chat_id, list(far.groups.members(group))) for _number, group in far.groups.walk()]
    chat_id, customer = next((chat, each.id) for chat, members in groups for each in members if each.type == 2)
    company.people("speak", by=customer, chat_id=chat_id, text=words)


@pytest.mark.parametrize(("language", "phone"), LOOKS)
def test_lin_sets_up_the_archive_and_supplies_a_key_that_was_missing(
    signed_in: Callable[..., Window], connected: str, company: Sandbox, language: str, phone: bool
) -> None:
    window = signed_in(Role.ADMIN, language=language, phone=phone).open(connected)
    page = window.page
    page.click("#content table a >> nth=0")
    page.click("nav.tabs a[href$='/archive/']")
    page.fill("[name=archive_secret]", company.json["archive_secret"])
    page.click("#reading button[type=submit]")
    page.click("#keys form[action$='/keys/make/'] button")
    public = page.input_value("#keys textarea[readonly]")
    company.control("archive/key", {"public_key": public})
    company.control("archive/licences", {"userids": "all", "edition": 3})
    speak(company, "今晚几点?")
    listen()
    page.reload()
    expect(page.locator("#reading .state-good")).to_be_visible()
    expect(page.locator("#coverage")).to_contain_text("100.0%")
    expect(page.locator("#keys tbody th")).to_have_text("1")
    assert company.json["archive_secret"] not in page.content()
    assert "PRIVATE" not in page.content()
    window.expect_fits()
    theirs = _another_key(company)
    speak(company, "八点")
    listen()
    page.reload()
    expect(page.locator("#keys .alert-danger")).to_contain_text("2")
    window.expect_fits().shot(f"wecom-archive-{language}")
    page.fill("[name=private]", theirs)
    page.click("#keys form[action$='/keys/supply/'] button[type=submit]")
    listen()
    page.reload()
    expect(page.locator("#keys .alert-danger")).to_have_count(0)
    page.click("#coverage .form-actions a")
    expect(page.locator("#content .state-good")).to_have_count(4)
    window.expect_fits().shot(f"wecom-archive-groups-{language}")


def _another_key(company: Sandbox) -> str:
    """Somebody puts another public key into WeCom's console. Its private half."""
    pair = new_pair()
    company.control("archive/key", {"public_key": pair.public})
    return pair.private
