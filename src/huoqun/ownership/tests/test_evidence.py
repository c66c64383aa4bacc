"""What counts as a link, a number, a note."""

from __future__ import annotations

import pytest

from huoqun.ownership.rules.evidence import link, note, number


@pytest.mark.parametrize(
    ("said", "expected"),
    [(" 1,200 ", "1200"), ("3.5", "3.5"), ("３", "3"), ("12，5", "12.5"), ("about 3", None), ("", None), ("-2", "-2")],
)
def test_a_number_is_digits(said: str, expected: str | None) -> None:
    assert number(said) == expected


@pytest.mark.parametrize(
    ("said", "good"),
    [
        ("https://mp.example.com/s/1", True), ("http://a.cn", True), ("mp.example.com", False), ("javascript:alert(1)", False),
        ("https://nowhere", False), ("https://a.cn/b c", False), ("https://[a", False),
    ],
)  # fmt: skip
def test_a_link_is_a_whole_address(said: str, good: bool) -> None:
    assert (link(said) is not None) is good


def test_a_note_says_something() -> None:
    assert note(" 已经发了 ") == "已经发了"
    assert note("。。。") is None
