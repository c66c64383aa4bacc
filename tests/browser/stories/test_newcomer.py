"""From the one-time link to the first finding: what a newcomer does in the first ten minutes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from huoqun.carriers.models import Import
from huoqun.community.models import Group, Identity
from huoqun.console import operations
from huoqun.console.models import Role, Staff
from huoqun.health.models import GroupHealth
from huoqun.health.queries import latest_audit
from huoqun.wiring.worker import Worker
from tests.browser.stories import world
from tests.browser.window import Window

PASSWORD = "夜里跑步，白天开店 7"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return world.night_run(tmp_path / "result.json")


def hand_in(window: Window, path: Path, *, into: str) -> None:
    window.open("/imports/").expect_fits()
    window.page.set_input_files("input[type=file]", str(path))
    window.page.fill("input[name=new_community]", into)
    window.page.click("form.hand-in button[type=submit]")
    window.page.wait_for_url("**/imports/*/")


def taken_in(window: Window, worker: Worker, path: Path, *, into: str) -> Import:
    """Handed in, and followed on the page until the worker is done."""
    hand_in(window, path, into=into)
    assert "排队" in window.page.inner_text("#import h2")
    worker.run_dry()
    window.page.wait_for_selector("#import:not([hx-get])")
    return Import.objects.latest("id")


def health_of(group: Group) -> GroupHealth:
    return GroupHealth.objects.get(group=group, audit=latest_audit(group.community))


def said_lately(window: Window, group: Group) -> str:
    return window.open(f"/groups/{group.pk}/").page.inner_text("#activity h2")


def test_a_newcomer_sets_a_password_imports_a_chat_and_finds_the_group(
    open_window: Callable[..., Window], live_server: LiveServer, worker: Worker, export: Path
) -> None:
    link = operations.one_time_link(operations.first_admin(name="林晓"), now=timezone.now())
    window = open_window()
    window.open(link[link.index("/account/") :]).expect_fits()
    window.page.fill("input[name=new_password1]", PASSWORD)
    window.page.fill("input[name=new_password2]", PASSWORD)
    window.page.click("main button.btn-primary")
    assert window.page.inner_text("h1") == "今天"
    window.expect_fits().page.click("main a[href='/imports/']")
    asked = taken_in(window, worker, export, into="夜跑俱乐部")
    assert (asked.state, asked.added, asked.bad) == ("done", 60, 1)
    assert "60" in window.page.inner_text("#import h2")
    window.expect_fits().page.click(".sidebar-pages a[href='/groups/']")
    row = window.page.locator("#list tbody tr").filter(has_text="滨江夜跑群")
    assert row.locator(".state").inner_text().strip()
    row.locator("th a").click()
    assert window.page.inner_text("h1") == "滨江夜跑群"
    window.expect_fits()


def test_the_broken_record_is_shown_with_its_line_and_can_be_taken_away(
    signed_in: Callable[..., Window], worker: Worker, export: Path
) -> None:
    window = signed_in(Role.ADMIN)
    asked = taken_in(window, worker, export, into="夜跑俱乐部")
    broken = window.page.locator("#import tbody tr")
    line = next(n for n, text in enumerate(export.read_text(encoding="utf-8").splitlines(), 1) if "9001" in text)
    assert broken.locator("td").nth(0).inner_text() == "result.json"
    assert abs(int(broken.locator("td").nth(1).inner_text()) - line) <= 1
    assert "没有时间的一条" in broken.inner_text()
    with window.page.expect_download() as download:
        window.page.click(f"a[href='/imports/{asked.pk}/unreadable.csv']")
    head, record = world.heads(Path(download.value.path()))
    assert head == ["file", "line", "field", "problem", "record"]
    assert (record[0], record[2]) == ("result.json", "date")
    assert "9001" in record[4]


def test_importing_the_same_file_again_adds_nothing(signed_in: Callable[..., Window], worker: Worker, export: Path) -> None:
    window = signed_in(Role.ADMIN)
    taken_in(window, worker, export, into="夜跑俱乐部")
    window.open("/imports/").page.set_input_files("input[type=file]", str(export))
    window.page.select_option("select[name=community]", label="夜跑俱乐部")
    window.page.click("form.hand-in button[type=submit]")
    window.page.wait_for_url("**/imports/*/")
    worker.run_dry()
    window.page.wait_for_selector("#import:not([hx-get])")
    assert Import.objects.latest("id").added == 0
    assert window.page.inner_text("#import h2").startswith("没有新内容")


def test_a_bot_labelled_by_hand_leaves_the_figures_and_an_undone_import_leaves_everything(
    signed_in: Callable[..., Window], worker: Worker, export: Path
) -> None:
    window = signed_in(Role.ADMIN)
    asked = taken_in(window, worker, export, into="夜跑俱乐部")
    group = Group.objects.get(name="滨江夜跑群")
    before = said_lately(window, group)
    assert health_of(group).speakers_7d == 3
    weather = Identity.objects.get(name="天气播报").person
    window.open(f"/people/{weather.pk}/").expect_fits().page.select_option("select[name=house]", "bot")
    window.page.click(f"form[action='/people/{weather.pk}/label/'] button")
    window.page.wait_for_selector(".toast[data-level=success]")
    worker.run_dry()
    after = said_lately(window, group)
    assert after != before
    assert health_of(group).speakers_7d == 2
    assert "天气播报" in window.page.inner_text("#people")
    window.open(f"/imports/{asked.pk}/").page.click("details.confirm summary")
    window.page.click("details.confirm button")
    worker.run_dry()
    window.page.wait_for_selector("#import:not([hx-get])")
    assert "撤销" in window.page.inner_text("#import h2")
    assert not Group.objects.filter(name="滨江夜跑群").exists()
    window.open(f"/groups/{group.pk}/", status=404)


@pytest.mark.parametrize(("content", "said"), [("就是一张便条", "便条.txt"), ("{]", "便条.txt")])
def test_a_file_nobody_can_read_says_so(
    signed_in: Callable[..., Window], worker: Worker, tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / said
    path.write_text(content, encoding="utf-8")
    window = signed_in(Role.ADMIN)
    hand_in(window, path, into="便条")
    worker.run_dry()
    window.page.wait_for_selector("#import .form-wrong")
    assert said in window.page.inner_text("#import .form-wrong")
    window.expect_fits()


def test_a_form_sent_half_empty_comes_back_with_what_is_missing(signed_in: Callable[..., Window], export: Path) -> None:
    window = signed_in(Role.ADMIN).expect(422).open("/imports/")
    window.page.set_input_files("input[type=file]", str(export))
    window.page.click("form.hand-in button[type=submit]")
    window.page.wait_for_selector("main [role=alert], main .form-wrong, main .alert")
    assert not Import.objects.exists()
    window.expect_fits()


def test_lin_gives_tao_a_link_and_a_seat(signed_in: Callable[..., Window], groups_live: object) -> None:
    window = signed_in(Role.ADMIN).open("/staff/add/")
    window.page.fill("input[name=username]", "tao2")
    window.page.fill("input[name=name]", "陶然")
    window.page.select_option("select[name=role]", "operator")
    window.page.click("main button.btn-primary")
    window.page.wait_for_selector("#one-time-link")
    window.open("/communities/tonghaoli/").expect_fits()
    window.page.select_option("#seat-staff", label="陶然")
    window.page.click("form[action$='/seats/'] button")
    window.page.wait_for_load_state()
    assert Staff.objects.get(username="tao2").seats.get().community.slug == "tonghaoli"
