"""Which words, whether it is not too late, and what stands in the place of names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from huoqun.admission import rules
from huoqun.admission.rules import Verdict

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "left", "has_text", "verdict"),
    [
        ("c", 20, True, Verdict.WELCOME),
        ("c", 1, True, Verdict.WELCOME),
        ("c", 0.5, True, Verdict.TOO_LATE),
        ("c", -5, True, Verdict.TOO_LATE),
        ("c", None, True, Verdict.WELCOME),
        ("", 20, True, Verdict.NO_CODE),
        ("c", 20, False, Verdict.NO_TEXT),
        ("c", -5, False, Verdict.NO_TEXT),
    ],
)
def test_who_is_welcomed(code: str, left: float | None, has_text: bool, verdict: Verdict) -> None:
    until = None if left is None else NOW + timedelta(seconds=left)
    assert rules.verdict(code=code, expires_at=until, has_text=has_text, now=NOW) is verdict


@pytest.mark.parametrize(
    ("texts", "source", "text"),
    [
        ({"": "大家好", "poster-3": "看到海报的你好"}, "poster-3", "看到海报的你好"),
        ({"": "大家好", "poster-3": "看到海报的你好"}, "poster-4", "大家好"),
        ({"": "大家好"}, "", "大家好"),
        ({"poster-3": "看到海报的你好"}, "", ""),
        ({}, "poster-3", ""),
    ],
)
def test_the_text_for_the_way_they_came(texts: dict[str, str], source: str, text: str) -> None:
    assert rules.text_for(texts, source) == text


VALUES = {"name": "小陶", "colleague": "莫老师", "community": "春季读书会"}


@pytest.mark.parametrize(
    ("text", "values", "read"),
    [
        ("{{称呼}}，我是{{同事名}}", VALUES, "小陶，我是莫老师"),
        ("｛｛ 称呼 ｝｝您好", VALUES, "小陶您好"),
        ("Hi {{Name}}, {{colleague}} here from {{community}}", VALUES, "Hi 小陶, 莫老师 here from 春季读书会"),
        ("{{称呼|同学}}好", VALUES, "小陶好"),
        ("{{称呼|同学}}好", {}, "同学好"),
        ("{{称呼}}好", {}, "朋友好"),
        ("Hi {{name}}", {}, "Hi friend"),
        ("我们是{{同事名}}", {"community": "春季读书会"}, "我们是春季读书会"),
        ("{{称呼}}", {"name": "小\u202e陶\n\t{{同事名}}"}, "小陶 {{同事名}}"),
        ("{{称呼}}", {"name": "陶" * 90}, "陶" * rules.LONGEST_NAME),
        ("{{什么}}", VALUES, "{{什么}}"),
        ("没有变量", {}, "没有变量"),
    ],
)
def test_names_are_filled_in_once(text: str, values: dict[str, str], read: str) -> None:
    assert rules.filled(text, values) == read


@pytest.mark.parametrize(
    ("text", "found"),
    [("{{称呼}}{{同事名|我}}", []), ("{{群名}}", ["群名"]), ("{{称呼", ["{{"]), ("好}}", ["{{"]), ("{{}}", [""])],
)
def test_what_nobody_can_fill_in_is_found(text: str, found: list[str]) -> None:
    assert rules.strangers(text) == found


def test_it_must_fit_with_the_longest_names() -> None:
    room = rules.LONGEST - 3 * rules.LONGEST_NAME
    assert not rules.is_too_long("{{称呼}}" + "a" * room)
    assert rules.is_too_long("{{称呼}}" + "a" * (room + 1))
