"""The messages linked to causes, from an audit of a small told history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from huoqun.health import runner
from huoqun.health.causes import Action, Cause, Diagnosis
from huoqun.health.causes.evidence import SOURCES, messages
from huoqun.health.causes.known import known_causes

from .tell import BEI, BOT, COFFEE, LIN, MO, REN, SHANGHAI, TAO, TEA, Story

UNTIL = datetime(2026, 3, 31, 16, tzinfo=UTC)
AD = "限时特价，拍下立减 20 元"


def told() -> Story:
    story = Story(house={LIN: "staff", BOT: "bot"})
    story.say(TEA, MO, "02-10 09:00", "大家好，我来了")
    story.daily(TEA, MO, "02-11", 20, text="早上好")
    story.daily(TEA, TAO, "02-11", 45, at="11:00", text="今天练了二十分钟")
    for day in ("03-20", "03-21", "03-22", "03-23"):
        story.say(TEA, LIN, f"{day} 12:00", AD)
    story.say(TEA, REN, "03-24 12:00", AD)
    story.say(TEA, BOT, "03-24 12:05", "天气预报")
    story.say(TEA, BEI, "03-25 15:00", "这个群是干嘛的？")
    story.join(TEA, 50, "03-26 08:00")
    story.say(TEA, 50, "03-26 15:00", "新来的，请多关照")
    story.say(TEA, TAO, "03-27 15:00", "请问周末几点开门")
    story.say(COFFEE, TAO, "03-20 10:00", AD)
    return story


def audited() -> duckdb.DuckDBPyConnection:
    con = told().con()
    runner.audit(con, as_of=date(2026, 3, 31), zone=SHANGHAI)
    return con


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return audited()


def found(con: duckdb.DuckDBPyConnection, *sources: str, group: int = TEA, code: str = "ad_fatigue") -> list[str]:
    asked = {group: Diagnosis((Cause(code, 0.9, {}, sources),), Action(code="leave_alone", first_step="keep_on"))}
    said = messages(con, asked, until=UNTIL)
    return [one["text"] for one in said.get(group, {}).get(code, [])]


def test_every_kind_a_cause_asks_for_can_be_read() -> None:
    assert {kind for known in known_causes().values() for kind in known.sources} <= set(SOURCES)


def test_ads_are_the_last_three_whoever_sent_them_and_of_this_group_only(con: duckdb.DuckDBPyConnection) -> None:
    said = messages(
        con, {TEA: Diagnosis((Cause("ad_fatigue", 1.0, {}, ("ads",)),), Action(code="leave_alone", first_step=""))}, until=UNTIL
    )
    shown = said[TEA]["ad_fatigue"]
    assert [one["author"] for one in shown] == [LIN, LIN, REN]
    assert [one["at"] for one in shown] == sorted(one["at"] for one in shown)
    assert set(shown[0]) == {"at", "author", "kind", "text", "source_id"}
    assert set(said) == {TEA}


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("member_ads", [AD]),
        ("asked_what_for", ["这个群是干嘛的？"]),
        ("house_last", [AD, AD, AD]),
        ("first_words_unanswered", ["新来的，请多关照"]),
        ("key_last_words", ["早上好"]),
        ("check_ins", []),
    ],
)
def test_each_kind_shows_what_it_is_named_for(con: duckdb.DuckDBPyConnection, source: str, texts: list[str]) -> None:
    assert found(con, source) == texts


def test_unanswered_questions_and_the_last_conversation(con: duckdb.DuckDBPyConnection) -> None:
    assert "请问周末几点开门" in found(con, "unanswered")
    assert found(con, "last_conversation")[-1] == "请问周末几点开门"


def test_the_opening_is_the_first_words_ever_and_nothing_later_stands_in_for_them(con: duckdb.DuckDBPyConnection) -> None:
    assert found(con, "opening")[0] == "大家好，我来了"
    con.execute("CREATE OR REPLACE TABLE kept AS SELECT * FROM history WHERE sent_at > TIMESTAMP '2026-03-01'")
    cut = con.cursor()
    cut.execute("CREATE OR REPLACE TEMP VIEW history AS SELECT * FROM kept")
    assert found(cut, "opening") == []


def test_nothing_after_the_audits_day_is_shown(con: duckdb.DuckDBPyConnection) -> None:
    asked = {TEA: Diagnosis((Cause("ad_fatigue", 1.0, {}, ("ads",)),), Action(code="leave_alone", first_step=""))}
    said = messages(con, asked, until=UNTIL - timedelta(days=10))
    assert len(said[TEA]["ad_fatigue"]) == 2


def test_no_more_than_three_for_a_cause_however_many_kinds(con: duckdb.DuckDBPyConnection) -> None:
    assert len(found(con, "ads", "last_conversation", "house_last")) == 3


def test_no_causes_ask_nothing(con: duckdb.DuckDBPyConnection) -> None:
    assert messages(con, {TEA: Diagnosis((), Action(code="leave_alone", first_step="keep_on"))}, until=UNTIL) == {}
