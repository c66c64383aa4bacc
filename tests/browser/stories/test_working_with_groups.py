"""The groups list and what hangs on it: filtering, sorting, views, many at once, files, languages, communities."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook

from huoqun.community.models import Community, Group, Segment, Tag
from huoqun.community.operations import communities
from huoqun.console.models import Export, Role, Staff
from tests.browser.stories import world
from tests.browser.window import Window

FOCUSED = "(wanted) => document.activeElement.matches(wanted)"
NAMES = "#list tbody th"


def tab_to(window: Window, wanted: str) -> None:
    """With the Tab key alone."""
    for _ in range(120):
        window.page.keyboard.press("Tab")
        if window.evaluate(FOCUSED, wanted):
            return
    raise AssertionError(f"{wanted} is not reached with the Tab key on {window.page.url}")


def names(window: Window) -> list[str]:
    return [name.strip() for name in window.page.locator(NAMES).all_inner_texts()]


def test_groups_are_filtered_and_sorted_without_a_mouse(mo: Window, groups_live: Community) -> None:
    one = Group.objects.filter(community=groups_live).order_by("id").first()
    assert one is not None
    mo.open("/groups/")
    tab_to(mo, "input[name=q]")
    mo.page.keyboard.type(one.name)
    mo.page.keyboard.press("Enter")
    mo.page.wait_for_url("**q=**")
    mo.page.wait_for_function("(name) => document.querySelector('#list tbody th').innerText.trim() === name", arg=one.name)
    mo.open("/groups/")
    tab_to(mo, "thead a[href*='messages_7d']")
    mo.page.keyboard.press("Enter")
    mo.page.wait_for_selector("th[aria-sort=descending] a[href*='messages_7d']")
    mo.page.wait_for_url("**sort=-messages_7d*")
    mo.evaluate("() => document.body.focus()")
    tab_to(mo, "details.menu > summary[aria-labelledby*='f-state']")
    mo.page.keyboard.press("Enter")
    tab_to(mo, "input[name=state]")
    mo.page.keyboard.press("Space")
    mo.page.keyboard.press("Enter")
    mo.page.wait_for_url("**state=**")
    mo.expect_fits()


def test_a_view_is_saved_found_again_and_removed(mo: Window) -> None:
    mo.open("/groups/?sort=-members&lifecycle=permanent").page.click(".list-views summary")
    mo.page.fill("#save-view", "长期群")
    mo.page.click(".list-views .menu-box button")
    mo.page.wait_for_selector(".toast[data-level=success]")
    mo.expect_fits().open("/groups/").page.click(".list-views a:has-text('长期群')")
    mo.page.wait_for_url("**lifecycle=permanent*")
    assert mo.page.input_value("select[name=lifecycle]") == "permanent"
    mo.page.click(".list-views button[name=remove-view]")
    mo.page.wait_for_load_state()
    assert not Segment.objects.exists()


def test_many_groups_are_tagged_at_once_and_found_by_the_tag(mo: Window, groups_live: Community) -> None:
    mo.open("/groups/")
    ticked = names(mo)[:2]
    for row in range(2):
        mo.page.check(f"input[name=rows] >> nth={row}")
    mo.expect_fits()
    mo.page.fill("#id_tag-tag", "本周重点")
    mo.page.click("button[value=tag]")
    mo.page.wait_for_selector(".toast[data-level=success]")
    tag = Tag.objects.get(name="本周重点")
    assert tag.community == groups_live
    mo.open(f"/groups/?tag={tag.pk}")
    assert sorted(names(mo)) == sorted(ticked)
    mo.page.check("input[name=rows] >> nth=0")
    mo.page.fill("#id_untag-tag", "本周重点")
    mo.page.click("button[value=untag]")
    mo.page.wait_for_selector(".toast[data-level=success]")
    assert tag.groups.count() == len(ticked) - 1


def test_a_list_is_taken_away_as_csv_and_xlsx_as_it_is_filtered(mo: Window, tmp_path: Path) -> None:
    mo.open("/groups/?q=1&sort=name")
    shown = names(mo)
    with mo.page.expect_download() as csv_file:
        mo.page.click(".list-tools a:has-text('CSV')")
    assert [row[0] for row in world.heads(Path(csv_file.value.path()))][1:] == shown
    with mo.page.expect_download() as xlsx_file:
        mo.page.click(".list-tools a:has-text('XLSX')")
    xlsx_file.value.save_as(tmp_path / "groups.xlsx")
    sheet = load_workbook(tmp_path / "groups.xlsx").active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == shown
    assert list(Export.objects.order_by("id").values_list("by__username", "kind", "rows")) == [
        ("mo", "csv", len(shown)),
        ("mo", "xlsx", len(shown)),
    ]


def test_the_language_is_switched_on_the_spot_and_stays(mo: Window) -> None:
    mo.open("/groups/?sort=name").page.click(".tongue button[value=en]")
    assert mo.page.inner_text("h1") == "Groups"
    assert mo.page.url.endswith("/groups/?sort=name")
    assert mo.evaluate("() => document.documentElement.lang") == "en"
    assert mo.open("/").expect_fits().page.inner_text("h1") == "Today"
    assert Staff.objects.get(username="mo").language == "en"


def test_whoever_works_in_two_communities_looks_at_one_or_all(mo: Window, groups_live: Community) -> None:
    other = world.home("zhiye")
    communities.seat(Staff.objects.get(username="mo"), other)
    everything = names(mo.open("/groups/"))
    mo.page.click(".switcher button")
    mo.page.click(f".switcher a:has-text('{other.name}')")
    mo.page.wait_for_load_state()
    one = names(mo)
    assert mo.page.inner_text(".switcher-now") == other.name
    assert set(one) == {str(group) for group in Group.objects.filter(community=other)}
    assert set(one) < set(everything)
    mo.page.click(".switcher button")
    mo.page.click(".switcher a >> nth=0")
    mo.page.wait_for_load_state()
    assert names(mo) == everything


def test_the_charts_of_a_group_are_drawn_and_each_opens_its_table(mo: Window, groups_live: Community) -> None:
    group = Group.objects.filter(community=groups_live, days__messages__gt=0, roles__isnull=False).first()
    assert group is not None
    mo.open(f"/groups/{group.pk}/")
    assert mo.page.is_visible(".sidebar-pages a")
    charts = mo.page.locator("figure.chart")
    assert charts.count() >= 2
    for place in range(charts.count()):
        chart = charts.nth(place)
        box = chart.locator("canvas, svg").first.bounding_box()
        assert box is not None
        assert box["width"] > 200
        chart.locator("summary").click()
        assert chart.locator("tbody tr").first.is_visible()
    mo.expect_fits()


def test_the_first_page_leads_to_the_groups_that_need_somebody(mo: Window) -> None:
    mo.open("/")
    charts = mo.evaluate("() => [...document.querySelectorAll('.chart')].filter((c) => c.querySelector('canvas, svg')).length")
    assert charts >= 1
    needing = mo.page.locator("#need tbody a")
    if needing.count():
        name = needing.first.inner_text()
        needing.first.click()
        assert mo.page.inner_text("h1") == name


def test_a_group_is_described_and_the_page_says_so(
    signed_in: Callable[..., Window], seated: Callable[..., Staff], groups_live: Community
) -> None:
    seated(Role.OPERATOR)
    group = Group.objects.filter(community=groups_live).first()
    assert group is not None
    tao = signed_in(Role.OPERATOR).open(f"/groups/{group.pk}/describe/").expect_fits()
    tao.page.select_option("select[name=lifecycle]", "flash")
    tao.page.fill("[name=purpose]", "周末一起拼车去苗圃")
    tao.expect(422).page.click("main button.btn-primary")
    assert tao.page.inner_text(".form-wrong")
    tao.expect_fits()
    tao.page.fill("[name=planned_end]", "2030-05-01")
    tao.page.click("main button.btn-primary")
    tao.page.wait_for_url(f"**/groups/{group.pk}/")
    assert "周末一起拼车去苗圃" in tao.page.inner_text("header.page-head")
    assert Group.objects.get(pk=group.pk).lifecycle == "flash"
