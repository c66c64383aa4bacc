from __future__ import annotations

from datetime import date, timedelta

import pytest

from huoqun.health.attention import Answer, Look, answer, concerns, presses

TODAY = date(2026, 11, 20)


def look(state: str, days: int = 5, **more: object) -> Look:
    return Look(state=state, since=TODAY - timedelta(days=days), as_of=TODAY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "codes"),
    [
        (look("steady"), []),
        (look("declining"), ["declining"]),
        (look("declining", unanswered=3), ["declining", "unanswered"]),
        (look("dormant", 3), ["fell_silent"]),
        (look("dormant", 40), []),
        (look("dead", 3), []),
        (look("dead", unanswered=9, first_words=9, first_words_answered=0), []),
        (look("thriving", unanswered=4, first_words=5, first_words_answered=1), ["unanswered", "newcomers_ignored"]),
        (look("steady", first_words=1, first_words_answered=0), []),
        (look("bubbling", planned_end=TODAY + timedelta(days=2)), ["ends_soon"]),
        (look("bubbling", planned_end=TODAY + timedelta(days=9)), []),
        (look("planned_end", planned_end=TODAY), []),
    ],
)
def test_why_a_group_needs_somebody(seen: Look, codes: list[str]) -> None:
    assert [concern.code for concern in concerns(seen)] == codes


def test_a_fall_presses_and_a_single_open_question_does_not() -> None:
    assert presses(concerns(look("declining", 50)))
    assert presses(concerns(look("dormant", 2)))
    assert not presses(concerns(look("thriving", unanswered=1)))
    assert presses(concerns(look("thriving", unanswered=15)))
    assert not presses([])


def test_a_fresh_fall_comes_before_an_old_one_and_both_before_silence() -> None:
    fresh, old, silent = (concerns(one)[0].weight for one in (look("declining", 2), look("declining", 30), look("dormant", 2)))
    assert fresh > old > silent


@pytest.mark.parametrize(
    ("seen", "codes"),
    [
        (look("steady", p_silent=0.72), ["likely_silent"]),
        (look("steady", p_silent=0.3), []),
        (look("declining", p_silent=0.9), ["declining", "likely_silent"]),
        (look("dormant", 3, p_silent=0.9), ["fell_silent"]),
        (look("declining", main_cause="season_closed", p_silent=0.9), []),
        (look("dormant", 3, main_cause="record_gap"), ["record_gap"]),
        (look("declining", main_cause="ad_fatigue"), ["declining"]),
    ],
)
def test_what_is_foreseen_and_why_it_fell_count_too(seen: Look, codes: list[str]) -> None:
    assert [concern.code for concern in concerns(seen)] == codes


def test_a_foreseen_silence_presses_but_a_fall_that_is_there_presses_more() -> None:
    foreseen, fallen, both = (
        sum(concern.weight for concern in concerns(one))
        for one in (look("steady", p_silent=0.99), look("declining", 10), look("declining", 10, p_silent=0.99))
    )
    assert presses(concerns(look("steady", p_silent=0.5)))
    assert foreseen < fallen < both


@pytest.mark.parametrize(
    ("seen", "advised", "done"),
    [
        (look("steady", unanswered=20), Answer("leave_alone", "keep_on"), "answer_questions"),
        (look("steady", first_words=30, first_words_answered=2), Answer("leave_alone", "keep_on"), "answer_newcomers"),
        (look("declining", unanswered=3), Answer("thin_out_ads", "pause_ads"), "pause_ads"),
        (look("dormant", main_cause="record_gap"), Answer("leave_alone", "check_the_record"), "check_the_record"),
        (look("steady", p_silent=0.9), Answer("leave_alone", "keep_on"), "keep_on"),
        (look("steady"), Answer("leave_alone", "keep_on"), "keep_on"),
        (look("declining", unanswered=3), Answer("", ""), ""),
    ],
)
def test_people_left_alone_are_answered_even_where_the_group_needs_nothing_new(seen: Look, advised: Answer, done: str) -> None:
    assert answer(concerns(seen), advised).step == done
