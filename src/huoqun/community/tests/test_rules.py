from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoqun.community.capacity import capacity_of
from huoqun.community.rules import Presence, after_join, after_leave, rule_for, standing

T0 = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.method("L02")
@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({}, ""),
        ({"carrier": "bot"}, "bot"),
        ({"carrier": "bot", "rule": "helper"}, "helper"),
        ({"rule": "bot", "list": "staff"}, "staff"),
        ({"list": "bot", "hand": "helper"}, "helper"),
        ({"rule": "bot", "hand": ""}, ""),
    ],
)
def test_the_strongest_word_counts(labels: dict[str, str], expected: str) -> None:
    assert standing(labels) == expected


def test_a_rule_fits_name_or_id_whatever_the_case() -> None:
    rules = [("*机器人*", "bot"), ("HQ-*", "staff")]
    assert rule_for(["小助手机器人01", "u1"], rules) == ("*机器人*", "bot")
    assert rule_for(["", "hq-lin"], rules) == ("HQ-*", "staff")
    assert rule_for(["小林", "u2"], rules) is None


@pytest.mark.method("C02")
@pytest.mark.parametrize(
    ("carrier", "own", "expected"),
    [("wechat", None, 500), ("qq", None, 2000), ("telegram", None, 200_000), ("irc", None, None), ("wechat", 200, 200)],
)
def test_capacity_is_the_groups_own_or_the_carriers(carrier: str, own: int | None, expected: int | None) -> None:
    assert capacity_of(carrier, own) == expected


def at(hours: int) -> datetime:
    return T0 + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("steps", "joined", "left"),
    [
        ([("join", 1)], 1, None),
        ([("join", 1), ("leave", 2)], 1, 2),
        ([("leave", 2), ("join", 1)], 1, 2),
        ([("join", 1), ("leave", 2), ("join", 3)], 3, None),
        ([("join", 3), ("leave", 2), ("join", 1)], 3, None),
        ([("leave", 2)], None, 2),
    ],
)
def test_coming_and_going(steps: list[tuple[str, int]], joined: int | None, left: int | None) -> None:
    presence = Presence()
    for what, when in steps:
        presence = (after_join if what == "join" else after_leave)(presence, at(when))
    assert presence == Presence(at(joined) if joined is not None else None, at(left) if left is not None else None)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), unique_by=lambda step: step[1]), st.randoms())
def test_whether_somebody_is_here_does_not_depend_on_the_order_of_arrival(steps: list[tuple[bool, int]], shuffled) -> None:
    def is_here(order: list[tuple[bool, int]]) -> bool:
        presence = Presence()
        for joins, when in order:
            presence = (after_join if joins else after_leave)(presence, at(when))
        return presence.joined_at is not None and presence.left_at is None

    other = list(steps)
    shuffled.shuffle(other)
    assert is_here(steps) == is_here(other)
