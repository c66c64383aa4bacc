"""Quotations above a line of dashes."""

from __future__ import annotations

import pytest

from huoqun.carriers.wecom.archive.quotes import Place, Recent, may_read, split

LINE = "\n- - - - - - - - - - - - - - -\n"


@pytest.mark.parametrize(
    ("text", "words", "above"),
    [
        (f"「小陶:今晚几点开始?」{LINE}八点", "八点", "「小陶:今晚几点开始?」"),
        ("“小陶:\n今晚几点?”\n------\n八点\n在三楼", "八点\n在三楼", "“小陶:\n今晚几点?”"),
        (f'这是一条引用/回复消息:\n"小陶:今晚几点?"{LINE}八点', "八点", '"小陶:今晚几点?"'),
    ],
)
def test_a_quotation_is_taken_apart(text: str, words: str, above: str) -> None:
    quoted = split(text)
    assert quoted is not None
    assert (quoted.words, quoted.above) == (words, above)


@pytest.mark.parametrize(
    "text",
    [
        "八点",
        f"活动安排{LINE}第一天",
        f"「小陶:今晚几点?」{LINE}  ",
        "「上」\n---\n「下」",
        "------\n八点",
    ],
)
def test_what_only_looks_like_one_stays_as_it_is(text: str) -> None:
    assert split(text) is None


def test_the_name_in_front_may_be_one_or_part_of_the_words() -> None:
    assert may_read("「小陶:今晚几点?」") == ["今晚几点?", "小陶:今晚几点?"]
    assert may_read("「好」") == ["好"]


def test_an_answer_finds_what_it_answers_in_its_own_group() -> None:
    recent = Recent()
    recent.remember("a", "今晚 几点?", Place("1", "tao"))
    recent.remember("b", "今晚几点?", Place("2", "ren"))
    assert recent.find("a", "「小陶:今晚几点?」") == Place("1", "tao")
    assert recent.find("c", "「小陶:今晚几点?」") is None


def test_said_twice_the_latest_is_meant() -> None:
    recent = Recent()
    recent.remember("a", "在吗", Place("1", "tao"))
    recent.remember("a", "在吗", Place("2", "mo"))
    assert recent.find("a", "「在吗」") == Place("2", "mo")


def test_memory_is_bounded() -> None:
    recent = Recent(most=2)
    for number in range(3):
        recent.remember("a", f"第{number}句", Place(str(number), "tao"))
    assert recent.find("a", "「第0句」") is None
    assert recent.find("a", "「第2句」") == Place("2", "tao")
