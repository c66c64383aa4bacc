"""Open wordings, and what two versions differ in."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from huoqun.sop.parts.slots import pick, slots_in, worded
from huoqun.sop.playbooks.differences import Change, Difference, differences
from huoqun.sop.playbooks.reading import read

BOOK = """\
name: day
title: 日常
starts: [{when: every, rule: FREQ=DAILY}]
steps:
  - {do: post, key: morning, words: {text: 早上好}}
  - {do: post, key: topic, words: {text: 今天聊什么}}
  - {do: post, key: evening, words: {text: 晚安}}
"""


@pytest.mark.method("F21", "G01")
def test_each_group_has_its_own_wording_and_always_the_same() -> None:
    slots = {"问候": ("早上好", "早呀", "大家早")}
    said = [worded("[[问候]]，[[ 问候 ]]！", slots, f"run/{number}") for number in range(300)]
    assert said == [worded("[[问候]]，[[ 问候 ]]！", slots, f"run/{number}") for number in range(300)]
    counts = Counter(said)
    assert len(counts) == 3, "one slot, one wording throughout a text"
    assert min(counts.values()) > 60
    assert worded("[[别的]]", slots, "x") == "[[别的]]"
    assert slots_in("[[a]] [b] [[a]] [[ b ]]") == ["a", "b"]
    assert {pick(str(seed), 2) for seed in range(20)} == {0, 1}


@pytest.mark.method("F21", "F24")
@pytest.mark.parametrize("count", [2, 3, 7])
@pytest.mark.parametrize("every", [1, 7])
def test_a_group_hears_every_wording_before_one_comes_again(count: int, every: int) -> None:
    """What is said each day, and what is said each week; seven wordings are no trap for the latter."""
    slots = {"题": [str(number) for number in range(count)]}
    said = [worded("[[题]]", slots, "group", day=740_000 + every * week) for week in range(count)]
    assert len(set(said)) == count or (every, count % 7) == (1, 0)
    assert all(one != other for one, other in pairwise(said))


@pytest.mark.method("G14")
def test_versions_are_compared_step_by_step() -> None:
    before = read(BOOK)
    after = read(
        BOOK.replace("title: 日常", "title: 每天")
        .replace("今天聊什么", "今天聊点什么")
        .replace(
            "  - {do: post, key: evening, words: {text: 晚安}}\n", "  - {do: todo, key: night, task: 看看有没有没回答的问题}\n"
        )
    )
    assert differences(before, before) == []
    assert differences(before, after) == [
        Difference(Change.CHANGED, "", "title", "日常", "每天"),
        Difference(Change.CHANGED, "topic", "words", {"text": "今天聊什么"}, {"text": "今天聊点什么"}),
        Difference(Change.ADDED, "night", after={"do": "todo", "key": "night", "task": "看看有没有没回答的问题"}),
        Difference(Change.REMOVED, "evening", before={"do": "post", "key": "evening", "words": {"text": "晚安"}}),
    ]


def test_a_step_that_moved_is_told_so() -> None:
    lines = BOOK.splitlines(keepends=True)
    lines[4], lines[5] = lines[5], lines[4]
    found = differences(read(BOOK), read("".join(lines)))
    assert {(one.change, one.step) for one in found} == {(Change.MOVED, "topic"), (Change.MOVED, "morning")}
