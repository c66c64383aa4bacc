"""Playbooks as the howto tells them: a first one is written and runs, Friday tells what ran late, a dying group is revived."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from huoqun.community.models import Community, Group
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.health.models import Audit, GroupHealth
from huoqun.jobs import operations as jobs
from huoqun.ownership.models import Todo
from huoqun.sop.models import Launch, Line, Run
from huoqun.sop.operations.counting import count_weeks
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.launching import launch
from huoqun.sop.playbooks.reading import read
from huoqun.sop.rules.states import LineState, RunState
from huoqun.wiring.worker import Worker
from tests.browser.stories.balcony import BY_HAND, Balcony
from tests.browser.window import Window

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


@pytest.fixture
def balcony(live_server: LiveServer, member: Callable[..., Staff], tmp_path: Path) -> Iterator[Balcony]:
    """Mo leads the community, Tao runs the group nobody is connected to."""
    made = Balcony(tmp_path)
    for role in (Role.LEAD, Role.OPERATOR):
        communities.seat(member(role), made.home)
    made.come_to_life(operator=member(Role.OPERATOR))
    yield made
    made.world.close()


def said(balcony: Balcony) -> list[tuple[str, str]]:
    """Room and text of what really arrived out there."""
    told = [json.loads(payload) for _, payload in balcony.world.news(0, at=round(balcony.now().timestamp() * 1000))]
    return [(news["room"]["id"], news["text"]) for news in told if news["what"] == "said" and news["who"]["id"] == "us"]


def write_first(mo: Window, at: datetime) -> None:
    """Begun, filled in with the form, one step more added, kept."""
    page = mo.open("/sop/new/?community=balcony").expect_fits().page
    page.fill("[name=title]", "晚间答疑")
    page.select_option("[name=start]", "daily")
    page.fill("[name=time]", f"{at:%H:%M}")
    page.click("button[name=begin]")
    page.fill("[name='0-words-text']", "{{群名}}的朋友，今天有什么没弄明白的，现在问，{{运营|我们}}在。")
    page.select_option("[name=kind]", "todo")
    page.click("button[value=add]")
    page.fill("[name='1-task']", "把没人回答的问题逐个回掉")
    page.fill("[name='1-day']", "")
    page.fill("[name='1-time']", "")
    page.fill("[name='1-after']", "30m")
    mo.expect_fits()
    page.click("text=存为新版本 >> nth=-1")


@pytest.mark.method("G01", "F24", "E09")
def test_mo_writes_a_first_playbook_looks_at_it_and_it_runs(balcony: Balcony, signed_in: Callable[..., Window]) -> None:
    mo = signed_in(Role.LEAD)
    at = (balcony.now() + HOUR).astimezone(SHANGHAI)
    write_first(mo, at)
    mo.page.click("text=预览 >> nth=0")
    expect(mo.page.locator("blockquote").first).to_contain_text("的朋友，今天有什么没弄明白的，现在问，")
    assert not said(balcony), "looking sends nothing"
    mo.expect_fits().page.go_back()
    mo.page.click("a.btn-primary:has-text('投用')")
    mo.page.click("details summary:has-text('只选部分群')")
    first = Group.objects.exclude(name=BY_HAND).order_by("name", "pk")[0]
    for group in (first, Group.objects.get(name=BY_HAND)):
        mo.page.check(f"input[name=groups][value='{group.pk}']")
    mo.page.click("button[name=look]")
    mo.expect_fits().page.click("button[name=go]")
    balcony.pass_by(timedelta(minutes=2))
    run = Run.objects.get(group=first)
    mo.open(f"/sop/runs/{run.pk}/").expect_fits()
    mo.page.click("text=这个群换个说法 >> nth=0")
    mo.page.fill(".sop-do textarea >> nth=0", "番茄开花了，今天先答施肥的问题。")
    mo.page.click(".sop-do details[open] button")
    mo.open("/sop/calendar/?view=week").expect_fits()
    assert not said(balcony), "it is not time yet"
    for _ in range(9):
        balcony.pass_by(timedelta(minutes=10))
    assert said(balcony) == [(first.native_id, "番茄开花了，今天先答施肥的问题。")]
    assert Todo.objects.filter(group__name=BY_HAND, text__contains=BY_HAND).exists(), "by hand where nobody is connected"
    assert mo.open(f"/sop/runs/{run.pk}/").page.inner_text("#step-first .state") == "已完成"
    mo.expect_fits()


WEEK = """\
name: week
title: 群的一天
starts: [{when: every, rule: FREQ=DAILY, time: "09:30"}]
steps:
  - {do: post, key: morning, title: 早安, at: {day: 0, time: "09:30", spread: 0m}, expires: 4h, words: {text: 早上好}}
  - {do: todo, key: answers, at: {day: 0, time: "14:00", spread: 0m}, expires: 5h, within: 1h, task: 没人回答的问题逐个回}
"""


@pytest.mark.method("A27", "G01")
@pytest.mark.parametrize(("language", "phone"), [("zh-hans", False), ("en", True)])
def test_on_friday_mo_sees_what_ran_late_and_why(
    balcony: Balcony, signed_in: Callable[..., Window], member: Callable[..., Staff], monkeypatch: pytest.MonkeyPatch,
    language: str, phone: bool,
) -> None:  # fmt: skip
    here = balcony.now().astimezone(SHANGHAI)
    monday = (here + timedelta(days=7 - here.weekday())).replace(hour=8, minute=0)
    balcony.ahead = monday - here
    monkeypatch.setattr(timezone, "now", balcony.now)
    groups = Group.objects.order_by("name", "pk")
    chosen = [groups.get(name=BY_HAND), *groups.exclude(name=BY_HAND)[:2]]
    version = keep(read(WEEK), balcony.home, by=member(Role.LEAD), now=balcony.now())
    launch(version, balcony.home, by=member(Role.LEAD), now=balcony.now(), only_groups=[group.key for group in chosen])
    while balcony.now() < monday + timedelta(days=4, hours=9):
        balcony.pass_by(timedelta(hours=3))
    count_weeks(now=balcony.now())
    mo = signed_in(Role.LEAD, language=language, phone=phone, dark=phone).open("/sop/in-time/").expect_fits()
    assert Line.objects.filter(step="morning", state=LineState.DONE).count() == 2 * 5
    late = mo.page.locator("#late")
    over = "时间已过" if language == "zh-hans" else "its time was over"
    expect(late.locator("table.needing")).to_contain_text(BY_HAND)
    expect(late).to_contain_text(over)
    expect(late.locator("table >> nth=0 >> tbody tr >> nth=0")).to_contain_text("陶然")
    late.locator("table.needing a").first.click()
    mo.page.wait_for_selector(".sop-line")
    mo.expect_fits()


@pytest.mark.method("A12", "G01")
def test_a_group_the_audit_finds_dying_is_revived_after_a_yes_and_no_effect_is_claimed(
    groups_live: Community, seated: Callable[..., Staff], signed_in: Callable[..., Window], worker: Worker
) -> None:
    seated(Role.LEAD)
    # The first day on which the audit found a group in decline, as it was before that audit was made.
    fell = GroupHealth.objects.filter(state="declining").select_related("audit__community").order_by("audit__as_of", "pk")[0]
    home, day = fell.audit.community, fell.audit.as_of
    Audit.objects.filter(community=home, as_of__gte=day).delete()
    communities.seat(Staff.objects.get(username="mo"), home)
    mo = signed_in(Role.LEAD)
    mo.open(f"/?community={home.slug}").open("/sop/shipped/revival/").expect_fits()
    if mo.page.is_visible("select[name=community]"):
        mo.page.select_option("select[name=community]", home.slug)
    mo.page.click("form[action$='/take/'] .btn-primary")
    mo.page.click("a.btn-primary:has-text('投用')")
    mo.page.fill("[name=ask-0]", "周三晚上八点")
    mo.page.click("button[name=look]")
    mo.expect_fits().page.click("button[name=go]")
    put = Launch.objects.get()
    jobs.ask("audit", {"community": home.slug, "as_of": str(day)}, key="story", by=None, now=timezone.now())
    worker.run_dry()
    asked = Run.objects.get(launch=put, group=fell.group_id)
    assert (asked.state, asked.group.state) == (RunState.ASKED, "declining")
    page = mo.open("/sop/waiting/").expect_fits().page
    expect(page.locator(".finding-head h2").first).to_contain_text("复苏")
    page.click(f"form[action$='/run/{asked.pk}/yes/'] button")
    worker.run_dry()
    asked.refresh_from_db()
    assert asked.state == RunState.GOING
    assert Todo.objects.filter(group=asked.group, title__contains="以前常说话的人").exists()
    mo.open(f"/sop/runs/{asked.pk}/").expect_fits()
    mo.open(f"/trials/{put.pk}/").expect_fits()
    expect(mo.page.locator("main")).to_contain_text("没法说")
    assert "有用：" not in mo.page.inner_text("main")
