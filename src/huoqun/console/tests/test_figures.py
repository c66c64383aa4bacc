from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from huoqun.console import figures

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "words"), [(None, "—"), (0, "0"), (12345, "12,345"), (2.5, "2.5"), (3.0, "3"), (1234.56, "1,234.6")]
)
def test_counts(number: float | None, words: str) -> None:
    assert figures.count_words(number) == words


@pytest.mark.parametrize(
    ("fraction", "words"),
    [(None, "—"), (0, "0.0%"), (0.0001, "<0.1%"), (0.188, "18.8%"), (0.9999, ">99.9%"), (1, "100.0%")],
)
def test_percentages_never_round_something_to_nothing_or_to_all(fraction: float | None, words: str) -> None:
    assert figures.percent_words(fraction) == words


def test_a_share_always_has_its_count() -> None:
    with translation.override("en"):
        assert figures.share_words(4, 300) == "1.3% (4 of 300)"
        assert figures.share_words(4, 30, small=100) == "4 of 30"
        assert figures.share_words(0, 0) == "—"
        assert figures.share_words(None, 30) == "—"
    with translation.override("zh-hans"):
        assert figures.share_words(4, 300) == "1.3%（4 / 300）"


@pytest.mark.parametrize(
    ("ago", "english", "chinese"),
    [
        (timedelta(seconds=20), "just now", "刚刚"),
        (timedelta(minutes=3), "3 minutes ago", "3 分钟前"),
        (timedelta(hours=1), "1 hour ago", "1 小时前"),
        (timedelta(days=40), "40 days ago", "40 天前"),
        (timedelta(days=70), "2 months ago", "2 个月前"),
        (timedelta(days=913), "2.5 years ago", "2.5 年前"),
        (timedelta(hours=-2), "in 2 hours", "2 小时后"),
    ],
)
def test_how_long_ago(ago: timedelta, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert figures.when_words(NOW - ago, now=NOW) == english
    with translation.override("zh-hans"):
        assert figures.when_words(NOW - ago, now=NOW) == chinese


def test_days_carry_the_year_only_where_it_is_another() -> None:
    today = date(2026, 3, 4)
    with translation.override("zh-hans"):
        assert figures.day_words(date(2026, 2, 1), today=today) == "2月1日"
        assert figures.day_words(date(2025, 2, 1), today=today) == "2025年2月1日"
    with translation.override("en"):
        assert figures.day_words(date(2025, 2, 1), today=today) == "1 Feb 2025"
