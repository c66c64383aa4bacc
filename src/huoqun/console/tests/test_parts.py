"""Charts, sparklines, marks, tags: what other rooms write with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from huoqun.console import navigation, sparkline, states
from huoqun.console.charts import Bars, Calendar, Line, Series, Turn
from huoqun.console.templatetags import console as tags


def test_a_line_knows_its_table_and_keeps_gaps() -> None:
    line = Line("消息", ["3-1", "3-2"], [Series("消息", [3, None])], [Turn("3-2", "之后", before=3.0)])
    assert line.table().heads == ("日期", "消息")
    assert line.table().rows == (("3-1", "3"), ("3-2", "—"))
    assert line.plain()["series"][0]["values"] == [3, None]
    assert line.plain()["turns"] == [{"at": "3-2", "words": "之后", "before": 3.0, "after": None}]


def test_values_and_labels_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="1 values for 2 labels"):
        Bars("x", ["a", "b"], [Series("n", [1])]).plain()


def test_a_calendar_draws_its_last_weeks_and_its_table_has_all() -> None:
    days = [(date.fromordinal(737000 + i), i) for i in range(800)]
    calendar = Calendar("x", days, unit="消息")
    assert len(calendar.plain()["days"]) == 53 * 7
    assert len(calendar.table().rows) == 800


def test_a_sparkline_breaks_where_nothing_is_known() -> None:
    places = sparkline.points([0, None, 10], top=10)
    assert places[1] is None
    assert sparkline.path(places).count("M") == 2
    assert sparkline.area(places) == ""
    assert "<svg" in tags.spark([1, 2, None])
    assert tags.spark([None, None]) == "—"
    assert tags.spark([0, 0]).count("NaN") == 0


def test_a_state_is_colour_shape_and_word_and_its_word_is_text() -> None:
    drawn = tags.state("dead", "<b>沉寂</b>")
    assert "state-red" in drawn
    assert states.SHAPES["cross"] in drawn
    assert "&lt;b&gt;沉寂" in drawn


def test_a_mark_must_be_drawn() -> None:
    with pytest.raises(ValueError, match="tone one of"):
        states.mark("odd", tone="pink", shape="disc")


def test_data_for_a_script_cannot_end_it() -> None:
    assert tags.json_data({"name": "</script><b>&"}, "x").count("</script>") == 1


def test_when_shows_the_exact_time_in_the_accounts_zone() -> None:
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        assert 'title="2026-03-04 20:00 Asia/Shanghai"' in tags.when(datetime(2026, 3, 4, 12, tzinfo=UTC))


def test_crumbs_end_here() -> None:
    drawn = tags.crumbs("群", "/groups/", "读书会")
    assert '<a href="/groups/">群</a>' in drawn
    assert 'aria-current="page">读书会<' in drawn


def test_a_room_above_leads_on_from_a_page_that_does_not_know_it() -> None:
    way = navigation.Onward("console:staff-one", "<b>之后</b>", "chart-line")
    navigation.add_onward("test:onward", way)
    navigation.add_onward("test:onward", way)
    drawn = tags.onward("test:onward", 7)
    assert drawn.count("<a ") == 1
    assert f'href="{reverse("console:staff-one", args=[7])}"' in drawn
    assert "&lt;b&gt;之后" in drawn
    assert tags.onward("test:nobody", 7) == ""
