"""The outlook on the tables an audit leaves, and on history alone."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from huoqun.health import runner
from huoqun.health.forecast.model import Model
from huoqun.health.forecast.outlook import outlook, outlook_of
from huoqun.health.history_days import days_of_history
from huoqun.health.question import Question
from huoqun.health.results import NoTalk
from huoqun.health.rules import day_number

from .tell import BOT, COFFEE, LIN, QUIET, TAO, TEA, Story

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 5, 31)


@pytest.fixture
def story() -> Story:
    """Tea talks daily, coffee stopped in February, in the quiet group only the bot speaks."""
    told = Story(house={BOT: "bot"})
    told.daily(TEA, LIN, "01-01", 200)
    told.daily(COFFEE, TAO, "01-01", 45)
    told.daily(QUIET, BOT, "01-01", 200)
    told.daily(COFFEE, BOT, "01-01", 200)
    return told


@pytest.mark.method("A04")
def test_an_audits_tables_give_a_forecast_for_every_group_people_spoke_in(story: Story) -> None:
    con = story.con()
    question = Question(DAY, ZONE)
    runner.make_book(con, question)
    runner.evaluate(con, question)
    found = outlook(con, question, Model.shipped())
    assert found.forecasts.keys() == {TEA, COFFEE}
    assert found.forecasts[TEA].p_silent_30d < 0.02
    assert found.forecasts[COFFEE].p_silent_30d > 0.8
    assert (found.track, found.why_none, found.model_name) == (None, "too_few_forecasts", "shipped")


def test_history_alone_gives_the_same(story: Story) -> None:
    con = story.con()
    question = Question(DAY, ZONE)
    runner.make_book(con, question)
    runner.evaluate(con, question)
    audited = outlook(con, question, Model.shipped())
    days, as_of = days_of_history(story.con(), ZONE, DAY)
    assert as_of == DAY
    assert outlook_of(days, day_number(DAY), Model.shipped()) == audited


def test_the_last_talk_is_the_day_where_none_is_named(story: Story) -> None:
    assert days_of_history(story.con(), ZONE, None)[1] == date(2026, 7, 19)


def test_before_anybody_spoke_there_is_no_outlook(story: Story) -> None:
    with pytest.raises(NoTalk, match="by 2025-12-31"):
        days_of_history(story.con(), ZONE, date(2025, 12, 31))
