"""Whom to speak to first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from huoqun.health.causes.actions import KINDS
from huoqun.health.causes.nudging import (
    AT_MOST,
    LEFT_TO_ITSELF,
    ROLES,
    Kind,
    Voice,
    asks_for_people,
    score,
    usual_pause,
    whom_first,
)
from huoqun.health.models import Role

pytestmark = pytest.mark.method("F20")
TODAY = date(2026, 11, 20)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def voice(key: int = 1, *, silent: int = 25, joined: int | None = 400, **changes: Any) -> Voice:
    """Twelve days of talk until 25 days ago, in touch with nine."""
    told: dict[str, Any] = {
        "role": "active", "messages": 34, "days": 12, "last_on": ago(silent), "others": 9, "answered": True,
        "joined_on": ago(joined) if joined is not None else None,
    }  # fmt: skip
    return Voice(key, **(told | changes))


def newcomer(key: int = 1, *, silent: int = 5, joined: int | None = 6, **changes: Any) -> Voice:
    once = {"role": "onlooker", "messages": 1, "days": 1, "others": 0, "answered": False}
    return voice(key, silent=silent, joined=joined, **(once | changes))


def first(*voices: Voice) -> list[int]:
    return [nudge.voice.key for nudge in whom_first(voices, as_of=TODAY, last_talk=ago(1))]


@pytest.mark.parametrize(
    ("one", "asked"),
    [
        (voice(), True),
        (voice(silent=13), False),
        (voice(silent=6, days=80), False),
        (voice(silent=7, days=80), True),
        (voice(days=3, silent=45), False),
        (voice(days=3, silent=46), True),
        (voice(days=2, silent=80), False),
        (voice(role="chatterbox"), False),
        (voice(role="onlooker"), False),
        (voice(role="co_builder"), True),
        (voice(others=0), False),
        (voice(others=None), True),
        (voice(joined=None), True),
        (voice(joined=39, silent=13, days=12), True),
    ],
)
def test_a_regular_is_somebody_tied_who_is_silent_beyond_their_own_rhythm(one: Voice, asked: bool) -> None:
    assert bool(first(one)) is asked


@pytest.mark.parametrize(
    ("one", "asked"),
    [
        (newcomer(), True),
        (newcomer(silent=0), False),
        (newcomer(silent=1), True),
        (newcomer(joined=89), True),
        (newcomer(joined=90), False),
        (newcomer(joined=None), False),
        (newcomer(answered=True), False),
        (newcomer(answered=None), False),
        (newcomer(days=2), False),
    ],
)
def test_a_newcomer_is_somebody_new_whom_nobody_answered(one: Voice, asked: bool) -> None:
    found = whom_first([one], as_of=TODAY, last_talk=ago(1))
    assert [nudge.kind for nudge in found] == ([Kind.NEWCOMER] if asked else [])


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (voice(2, others=10), voice(1, others=9)),
        (voice(2, days=13), voice(1, days=12)),
        (voice(2, others=2), voice(1, others=None)),
        (voice(2, silent=26), voice(1, silent=60)),
        (voice(2, days=8, others=17, silent=30), voice(1, days=20, others=2, silent=30)),
        (voice(2, messages=35), voice(1, messages=34)),
        (voice(1), voice(2)),
    ],
)
def test_who_would_carry_more_comes_first(more: Voice, less: Voice) -> None:
    assert first(less, more) == [more.key, less.key]


def test_the_score_is_halved_for_two_months_of_silence() -> None:
    one = voice(days=8, others=7)
    assert score(one, 0) == pytest.approx(8)
    assert score(one, 60) == pytest.approx(4)


def test_a_rhythm_is_told_from_the_window_or_from_joining() -> None:
    assert usual_pause(voice(silent=25, days=11), ago(1)) == pytest.approx(66 / 11)
    assert usual_pause(voice(silent=25, days=4, joined=32), ago(1)) == pytest.approx(2)


def test_a_group_that_died_long_ago_still_has_somebody_to_ask() -> None:
    found = whom_first([voice(silent=300)], as_of=TODAY, last_talk=ago(300))
    assert [nudge.silent_days for nudge in found] == [300]


@pytest.mark.parametrize(
    ("regulars", "newcomers", "asked"),
    [(9, 9, (3, 2)), (9, 1, (4, 1)), (9, 0, (5, 0)), (1, 9, (1, 4)), (0, 9, (0, 5)), (2, 1, (2, 1)), (0, 0, (0, 0))],
)
def test_at_most_five_are_named_and_newcomers_find_room(regulars: int, newcomers: int, asked: tuple[int, int]) -> None:
    voices = [voice(key) for key in range(regulars)] + [newcomer(100 + key) for key in range(newcomers)]
    found = whom_first(voices, as_of=TODAY, last_talk=ago(1))
    kinds = [nudge.kind for nudge in found]
    assert (kinds.count(Kind.REGULAR), kinds.count(Kind.NEWCOMER)) == asked
    assert kinds == [Kind.REGULAR] * asked[0] + [Kind.NEWCOMER] * asked[1]
    assert len(found) <= AT_MOST


@pytest.mark.parametrize(
    ("action", "step", "state", "fits"),
    [
        ("revive", "ask_regulars", "dead", True),
        ("share_the_load", "find_cohosts", "declining", True),
        ("welcome_and_answer", "answer_newcomers", "steady", True),
        ("farewell", "say_goodbye", "dead", False),
        ("leave_alone", "keep_on", "thriving", False),
        ("leave_alone", "check_the_record", "dormant", False),
        ("merge", "ask_both_groups", "dormant", False),
        ("", "", "dormant", False),
        ("revive", "ask_regulars", "planned_end", False),
    ],
)
def test_people_are_named_where_speaking_to_them_is_what_helps(action: str, step: str, state: str, fits: bool) -> None:
    assert asks_for_people(action, step, state) is fits


def test_roles_and_actions_are_those_there_are() -> None:
    assert set(Role.values) >= ROLES
    assert LEFT_TO_ITSELF - {""} <= set(KINDS)
