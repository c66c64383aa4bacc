"""Connection figures and ties, from histories told by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from huoqun.health import engine, runner
from huoqun.health.registry import registry
from huoqun.health.tests.tell import BEI, BOT, COFFEE, LIN, MO, QUIET, REN, SHANGHAI, TAO, TEA, YU, Story
from huoqun.health.ties import columns, connection
from huoqun.health.ties.connection import Connected, connect, overlaps

DAY = "03-01"
FAMILY = [metric for metric in registry().metrics.values() if metric.family == "connection"]
LAST = date(2026, 3, 1)


def shared(story: Story, as_of: date = LAST) -> duckdb.DuckDBPyConnection:
    """A connection with the shared tables of an audit."""
    con = story.con()
    question = runner.Question(as_of, SHANGHAI)
    runner.audit(con, as_of=as_of, zone=SHANGHAI)
    needed = {need for metric in FAMILY for need in metric.needs} | {"tie_groups", "ties", "roster"}
    engine.make(con, registry().steps_for(needed), question.constants(0))
    return con


def measured(story: Story, as_of: date = LAST, **more: Any) -> dict[int, dict[str, Any]]:
    """Every figure of connection, by group."""
    con = shared(story, as_of)
    connect(con, **more)
    engine.measure(con, FAMILY, runner.Question(as_of, SHANGHAI).constants(0))
    groups: dict[int, dict[str, Any]] = {}
    for table in (columns.GRAPH.table, *(metric.table for metric in FAMILY)):
        for row in engine.arrow(con, f"SELECT * FROM {table}").to_pylist():
            groups.setdefault(row["group_key"], {}).update(row)
    return groups


def ties_of(connected: Connected, group: int) -> dict[tuple[int, int], tuple[int, int]]:
    rows = [row for row in connected.ties.to_pylist() if row["group_key"] == group]
    return {(row["from_key"], row["to_key"]): (row["replies"], row["mentions"]) for row in rows}


def speak(story: Story, group: int, *who: int, at: str = "09:00", day: str = DAY) -> None:
    for person in who:
        story.say(group, person, f"{day} {at}")


def name(story: Story, group: int, who: int, *whom: int, at: str = "10:00", day: str = DAY, **more: object) -> None:
    for person in whom:
        story.say(group, who, f"{day} {at}", "你说呢", mentions=[person], **more)


@pytest.fixture
def two_circles() -> Story:
    """Mo, Tao, Ren talk to one another; so do Yu and Bei; Lin of the house talks to one of each; a bot names everybody."""
    story = Story(house={LIN: "staff", BOT: "bot"})
    speak(story, TEA, LIN, MO, TAO, REN, YU, BEI, BOT)
    name(story, TEA, MO, TAO, REN)
    name(story, TEA, TAO, MO)
    name(story, TEA, REN, TAO)
    name(story, TEA, BEI, YU)
    name(story, TEA, LIN, MO, YU)
    name(story, TEA, BOT, MO, TAO, REN, YU, BEI)
    return story


@pytest.mark.method("A24", "A25", "C17")
def test_what_holds_the_group_together(two_circles: Story) -> None:
    figures = measured(two_circles)[TEA]
    assert figures["ties_from"] == "replies"
    assert figures["tie_certainty"] == 1
    assert figures["pairs_connected"] == 4  # Mo-Tao, Mo-Ren, Tao-Ren, Yu-Bei
    assert figures["tie_density"] == pytest.approx(4 / 10)
    assert figures["reciprocity"] == pytest.approx(1 / 4)  # only Mo and Tao name each other
    assert figures["largest_component_share"] == pytest.approx(3 / 5)
    assert figures["component_share_with_staff"] == 1  # Lin joins the circles; the bot never does
    assert (figures["core_k"], figures["core_people"]) == (2, 3)
    # Of twelve namings seven have the house at one end. Members name five times, Mo twice.
    assert figures["staff_tie_share"] == pytest.approx(7 / 12)
    assert figures["top_answerer_share"] == pytest.approx(2 / 5)


def test_a_group_whose_people_answer_nobody_is_not_connected_which_is_known() -> None:
    story = Story()
    speak(story, TEA, MO, TAO)
    name(story, TEA, MO, 12345)  # somebody who never spoke: no tie
    figures = measured(story)[TEA]
    assert (figures["ties_from"], figures["pairs_connected"], figures["tie_density"]) == ("replies", 0, 0)
    assert (figures["largest_component_share"], figures["core_k"], figures["core_people"]) == (0, 0, 0)
    assert figures["reciprocity"] is None
    assert "top_answerer_share" not in figures


def test_replies_and_mentions_are_told_apart_and_merged_accounts_are_one_person() -> None:
    story = Story(same_person={21: MO})
    speak(story, TEA, MO, TAO, 21)
    name(story, TEA, TAO, 21, MO)
    story.say(TEA, TAO, f"{DAY} 11:00", reply_to="m1", reply_to_author=MO)
    story.say(TEA, 21, f"{DAY} 11:00", reply_to_author=TAO)
    story.say(TEA, 21, f"{DAY} 11:30", mentions=[MO])  # oneself
    connected = connect(shared(story))
    assert ties_of(connected, TEA) == {(TAO, MO): (1, 2), (MO, TAO): (1, 0)}
    assert connected.curves == {TEA: [2]}


def test_nothing_of_other_groups_leaks_in() -> None:
    story = Story()
    speak(story, TEA, MO, TAO, REN)
    name(story, TEA, MO, TAO)
    speak(story, COFFEE, MO, TAO, REN)
    name(story, COFFEE, MO, REN)
    name(story, COFFEE, REN, TAO)
    alone = Story(rows=[row for row in story.rows if row["group_key"] == TEA])
    known, both = measured(alone)[TEA], measured(story)
    assert {key: value for key, value in both[TEA].items() if known[key] != value} == {"bridge_people": 3}
    assert known["bridge_people"] == 0
    assert both[COFFEE]["pairs_connected"] == 2


@pytest.mark.method("C11")
def test_bridges_are_members_who_speak_in_several_groups() -> None:
    story = Story(house={LIN: "staff"})
    speak(story, TEA, LIN, MO, TAO)
    speak(story, COFFEE, LIN, MO)
    speak(story, QUIET, REN)
    figures = measured(story)
    assert [figures[group]["bridge_people"] for group in (TEA, COFFEE, QUIET)] == [1, 1, 0]


@pytest.mark.method("A25", "F20")
def test_newcomers_are_reached_by_whoever_answers_them() -> None:
    story = Story(house={LIN: "staff", BOT: "bot"})
    for newcomer in (TAO, REN, YU, BEI):
        story.join(TEA, newcomer, "02-27 09:00")
    speak(story, TEA, LIN, MO, TAO, REN, YU, BOT)
    name(story, TEA, MO, TAO)
    name(story, TEA, LIN, TAO, REN)
    name(story, TEA, BOT, YU)  # a machine's greeting reaches nobody
    name(story, TEA, MO, BEI)  # Bei never spoke
    speak(story, COFFEE, MO, TAO)
    name(story, COFFEE, MO, TAO)
    figures = measured(story)
    assert (figures[TEA]["newcomers_reached"], figures[TEA]["newcomers_reached_by_staff"]) == (2, 2)
    assert "newcomers_reached" not in figures[COFFEE]  # this carrier reports no joins: not known


def test_the_window_is_the_groups_own_and_ends_with_its_talk() -> None:
    story = Story()
    speak(story, TEA, MO, TAO)
    name(story, TEA, MO, TAO)
    speak(story, COFFEE, MO, TAO, day="05-01")
    name(story, COFFEE, MO, TAO, day="05-01")
    name(story, COFFEE, TAO, MO, day="05-01")
    on_the_day, later, much_later = (measured(story, date(2026, *day)) for day in ((3, 1), (5, 1), (7, 1)))
    assert COFFEE not in on_the_day
    assert on_the_day[TEA]["pairs_connected"] == later[TEA]["pairs_connected"] == 1
    assert TEA not in much_later  # 122 days ago: talk is not known message by message so far back
    assert much_later[COFFEE]["reciprocity"] == 1


def chatty(group: int = TEA, *, of: int = 30, day: str = DAY) -> Story:
    """Mo asks, Tao answers, Mo thanks; nobody says to whom."""
    story = Story()
    for place in range(of):
        who, text = ((MO, "请问怎么报名？"), (TAO, "点下面的链接报名"), (MO, "好的谢谢"))[place % 3]
        story.say(group, who, f"{day} {9 + place // 20:02}:{place % 20 * 3:02}", text)
    return story


@pytest.mark.method("A25")
def test_where_nobody_says_whom_they_answer_it_is_inferred_and_marked() -> None:
    story = chatty()
    figures = measured(story)[TEA]
    assert figures["ties_from"] == "inferred"
    assert 0.3 < figures["tie_certainty"] < 1
    assert (figures["pairs_connected"], figures["reciprocity"]) == (1, 1)
    connected = connect(shared(story))
    assert connected.coverage == {"ties_unsaid_groups": 1, "ties_inferred_groups": 1, "ties_inferred_messages": 30}
    rows = connected.ties.to_pylist()
    assert {(row["from_key"], row["to_key"]) for row in rows} == {(MO, TAO), (TAO, MO)}
    assert all(row["replies"] == row["mentions"] == 0 and 0 < row["certainty"] <= 1 < row["inferred"] for row in rows)


def test_connecting_again_changes_nothing() -> None:
    con = shared(chatty())
    first, again = connect(con), connect(con)
    assert first == again


def test_the_linker_reads_the_newest_groups_first_and_stops_at_the_limit() -> None:
    story = chatty()
    story.rows += [row | {"group_key": COFFEE} for row in chatty(day="02-20").rows]
    connected = connect(shared(story), altogether=40)
    assert connected.coverage == {"ties_unsaid_groups": 2, "ties_inferred_groups": 1, "ties_inferred_messages": 30}
    assert connected.figures["group_key"].to_pylist() == [TEA]


def test_without_texts_such_groups_stay_unknown() -> None:
    con = shared(chatty())
    con.execute("DROP TABLE history")
    connected = connect(con)
    assert connected.figures.num_rows == connected.ties.num_rows == 0
    assert connected.coverage["ties_unsaid_groups"] == 1


def test_of_a_large_group_those_with_the_strongest_ties_are_drawn(two_circles: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "DRAWN", 3)
    drawn = ties_of(connect(shared(two_circles)), TEA)
    assert {person for pair in drawn for person in pair} == {BOT, MO, TAO}
    assert drawn[MO, TAO] == (0, 1)


@pytest.mark.method("C11")
def test_groups_that_share_members_overlap() -> None:
    story = Story(house={LIN: "staff"})
    speak(story, TEA, LIN, MO, TAO, REN)
    speak(story, COFFEE, LIN, MO, TAO)
    story.join(QUIET, MO, f"{DAY} 08:00")
    for group in range(1000, 1051):  # Ren is everywhere, which says nothing
        speak(story, group, REN)
    assert overlaps(shared(story)).to_pylist() == [
        {"group_a": TEA, "group_b": COFFEE, "shared": 2},
        {"group_a": TEA, "group_b": QUIET, "shared": 1},
        {"group_a": COFFEE, "group_b": QUIET, "shared": 1},
    ]


def test_the_described_columns_are_the_made_ones() -> None:
    connected = connect(shared(chatty()))
    assert connected.figures.column_names == ["group_key", *(column.name for column in columns.GRAPH.columns)]
