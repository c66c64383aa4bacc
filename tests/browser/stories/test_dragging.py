"""Mo drags a step of the calendar to another hour: in one group it moves, in two she is asked what she means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from huoqun.community.models import Community, Group
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.sop.models import Line
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.launching import launch
from huoqun.sop.operations.planning import plan
from huoqun.sop.playbooks.reading import read
from tests.browser.window import Window

pytestmark = pytest.mark.django_db(transaction=True)

LATER = """\
name: later
title: 晚一点
starts: [{when: hand}]
steps:
  - {do: todo, key: look, title: 看一眼, at: {offset: 3h, spread: 0m}, task: 看看群里}
"""


@pytest.mark.method("A12")
def test_a_step_is_dragged_to_another_hour(member: Callable[..., Staff], signed_in: Callable[..., Window]) -> None:
    mo, now = member(Role.LEAD), datetime.now(UTC)
    home = communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=now)
    communities.seat(mo, home)
    facts = {"community": home, "carrier": "qq", "state": "steady"}
    groups = [Group.objects.create(**facts, key=n, native_id=f"r{n}", name=f"番茄{n}群") for n in (1, 2)]
    work = launch(keep(read(LATER), home, by=mo, now=now), home, by=mo, now=now)
    begin(work, [Begin(group, now, f"hand/{group.pk}") for group in groups], now=now)
    plan(now=now)
    stands = Line.objects.order_by("pk")[0].at.astimezone(ZoneInfo(home.zone))
    goes = f"{stands.hour + 1 if stands.hour < 23 else 22:02}"
    window = signed_in(Role.LEAD)
    entry, there = "[data-move]", f"[data-drop-hour='{goes}']"

    window.open(f"/sop/calendar/?view=day&on={stands:%Y-%m-%d}&group={groups[0].pk}").expect_fits()
    window.page.drag_and_drop(entry, there)
    expect(window.page.get_by_role("button", name="移回原处")).to_be_visible()
    plan(now=datetime.now(UTC))
    assert {hour_of(group, home) for group in groups} == {goes, f"{stands.hour:02}"}, "one moved, the other did not"
    window.page.get_by_role("button", name="移回原处").click()
    window.page.wait_for_load_state()
    plan(now=datetime.now(UTC))
    assert {hour_of(group, home) for group in groups} == {f"{stands.hour:02}"}

    window.open(f"/sop/calendar/?view=day&on={stands:%Y-%m-%d}")
    window.page.drag_and_drop(entry, there)
    yes = window.page.get_by_role("button", name="2 个群")
    expect(yes).to_be_visible()
    window.expect_fits()
    yes.click()
    window.page.wait_for_load_state()
    plan(now=datetime.now(UTC) + timedelta(seconds=1))
    assert {hour_of(group, home) for group in groups} == {goes}


def hour_of(group: Group, home: Community) -> str:
    return f"{Line.objects.get(group=group).at.astimezone(ZoneInfo(home.zone)):%H}"
