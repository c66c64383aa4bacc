"""Groups in decline get better by themselves on average: what a playbook adds is said where lots were dealt, and only there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np
import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from huoqun.community.models import Community, Group
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.health.tests.planted import NOW, PLAN, audited, company
from huoqun.sop.models import Launch, Trial, TrialGroup
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.launching import resume
from huoqun.sop.operations.trials import draw, prepare
from huoqun.sop.playbooks.shipped import shipped
from huoqun.sop.rules.testing import day_of
from tests.browser.window import Window

ADDS, RISES = 2, 4
"""People a week who speak: so many more by the playbook, and so many more by themselves by the last week, in every group."""


def revival(home: Community, by: Staff, groups: Sequence[Group]) -> Launch:
    """The playbook that ships, ready to work in these groups."""
    version = keep(next(book for book in shipped("zh") if book.name == "revival"), home, by=by, now=NOW)
    told = {"固定时间": "周三晚上八点"}
    return prepare(version, home, by=by, now=NOW, answers=told, only_groups=[group.key for group in groups])


def weeks_go_by(home: Community, trial: Trial) -> None:
    """Every group has fallen to three speakers, and comes back a little, with the playbook or without."""
    dice = np.random.default_rng(8)
    begins = dict(TrialGroup.objects.filter(trial=trial).values_list("group", "unit__week"))
    for week in range(PLAN.weeks):

        def speakers(group: Group, week: int = week) -> int:
            start = begins.get(group.pk)
            started = start is not None and start <= week
            return int(dice.poisson(3 + RISES * week / (PLAN.weeks - 1) + ADDS * started))

        audited(home, day_of(week, trial.first_day, trial.before) + timedelta(days=6), speakers=speakers)


@pytest.mark.method("A12", "G01")
def test_what_revival_added_is_shown_where_lots_were_dealt_and_refused_where_somebody_chose(
    live_server: LiveServer, member: Callable[..., Staff], signed_in: Callable[..., Window]
) -> None:
    home, lead = company(60), member(Role.LEAD)
    communities.seat(lead, home)
    groups = list(Group.objects.order_by("pk"))
    by_lot, by_choice = revival(home, lead, groups[:48]), revival(home, lead, groups[48:])
    trial = draw(by_lot, PLAN, seed=5, smallest=None, by=lead, now=NOW)
    resume(by_choice, by=lead, now=NOW)
    begin(by_choice, [Begin(group, NOW, f"hand/{group.pk}") for group in groups[48:]], now=NOW)
    weeks_go_by(home, trial)

    mo = signed_in(Role.LEAD).open(f"/sop/at-work/{by_lot.pk}/").expect_fits()
    mo.page.click(f"main a[href='/trials/{by_lot.pk}/']")
    result = mo.page.locator("#result")
    expect(result.locator("h2")).to_contain_text("有用：平均")
    low, high = map(float, re.findall(r"\+([\d.]+)", result.locator("h2").inner_text())[-2:])
    assert low < ADDS < high
    assert high < ADDS + RISES / 2, "what came back by itself is not counted in"
    expect(result).to_contain_text("95% 区间")
    expect(result.locator(".chart canvas")).to_be_visible()
    mo.expect_fits()

    mo.open(f"/sop/at-work/{by_choice.pk}/").page.click(f"main a[href='/trials/{by_choice.pk}/']")
    expect(result.locator("h2")).to_contain_text("没法说")
    expect(result).to_contain_text("自己也会回升")
    expect(result.locator("canvas")).to_have_count(0)
    mo.expect_fits()
    phone = signed_in(Role.LEAD, language="en", phone=True).open(f"/trials/{by_lot.pk}/").expect_fits()
    expect(phone.page.locator("#result h2")).to_contain_text("It helps: +")
