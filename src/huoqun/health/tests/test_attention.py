from __future__ import annotations

from datetime import date, timedelta

import pytest

from huoqun.health.attention import Look, concerns, presses

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
