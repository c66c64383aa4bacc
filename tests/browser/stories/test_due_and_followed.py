"""What is due stands first in the morning and is done with one tap; after a broadcast the page says what followed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huoqun.community.models import Community, Group
from huoqun.console.models import Role, Staff
from huoqun.content.models import Broadcast, Recipient
from huoqun.health.models import Audit
from huoqun.ownership import operations as ownership
from huoqun.ownership.models import Todo
from huoqun.ownership.types import Give
from tests.browser.window import Window

LOOKS = [("zh-hans", True, True), ("en", False, False)]
"""Language, phone, dark."""


@pytest.mark.parametrize(("language", "phone", "dark"), LOOKS)
def test_tao_does_the_first_thing_on_the_first_page(
    groups_live: Community,
    seated: Callable[..., Staff],
    signed_in: Callable[..., Window],
    language: str,
    phone: bool,
    dark: bool,
) -> None:
    tao = seated(Role.OPERATOR, language=language)
    for number in range(5):
        wish = Give(
            community=groups_live, key=f"k{number}", room="sop", about="run/1", due_at=timezone.now(), title="发早安", to=tao,
            text="早上好！今天的菜价在这里。",
        )  # fmt: skip
        ownership.give(wish, now=timezone.now())
    window = signed_in(Role.OPERATOR, language=language, phone=phone, dark=dark).open("/").expect_fits()
    window.shot(f"first-page-due-{language}")
    expect(window.page.locator("#due .todo")).to_have_count(3)
    window.page.click("#due .todo >> nth=0 >> .btn-primary")
    expect(window.page.locator("#due .todo-done")).to_have_count(1)
    assert Todo.objects.filter(state="done", done_by=tao).count() == 1
    window.expect_fits()


@pytest.mark.parametrize(("language", "phone", "dark"), LOOKS)
def test_mo_reads_what_followed(
    groups_live: Community,
    seated: Callable[..., Staff],
    signed_in: Callable[..., Window],
    language: str,
    phone: bool,
    dark: bool,
) -> None:
    mo, broadcast = seated(Role.LEAD, language=language), None
    day = Audit.objects.filter(community=groups_live, complete=True).latest("as_of").as_of - timedelta(days=3)
    at = datetime.combine(day, time(10), ZoneInfo(groups_live.zone))
    broadcast = Broadcast.objects.create(
        community=groups_live, title="周末换苗", text="来", state="done", written_by=mo, written_at=at, sent_by=mo, sent_at=at
    )
    Recipient.objects.bulk_create(
        Recipient(
            broadcast=broadcast, kind="group", key=group.key, group=group, name=group.name, outcome="sent", settled_at=at,
            request_key=f"broadcast/{broadcast.pk}/group/{group.key}",
        )
        for group in Group.objects.filter(community=groups_live)
    )  # fmt: skip
    window = signed_in(Role.LEAD, language=language, phone=phone, dark=dark).open(f"/broadcasts/{broadcast.pk}/").expect_fits()
    window.page.click(f"a[href$='/broadcasts/{broadcast.pk}/followed/']")
    expect(window.page.locator("#followed table tbody tr").first).to_be_visible()
    assert ("送到当天和第二天" if language == "zh-hans" else "On the day it arrived") in window.page.inner_text("#followed h2")
    window.expect_fits().shot(f"followed-{language}")
