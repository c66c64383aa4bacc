"""A broadcast from the first word to the last delivery, the red pause, and what is left to a person's hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.content.models import Broadcast
from huoqun.ownership.models import Todo
from tests.browser.stories.balcony import BY_HAND, LATER, Balcony
from tests.browser.window import Window

TEXT = "{{群名}}的朋友们，周六下午三点换苗，{{运营|我们}}在楼下等你。"
LOOKS = [("zh-hans", False), ("en", True)]
"""Language, and whether on a phone, where it is night as well."""

WORDS = {
    "zh-hans": {
        "preview": "12 个群会收到，其中 1 个要人工发。",
        "first": "12 个群中 5 个已收到，1 个等人工发，2 个被拒绝，4 个还没发出。",
        "forbidden": "载体不允许这样做。",
        "dissolved": "这个群已解散。",
        "by hand": "人工",
    },
    "en": {
        "preview": "12 groups get this, 1 of them by hand.",
        "first": "5 of 12 groups have it, 1 waits for a hand, 2 refused, 4 still to go.",
        "forbidden": "The carrier does not allow this.",
        "dissolved": "This group has been dissolved.",
        "by hand": "by hand",
    },
}


@pytest.fixture
def balcony(live_server: LiveServer, member: Callable[..., Staff], tmp_path: Path) -> Iterator[Balcony]:
    """Mo leads the community, Tao runs the group nobody is connected to; out there is trouble."""
    made = Balcony(tmp_path)
    for role in (Role.LEAD, Role.OPERATOR):
        communities.seat(member(role), made.home)
    made.come_to_life(operator=member(Role.OPERATOR))
    made.make_trouble()
    yield made
    made.world.close()


def write(mo: Window, *, text: str = TEXT) -> None:
    mo.open("/broadcasts/write/?community=balcony").expect_fits()
    mo.page.fill("[name=title]", "周末换苗")
    mo.page.fill("[name=text]", text)
    for quiet in ("quiet_from", "quiet_to"):  # whenever the test runs, it is not night
        mo.page.fill(f"[name={quiet}]", "")
    mo.page.click("#write button[type=submit]")


def send(mo: Window, balcony: Balcony) -> Broadcast:
    """Written and sent; the worker has taken its first turn."""
    write(mo)
    mo.page.click(".confirm summary")
    mo.expect_fits().page.click(".confirm button")
    mo.page.wait_for_selector("#standing")
    balcony.worker.run_dry()
    return Broadcast.objects.get()


def expect_standing(window: Window, broadcast: Broadcast, words: str) -> None:
    """The page follows by itself; it is opened once only."""
    if not window.page.url.endswith(f"/broadcasts/{broadcast.pk}/"):
        window.open(f"/broadcasts/{broadcast.pk}/")
    expect(window.page.locator("#standing h2")).to_have_text(words, timeout=15_000)


@pytest.mark.method("G04")
@pytest.mark.parametrize(("language", "phone"), LOOKS)
def test_mo_writes_to_twelve_groups_and_the_page_says_exactly_what_became_of_it(
    balcony: Balcony, signed_in: Callable[..., Window], language: str, phone: bool
) -> None:
    words = WORDS[language]
    mo = signed_in(Role.LEAD, language=language, phone=phone, dark=phone)
    write(mo)
    assert mo.page.inner_text(".finding h2 >> nth=0") == words["preview"]
    row = mo.page.locator("table.needing tr", has_text=BY_HAND)
    assert words["by hand"] in row.inner_text()
    assert f"{BY_HAND}的朋友们，周六下午三点换苗，陶然在楼下等你。" in row.inner_text()
    assert not balcony.posts()
    mo.expect_fits().page.click(".confirm summary")
    mo.page.click(".confirm button")
    mo.page.wait_for_selector("#standing[hx-get]")
    balcony.worker.run_dry()
    broadcast = Broadcast.objects.get()
    expect_standing(mo, broadcast, words["first"])
    needing = mo.page.locator("#standing table.needing tbody tr")
    reasons = [needing.nth(place).inner_text() for place in range(needing.count())]
    assert [sum(words[why] in said for said in reasons) for why in ("forbidden", "dissolved")] == [1, 1]
    assert [BY_HAND in said for said in reasons] == [False, False, True]
    assert balcony.posts() == 5
    mo.expect_fits().open("/outbox/").expect_fits()
    mo.page.click("#list tbody a >> nth=0")
    mo.expect_fits().open(f"/broadcasts/{broadcast.pk}/recipients/").expect_fits().open("/broadcasts/").expect_fits()


@pytest.mark.parametrize(("language", "phone"), LOOKS)
def test_lin_presses_the_red_pause_and_nothing_more_goes_out_until_she_lets_it(
    balcony: Balcony, signed_in: Callable[..., Window], language: str, phone: bool
) -> None:
    broadcast = send(signed_in(Role.LEAD), balcony)
    assert balcony.posts() == 5
    lin = signed_in(Role.ADMIN, language=language, phone=phone, dark=phone).open("/")
    lin.page.on("dialog", lambda dialog: dialog.accept())
    lin.page.click(".page-head-actions button.btn-danger")
    lin.page.wait_for_selector(".page-head-actions a.btn-danger")
    assert "林晓" in lin.expect_fits().page.inner_text(".banner >> nth=0")
    balcony.pass_by(2 * LATER)
    assert balcony.posts() == 5
    lin.page.click(".page-head-actions a.btn-danger")
    lin.expect_fits().page.click("main form[action$='/lift/'] button")
    lin.page.wait_for_selector(".page-head-actions button.btn-danger")
    balcony.pass_by(timedelta(seconds=1))
    assert balcony.posts() == 9
    left = "12 个群中 9 个已收到，1 个等人工发，2 个被拒绝。"
    expect_standing(lin, broadcast, left if language == "zh-hans" else "9 of 12 groups have it, 1 waits for a hand, 2 refused.")


@pytest.mark.method("I11")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_to_do_is_done_by_a_thumb_taken_back_in_time_and_done_for_good(
    balcony: Balcony, signed_in: Callable[..., Window], language: str
) -> None:
    broadcast = send(signed_in(Role.LEAD), balcony)
    tao = signed_in(Role.OPERATOR, language=language, phone=True).open("/todos/").expect_fits()
    card = tao.page.locator("article.todo")
    assert BY_HAND in card.inner_text()
    assert card.locator("textarea").input_value() == f"{BY_HAND}的朋友们，周六下午三点换苗，陶然在楼下等你。"
    box = card.locator(".btn-primary").bounding_box()
    assert box is not None
    assert box["height"] >= 48
    card.locator(".btn-primary").click()
    tao.page.wait_for_selector("article.todo-done")
    balcony.worker.run_dry()
    assert Todo.objects.get().settled_at is None
    tao.expect_fits().page.click("article.todo-done .btn")
    tao.page.wait_for_selector("article.todo-open")
    balcony.pass_by(timedelta(minutes=2))
    assert Todo.objects.get().state == "open"
    tao.page.click("article.todo-open .btn-primary")
    tao.page.wait_for_selector("article.todo-done")
    balcony.pass_by(timedelta(minutes=2))
    one = Todo.objects.get()
    assert (one.state, one.how, str(one.done_by)) == ("done", "tap", "陶然")
    mo = signed_in(Role.LEAD)
    expect_standing(mo, broadcast, "12 个群中 6 个已收到，2 个被拒绝，4 个还没发出。")
    assert balcony.posts() == 5
    for place in (f"/todos/{one.pk}/", "/todos/all/", "/todos/away/"):
        mo.open(place).expect_fits()
        tao.open(place).expect_fits()
