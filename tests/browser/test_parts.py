"""The parts all rooms build with: charts, lists, toasts, explanations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import override_settings

from huoqun.console import operations
from huoqun.console.models import Role, Staff
from tests.browser.test_console_looks import LOOKS
from tests.browser.window import Window

FIRST_SERIES = """(name) =>
    echarts.getInstanceByDom(document.querySelector(`[data-chart=${name}] .chart-picture`)).getOption().series[0]"""

SECOND_SERIES = "echarts.getInstanceByDom(document.querySelector(`[data-chart=${name}] .chart-picture`)).getOption().series[1]"

SETTLED = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"
"""What came in answers by itself; for some milliseconds after it is shown, a form would still be sent the plain way."""

pytestmark = pytest.mark.usefixtures("parts")


@pytest.fixture
def parts() -> object:
    with override_settings(ROOT_URLCONF="tests.browser.showcase"):
        yield


@pytest.fixture
def twelve(live_server: object) -> list[Staff]:
    return [operations.add_staff(f"colleague{i:02}", role=[Role.OPERATOR, Role.LEAD][i % 2]) for i in range(12)]


@pytest.mark.parametrize(("language", "phone", "dark"), LOOKS)
def test_every_part_fits_and_every_chart_is_drawn(
    signed_in: Callable[..., Window], language: str, phone: bool, dark: bool
) -> None:
    window = signed_in("operator", language=language, phone=phone, dark=dark).open("/showcase/?toast=1")
    drawn = window.evaluate("() => [...document.querySelectorAll('.chart')].filter((c) => c.querySelector('canvas')).length")
    assert drawn == 9
    window.shot(f"parts-{language}-{'phone' if phone else 'desk'}-{'night' if dark else 'day'}").expect_fits()


def test_a_chart_and_its_table_say_the_same(signed_in: Callable[..., Window]) -> None:
    window = signed_in("operator").open("/showcase/")
    window.page.click("[data-chart=bars] summary")
    rows = window.page.locator("[data-chart=bars] tbody tr").all_inner_texts()
    assert [row.split("\t") for row in rows][:2] == [["苏婉", "31"], ["周一鸣", "22"]]
    assert window.evaluate(FIRST_SERIES, "bars")["data"] == [31, 22, 9, 2]
    assert "</script><b>赵启</b>" in rows[2]


def test_larger_charts_have_their_tables(signed_in: Callable[..., Window]) -> None:
    window = signed_in("operator").open("/showcase/")
    first = {
        "map": ["苏婉", "稳定", "+4", "90%"],
        "flows": ["2026-04-30", "2026-05-31", "稳定", "已死", "8"],
        "spans": ["苏婉", "+10", "+2 到 +18", "看不出差别"],
        "network": ["苏婉", "共建成员", "40", "2", "9", "5"],
        "strip": [date(2026, 3, 3).isoformat(), "0", "0"],
    }
    for name, row in first.items():
        window.page.click(f"[data-chart={name}] summary")
        assert window.page.locator(f"[data-chart={name}] tbody tr").first.inner_text().split("\t") == row
    assert len(window.evaluate(FIRST_SERIES, "flows")["links"]) == 4
    assert len(window.evaluate(FIRST_SERIES, "network")["data"]) == 4
    assert min(value for value in window.evaluate("(name) => " + SECOND_SERIES, "strip")["data"]) < 0, "house points downwards"


def test_a_tooltip_is_text_and_the_content_policy_stays_silent(signed_in: Callable[..., Window]) -> None:
    window = signed_in("operator").open("/showcase/")
    window.page.locator("[data-chart=bars] canvas").scroll_into_view_if_needed()
    box = window.page.locator("[data-chart=bars] canvas").bounding_box()
    assert box is not None
    window.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.6)
    window.page.wait_for_selector("[data-chart=bars] .chart-tip")
    assert window.page.locator("[data-chart=bars] .chart-tip").inner_text().startswith("</script><b>赵启</b>")


def test_charts_follow_the_theme(signed_in: Callable[..., Window]) -> None:
    window = signed_in("operator").open("/showcase/")
    before = window.evaluate(FIRST_SERIES, "line")["color"]
    window.page.click(".tongue [data-theme-toggle]")
    assert window.evaluate(FIRST_SERIES, "line")["color"] != before


def test_good_news_leaves_bad_news_stays(signed_in: Callable[..., Window]) -> None:
    window = signed_in("operator")
    window.page.clock.install()
    window.open("/showcase/?toast=1")
    window.page.clock.run_for(10_000)
    window.page.wait_for_selector(".toast[data-level=success]", state="hidden")
    assert window.page.is_visible(".toast[data-level=error]")
    window.page.click(".toast[data-level=error] .btn-close")
    window.page.clock.run_for(1000)
    window.page.wait_for_selector(".toast[data-level=error]", state="hidden")


def test_an_explanation_opens_and_escape_closes_it(signed_in: Callable[..., Window]) -> None:
    window = signed_in("operator", phone=True).open("/showcase/")
    window.page.click(".explain summary")
    assert "聊天记录" in window.page.inner_text(".explain dl")
    window.expect_fits()
    window.page.keyboard.press("Escape")
    assert not window.page.is_visible(".explain dl")


def test_a_list_is_filtered_sorted_and_paged_without_leaving_the_page(
    signed_in: Callable[..., Window], twelve: list[Staff]
) -> None:
    window = signed_in("admin").open("/small/")
    window.evaluate("() => { document.body.dataset.same = 'yes' }")
    names = window.page.locator("#list tbody th")
    window.page.click(".list-pages a[rel=next]")
    window.page.wait_for_url("**page=2*")
    assert names.first.inner_text() == "colleague05"
    window.page.wait_for_function(SETTLED)
    window.page.click("#list thead a:has-text('用户名')")
    window.page.wait_for_url("**sort=-username*")
    assert names.first.inner_text() == "lin"
    window.page.wait_for_function(SETTLED)
    window.page.select_option("select[name=role]", "lead")
    window.page.wait_for_url("**role=lead*")
    assert names.first.inner_text() == "colleague11"
    assert window.evaluate("() => document.body.dataset.same") == "yes"
    window.page.go_back()
    window.page.wait_for_function("() => document.querySelector('#list tbody th').innerText === 'lin'")
    window.expect_fits()


def test_ticked_rows_or_the_whole_list_are_switched_off(signed_in: Callable[..., Window], twelve: list[Staff]) -> None:
    window = signed_in("admin").open("/small/?q=colleague")
    window.page.on("dialog", lambda dialog: dialog.accept())
    assert not window.page.is_visible(".list-bulk")
    window.page.check("input[name=rows] >> nth=0")
    window.page.click("button[value=off]")
    window.page.wait_for_selector(".toast[data-level=success]")
    assert Staff.objects.filter(is_active=False).count() == 1
    window.page.check("[data-tick-all]")
    window.page.check("input[name=whole]")
    window.shot("bulk").expect_fits()
    window.page.click("button[value=off]")
    window.page.wait_for_selector(".toast[data-level=success]")
    assert Staff.objects.filter(is_active=False).count() == 12
    assert Staff.objects.get(username="lin").is_active
