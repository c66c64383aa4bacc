from __future__ import annotations

from datetime import date, timedelta

import pytest

from huoqun.health.causes.disagreement import Seen, what_came_after

THEN = date(2026, 9, 1)


def seen(days: int, state: str, messages: int | None, *codes: str) -> Seen:
    return Seen(on=THEN + timedelta(days=days), state=state, messages_30d=messages, codes=codes)


@pytest.mark.parametrize(
    ("then", "now", "code"),
    [
        (seen(0, "declining", 100), seen(5, "dead", 0), "too_early"),
        (seen(0, "declining", 100), seen(40, "dead", 0), "fell_silent"),
        (seen(0, "declining", 100), seen(40, "dormant", 3), "fell_silent"),
        (seen(0, "dead", 0), seen(40, "steady", 80), "came_back"),
        (seen(0, "dead", 0), seen(40, "planned_end", 0), "about_the_same"),
        (seen(0, "declining", 100), seen(40, "steady", 180), "more_talk"),
        (seen(0, "steady", 100), seen(40, "declining", 40), "less_talk"),
        (seen(0, "steady", 100), seen(40, "steady", 101), "about_the_same"),
        (seen(0, "steady", None), seen(40, "steady", 101), "not_known"),
        (seen(0, "dead", 0), seen(40, "dead", 0), "about_the_same"),
    ],
)
def test_what_came_after_an_objection(then: Seen, now: Seen, code: str) -> None:
    assert what_came_after("ad_fatigue", then, now).code == code


def test_whether_the_audit_still_says_so() -> None:
    then = seen(0, "declining", 100, "ad_fatigue")
    after = what_came_after("ad_fatigue", then, seen(40, "declining", 90, "ad_fatigue", "too_large"))
    assert after.still_said
    assert after.days == 40
    assert not what_came_after("ad_fatigue", then, seen(40, "steady", 90)).still_said
