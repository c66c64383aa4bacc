from __future__ import annotations

import pytest
from django.utils.safestring import SafeString

from huoqun.console.charts_flows import (
    ROWS_SHOWN,
    Axis,
    Flows,
    Kind,
    Map,
    Span,
    Spans,
    Spot,
    Stop,
    Stream,
    points,
    points_between,
)

AXIS = Axis("Alive", [(0.0, "0%"), (1.0, "100%")], middle=0.5)


def chart(*spots: Spot) -> Map:
    return Map("Groups", [Kind("declining", "declining", spots)], AXIS, AXIS, heads=("Group", "State", "Across", "Upwards"))


def test_a_mark_has_the_colour_and_shape_of_its_kind_and_a_row_that_leads_to_it() -> None:
    drawn = chart(Spot(0.1, 0.9, 40, "<b>番茄群</b>", "/groups/7/", ("10%", "90%")))
    assert drawn.plain()["kinds"] == [
        {
            "name": "declining",
            "tone": "amber",
            "shape": "down",
            "spots": [[0.1, 0.9, 40, "<b>番茄群</b>", "/groups/7/", "10%", "90%"]],
        }
    ]
    assert drawn.plain()["told"] == ["Across", "Upwards"]
    (row,) = drawn.table().rows
    assert row == ('<a href="/groups/7/">&lt;b&gt;番茄群&lt;/b&gt;</a>', "declining", "10%", "90%")
    assert isinstance(row[0], SafeString)


def test_a_mark_that_leads_nowhere_is_plain_words_and_long_tables_end() -> None:
    rows = chart(*(Spot(0, 0, 1, "<b>", "", ("", "")) for _ in range(ROWS_SHOWN + 5))).table().rows
    assert len(rows) == ROWS_SHOWN
    assert not isinstance(rows[0][0], SafeString), "escaped by the template, once"


def test_the_table_of_flows_begins_with_the_newest_who_moved() -> None:
    stops = [
        Stop(0, "steady", "steady", 9),
        Stop(1, "steady", "steady", 7),
        Stop(1, "dead", "dead", 2),
        Stop(2, "dead", "dead", 9),
    ]
    drawn = Flows("Moves", ["May", "June", "July"], stops, [Stream(0, 1, 7), Stream(0, 2, 2), Stream(1, 3, 7), Stream(2, 3, 2)])
    assert [row[:1] + row[2:] for row in drawn.table().rows] == [
        ("June", "steady", "dead", "7"),
        ("June", "dead", "dead", "2"),
        ("May", "steady", "dead", "2"),
        ("May", "steady", "steady", "7"),
    ]
    assert drawn.plain()["stops"][2] == [1, "dead", "red", 2]


def test_a_difference_that_is_not_known_is_in_the_table_only() -> None:
    drawn = Spans(
        "Alive", [Span("mo", 0.1, -0.02, 0.2, ("so",)), Span("an", None, None, None, ("few",))], ("Who", "By", "From", "Said")
    )
    assert drawn.plain()["rows"] == [["mo", 0.1, -0.02, 0.2]]
    assert drawn.table().rows == (("mo", "+10", points_between(-0.02, 0.2), "so"), ("an", "—", "—", "few"))


@pytest.mark.parametrize(("share", "words"), [(0.1, "+10"), (-0.031, "−3"), (0.001, "0"), (-0.001, "0"), (None, "—")])
def test_points_carry_their_sign(share: float | None, words: str) -> None:
    assert points(share) == words
