"""Why a group is not well and who holds it together: the picture of ties, and saying that one sees it differently."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from huoqun.community.models import Community, Group, Identity
from huoqun.health.models import GroupGraph, GroupHealth, Objection
from huoqun.health.tests.pages import second_half as half
from tests.browser.window import Window

ROWS = "[data-chart=network-chart] tbody tr"
SHOWN = "() => [...document.querySelectorAll('[data-chart=network-chart] tbody tr')].filter((row) => !row.hidden).length"
TOLD = "[data-told]"


@pytest.fixture
def health(groups_live: Community) -> GroupHealth:
    """A group with 24 people who answer one another, one of the house, causes and a forecast."""
    found = GroupHealth.objects.filter(group__community=groups_live, group__days__messages__gt=0, audit__complete=True)
    one = found.order_by("-audit__as_of", "group_id").select_related("audit", "group__community").first()
    assert one is not None
    people = half.members(one.group.community, 24, first=9_000_000_000)
    half.told_why(one, author=people[2].key)
    half.foreseen(one)
    half.record(one.audit, track=half.TRACK)
    half.figures(one, **half.CONNECTED, **half.LEANING, **half.SIGNS, **half.WORTH)
    GroupGraph.objects.filter(group=one.group).delete()
    half.graph(one.group, people, house=(23,))
    return one


def open_group(window: Window, group: Group) -> Window:
    window.open(f"/groups/{group.pk}/").page.wait_for_selector("[data-chart=network-chart] canvas")
    return window


@pytest.mark.method("C17", "A08")
def test_the_picture_of_ties_is_filtered_searched_and_has_its_table(mo: Window, health: GroupHealth) -> None:
    open_group(mo, health.group)
    mo.page.locator("[data-chart=network-chart] summary").click()
    assert mo.page.locator(ROWS).count() == 24
    assert mo.evaluate(SHOWN) == 24
    everybody = mo.page.inner_text(TOLD)
    mo.page.uncheck("[data-kind=house]")
    assert mo.evaluate(SHOWN) == 23, "without the house its row is gone from the table, too"
    assert mo.page.inner_text(TOLD) != everybody
    mo.page.fill("[data-find]", "邻居5")
    assert "邻居5" in mo.page.inner_text(TOLD)
    mo.page.fill("[data-find]", "没有这个人")
    assert "邻居" not in mo.page.inner_text(TOLD)
    mo.page.check("[data-strong]")
    mo.page.click("[data-zoom-by='1.5']")
    mo.page.click("[data-clear]")
    assert mo.page.inner_text(TOLD) == everybody
    mo.expect_fits()


def test_somebody_is_found_in_the_picture_with_the_keyboard_alone(mo: Window, health: GroupHealth) -> None:
    open_group(mo, health.group)
    mo.page.focus("[data-kind=co_builder]")
    mo.page.keyboard.press("Space")
    assert mo.evaluate(SHOWN) == 23
    mo.page.focus("[data-find]")
    mo.page.keyboard.type("邻居7")
    assert "邻居7" in mo.page.inner_text(TOLD)


def test_mo_sees_it_differently_and_stays_on_the_page(mo: Window, health: GroupHealth) -> None:
    open_group(mo, health.group)
    mo.page.click(".objection > summary")
    mo.page.select_option("#objection_instead", "cause:ad_fatigue")
    mo.page.fill("#objection_note", "群主天天发广告，新人是被广告吓走的")
    mo.expect_fits().page.click("#objections button[type=submit]")
    mo.page.wait_for_selector(".objections-kept li")
    assert "群主天天发广告" in mo.page.inner_text(".objections-kept")
    assert Objection.objects.get().instead == "ad_fatigue"
    mo.expect_fits()


@pytest.mark.parametrize(("language", "phone", "dark"), [("zh-hans", True, True), ("en", True, False), ("en", False, True)])
def test_everything_fits_with_all_blocks_there(
    signed_in: Callable[..., Window], health: GroupHealth, language: str, phone: bool, dark: bool
) -> None:
    window = open_group(signed_in("admin", language=language, phone=phone, dark=dark), health.group)
    window.evaluate("() => { for (const one of document.querySelectorAll('main details:not(.explain)')) one.open = true }")
    window.expect_fits()
    other = Group.objects.filter(community=health.group.community).exclude(pk=health.group_id).first()
    assert other is not None
    window.open(f"/groups/compare/?a={health.group_id}&b={other.pk}").expect_fits()
    window.open(f"/groups/compare/?a={health.group_id}").expect_fits()
    window.open("/operators/compare/").expect_fits()


def test_a_dot_that_is_tapped_comes_forward(mo: Window, health: GroupHealth) -> None:
    open_group(mo, health.group)
    picture = mo.page.locator("[data-chart=network-chart] .chart-picture")
    picture.scroll_into_view_if_needed()
    place = mo.evaluate(
        """() => {
            const chart = echarts.getInstanceByDom(document.querySelector("[data-chart=network-chart] .chart-picture"));
            const series = chart.getModel().getSeriesByIndex(0);
            const last = series.getData().count() - 1; // drawn on top of the others
            const [left, top] = series.getData().getItemGraphicEl(last).transformCoordToGlobal(0, 0);
            return [left, top, series.getData().getName(last)];
        }"""
    )
    box = picture.bounding_box()
    assert box is not None
    mo.page.mouse.click(box["x"] + place[0], box["y"] + place[1])
    assert mo.page.input_value("[data-find]") == place[2]
    assert Identity.objects.filter(person__name=place[2]).exists()
