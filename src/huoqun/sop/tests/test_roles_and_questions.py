"""Whom a message is for, and what a fork asks: what is wrong is told at reading, with its line and field."""

from __future__ import annotations

from datetime import date

import pytest

from huoqun.sop.playbooks.reading import Unreadable, read
from huoqun.sop.rules.answers import kinds_of, words_in
from huoqun.sop.rules.states import LineState, together

HEAD = "name: a\ntitle: A\naudience: {about: %s}\nstarts: [{when: hand}]\nsteps:\n"
MESSAGE = "  - {do: message, key: m, %s, words: {text: hi}}\n"
FORK = (
    "  - {do: approval, key: sure, question: ok, limit: 1d}\n  - {do: wait, key: heard, fact: bought, limit: 1d}\n"
    "  - {do: branch, key: way, question: {%s}}\n"
)


@pytest.mark.parametrize(
    ("about", "step", "line", "field", "problem"),
    [
        ("groups", MESSAGE % "to: everybody", 6, "steps[0].to", "Nobody is called “everybody” here"),
        ("groups", MESSAGE % "to: member", 6, "steps[0].to", "Which member?"),
        ("members", MESSAGE % "to: silent", 6, "steps[0].to", "A run about a member speaks to that member"),
        ("groups", MESSAGE % "to: enrolled", 6, "steps[0].tags", "Tags say who is enrolled"),
        ("groups", MESSAGE % "to: owner, tags: [a]", 6, "steps[0].tags", "Tags say who is enrolled"),
        ("groups", MESSAGE % "to: owner, days: 3", 6, "steps[0].days", "Days, one at least"),
        ("groups", MESSAGE % "to: silent, most: 900", 6, "steps[0].most", "To one at least, and 200 at most"),
        ("groups", FORK % "about: weather", 8, "steps[2].question.about", "Invalid enum value"),
        ("groups", FORK % "about: days_since_join, at_least: 3", 8, "steps[2].question.about", "Only of a member"),
        ("groups", FORK % "about: orders", 8, "steps[2].question.at_least", "How many?"),
        ("groups", FORK % "about: orders, at_least: 3, at_most: 1", 8, "steps[2].question.at_most", "Nothing is at least"),
        ("groups", FORK % "about: tags", 8, "steps[2].question.one_of", "Which of them?"),
        ("groups", FORK % "about: day, one_of: [someday]", 8, "steps[2].question.one_of[0]", "“someday” is none of these"),
        ("groups", FORK % "about: answer, of: sure, one_of: [ok]", 8, "steps[2].question.one_of[0]", "“ok” is none of"),
        ("groups", FORK % "about: answer, of: heard, one_of: [ok]", 8, "steps[2].question.of", "Name an approval"),
        ("groups", FORK % "about: members, at_least: 3, days: 7", 8, "steps[2].question.days", "Days are counted back"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_field(about: str, step: str, line: int, field: str, problem: str) -> None:
    with pytest.raises(Unreadable) as wrong:
        read(HEAD % about + step)
    found = [mistake for mistake in wrong.value.mistakes if mistake.field == field]
    assert [(mistake.line, mistake.problem.startswith(problem)) for mistake in found] == [(line, True)], wrong.value


@pytest.mark.parametrize(
    ("sums", "expected"),
    [
        ({"sent": 2, "waiting": 1}, LineState.PLANNED),
        ({"sent": 2, "unknown": 1, "handed": 1}, LineState.UNKNOWN),
        ({"sent": 2, "handed": 1, "confirming": 1}, LineState.HAND),
        ({"sent": 1, "refused": 4, "expired": 2}, LineState.DONE),
        ({"refused": 1, "expired": 2}, LineState.FAILED),
        ({"cancelled": 1, "expired": 2}, LineState.SKIPPED),
    ],
)
def test_a_line_for_many_is_what_all_of_them_are_together(sums: dict[str, int], expected: LineState) -> None:
    assert together(sums) == expected


def test_a_day_has_its_name_and_its_kinds() -> None:
    assert kinds_of(date(2026, 2, 14), is_workday=True, is_holiday=False) == ("saturday", "workday", "make_up")
    assert kinds_of(date(2026, 2, 17), is_workday=False, is_holiday=True) == ("tuesday", "day_off", "holiday")


def test_of_an_answer_only_the_words_asked_for_are_kept() -> None:
    assert words_in("我来 OK，电话 138", ["来", "ok", "不来"]) == ("来", "ok")
