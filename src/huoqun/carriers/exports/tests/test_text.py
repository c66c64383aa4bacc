from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoqun.carriers.exports.text import encoding_of, open_text

from .memory import entry

WORDS = "今天收了三斤番茄\n明早七点楼下集合，自带袋子\n"


def lines(content: bytes) -> list[str]:
    return [line for _, line in open_text(entry(content))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le-bom", "utf-16-be-bom"])
def test_every_encoding_gives_the_same_lines(encoding: str) -> None:
    if encoding.startswith("utf-16-"):
        bom = codecs.BOM_UTF16_LE if "le" in encoding else codecs.BOM_UTF16_BE
        content = bom + WORDS.encode(encoding.removesuffix("-bom"))
    else:
        content = WORDS.encode(encoding)
    assert lines(content) == WORDS.splitlines()


def test_lines_are_numbered_from_one_and_lose_only_their_line_break() -> None:
    content = "a\r\nb \x0b\u2028c\n\nd".encode()
    assert list(open_text(entry(content))) == [(1, "a"), (2, "b \x0b\u2028c"), (3, ""), (4, "d")]


def test_a_broken_byte_costs_one_character_not_the_file() -> None:
    content = "番茄\n".encode() * 50 + b"\xff" + "黄瓜\n豆角\n".encode()
    assert lines(content)[-2:] == ["\ufffd黄瓜", "豆角"]


def test_a_broken_byte_in_a_gb18030_file_does_not_lose_its_neighbours() -> None:
    content = "番茄\n".encode("gb18030") + b"\xff\n" + "黄瓜\n".encode("gb18030")
    assert lines(content) == ["番茄", "\ufffd", "黄瓜"]


def test_chinese_that_comes_only_after_the_head_is_recognised_too() -> None:
    ascii_part = b"2024-05-06 plain line\n" * 4000
    assert lines(ascii_part + "番茄\n黄瓜\n".encode("gb18030"))[-2:] == ["番茄", "黄瓜"]
    assert lines(ascii_part + "番茄\n黄瓜\n".encode())[-2:] == ["番茄", "黄瓜"]


def test_the_head_may_end_in_the_middle_of_a_character() -> None:
    assert encoding_of("番茄".encode()[:-1]) == "utf-8"
    assert encoding_of("番茄黄瓜".encode("gb18030")[:-1]) == "gb18030"


def test_nul_bytes_are_dropped() -> None:
    assert lines(b"a\0b\n") == ["ab"]


@given(st.binary(max_size=400))
def test_no_bytes_at_all_raise(content: bytes) -> None:
    assert isinstance(lines(content), list)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r\ufeff"), max_size=80))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    marked = "群聊记录\n" + text
    assert "\n".join(lines(marked.encode())) == marked.removesuffix("\n")
