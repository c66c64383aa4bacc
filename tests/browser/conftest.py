"""A real Chromium in front of a live server. `signed_in("lead")` gives a page as that role sees it.

Without Chromium these tests fail and say what to install; HUOQUN_NO_BROWSER=1 leaves them out, visibly.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright
from pytest_django.live_server_helper import LiveServer

from huoqun.console import navigation
from huoqun.console.models import Role, Staff
from tests.browser.window import Window

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CAST = {Role.ADMIN: ("lin", "林晓"), Role.LEAD: ("mo", "莫言秋"), Role.OPERATOR: ("tao", "陶然"), Role.OBSERVER: ("yu", "于北")}
PASSWORD = "正确的马、电池 42"
VENDOR = Path(str(navigation.__file__)).parent / "static/vendor/tabler.css"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser; with pytest-xdist it stays in one process, so that there is one browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if os.environ.get("HUOQUN_NO_BROWSER") == "1":
        pytest.skip("HUOQUN_NO_BROWSER=1: browser tests are left out")
    if not found:
        pytest.fail("no Chromium here: apt-get install chromium fonts-noto-cjk, or set HUOQUN_NO_BROWSER=1", pytrace=False)
    if not VENDOR.is_file():
        pytest.fail("the browser files are not built: python tools/static_files.py", pytrace=False)
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # Playwright's loop runs in this thread, where Django would refuse every query of the test itself.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as made:
        yield made
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    made = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield made
    made.close()


@pytest.fixture
def open_window(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Window]]:
    """A window nobody is signed in to. At the end no page may have complained in its console."""
    windows: list[tuple[BrowserContext, Window]] = []

    def make(*, language: str = "zh-hans", phone: bool = False, dark: bool = False) -> Window:
        context = browser.new_context(
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 900},
            locale="en-GB" if language == "en" else "zh-CN",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            service_workers="block",
        )
        window = Window(context.new_page(), live_server.url)
        windows.append((context, window))
        return window

    yield make
    for context, _window in windows:
        context.close()
    for _context, window in windows:
        assert not window.complaints


@pytest.fixture
def member() -> Callable[..., Staff]:
    """Somebody of the cast by role, with a password."""

    def make(role: str = Role.ADMIN, **facts: str) -> Staff:
        username, name = CAST[Role(role)]
        staff, new = Staff.objects.get_or_create(username=username, defaults={"role": role, "name": name, **facts})
        if new:
            staff.set_password(PASSWORD)
            staff.save()
        return staff

    return make


@pytest.fixture
def signed_in(open_window: Callable[..., Window], member: Callable[..., Staff]) -> Callable[..., Window]:
    """A window signed in as somebody with this role; language, phone width and dark as asked."""

    def make(role: str = Role.ADMIN, *, language: str = "zh-hans", phone: bool = False, dark: bool = False) -> Window:
        staff = member(role, language=language)
        if staff.language != language:
            staff.language = language
            staff.save()
        client = Client()
        client.force_login(staff)
        window = open_window(language=language, phone=phone, dark=dark)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        window.page.context.add_cookies([{**cookie, "url": window.server}])  # type: ignore[list-item]
        return window

    return make
