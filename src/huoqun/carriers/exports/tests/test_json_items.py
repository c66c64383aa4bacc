"""Lists inside JSON: every style of writing gives the same elements, damage costs one element."""

from __future__ import annotations

import io
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huoqun.carriers.exports import json_cursor, json_elements
from huoqun.carriers.exports.json_items import Item, NotDecoded, decode, fields, items

ANY = msgspec.json.Decoder()
STYLES: list[dict[str, Any]] = [
    {},
    {"separators": (",", ":")},
    {"indent": 1},
    {"indent": 2},
    {"indent": 0},
    {"indent": "\t"},
    {"indent": 1, "ensure_ascii": False},
]


def read(raw: bytes, *path: str, around: dict[str, bytes] | None = None) -> list[Any]:
    """Elements decoded; what does not decode is the problem instead."""
    found: list[Any] = []
    for item in items(io.BytesIO(raw), *path, around=around):
        try:
            found.append(decode(ANY, item.raw))
        except NotDecoded as fault:
            found.append(fault.problem)
    return found


def dump(value: object, **style: Any) -> bytes:
    return json.dumps(value, **style).encode()


leaf = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8"))
anything = st.recursive(
    leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
element = st.fixed_dictionaries({"id": st.integers(), "text": st.text() | st.lists(st.fixed_dictionaries({"id": anything}))})


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every boundary of a chunk is hit sooner or later."""
    monkeypatch.setattr(json_cursor, "CHUNK", 61)
    monkeypatch.setattr(json_elements, "CHUNK", 61)


@settings(max_examples=150, deadline=None)
@given(st.lists(element | anything, max_size=6), st.sampled_from(STYLES), st.booleans())
def test_every_style_gives_the_elements_as_json_does(elements: list[Any], style: dict[str, Any], crlf: bool) -> None:
    raw = dump({"name": "x", "messages": elements, "after": {"n": 1}}, **style)
    raw = raw.replace(b"\n", b"\r\n") if crlf else raw
    around: dict[str, bytes] = {}
    assert read(raw, "messages", around=around) == elements
    assert set(around) == {"name", "after"}


@given(st.lists(st.lists(element, max_size=3), max_size=3), st.sampled_from(STYLES))
@settings(deadline=None)
def test_lists_inside_a_list_come_with_the_fields_of_their_own_element(chats: list[list[Any]], style: dict[str, Any]) -> None:
    raw = dump({"chats": {"list": [{"name": str(n), "messages": some} for n, some in enumerate(chats)]}}, **style)
    around: dict[str, bytes] = {}
    found = [
        (around["chats.list.name"], decode(ANY, item.raw))
        for item in items(io.BytesIO(raw), "chats", "list", "*", "messages", around=around)
    ]
    assert found == [(f'"{n}"'.encode(), one) for n, some in enumerate(chats) for one in some]


@pytest.mark.parametrize("style", STYLES)
def test_lines_are_where_an_editor_shows_them(style: dict[str, Any]) -> None:
    raw = dump({"messages": [{"id": n, "text": [{"a": n}]} for n in range(40)]}, **style)
    lines = raw.split(b"\n")
    for item in items(io.BytesIO(raw), "messages"):
        start = item.raw.split(b"\n")[0].strip()
        assert start in lines[item.line - 1]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("broken", [0, 3, 19])
@pytest.mark.parametrize("damage", [(b'"text"', b'"text'), (b"}]}", b""), (b"}", b"]"), (b"[", b'"'), (b":", b"")])
def test_one_broken_element_costs_one_element(style: dict[str, Any], broken: int, damage: tuple[bytes, bytes]) -> None:
    elements = [{"id": n, "text": [{"a": "word " * 3}]} for n in range(20)]
    marked = dump({"messages": elements}, **style)
    at = [item.raw for item in items(io.BytesIO(marked), "messages")][broken]
    spoiled = at.replace(*damage, 1) if damage[0] in at else at[:-1]
    found = read(marked.replace(at, spoiled), "messages")
    good = [one for one in found if one in elements]
    assert len(good) == 19
    assert 1 <= len(found) - len(good) <= 3


@pytest.mark.parametrize("style", STYLES)
def test_a_file_cut_anywhere_gives_what_is_there_and_one_that_cannot_be_read(style: dict[str, Any]) -> None:
    elements = [{"id": n, "text": [{"a": n}]} for n in range(6)]
    raw = dump({"messages": elements}, **style)
    start = raw.index(b"[") + 1
    for cut in range(start, raw.rindex(b"]")):
        found = read(raw[:cut], "messages")
        good = [one for one in found if one in elements]
        assert good == elements[: len(good)]
        assert len(found) == len(good) + 1
        assert len(good) >= raw[:cut].count(b'"id"') - 1


def test_a_field_longer_than_the_chunk_is_passed_over() -> None:
    raw = dump({"big": [{"x": "y" * 500}] * 9000, "messages": [{"id": 1}]})
    around: dict[str, bytes] = {}
    assert read(raw, "messages", around=around) == [{"id": 1}]
    assert "big" not in around


def test_fields_behind_the_list_are_found_without_reading_it() -> None:
    raw = dump({"messages": [{"id": 1}] * 50, "name": "夜跑群", "id": 7})
    assert fields(io.BytesIO(raw), "messages")["id"] == b"7"


def test_half_a_surrogate_pair_is_replaced_and_a_whole_one_kept() -> None:
    assert decode(ANY, rb'{"t":"\ud83d \ud83d\ude00 \ude00 \\ud83d"}') == {"t": "\ufffd 😀 \ufffd \\ud83d"}


def test_the_field_at_fault_is_named() -> None:
    class Row(msgspec.Struct):
        id: int

    with pytest.raises(NotDecoded) as caught:
        decode(msgspec.json.Decoder(Row), b'{"id":"x"}')
    assert caught.value.field == "id"


def test_a_byte_order_mark_is_no_part_of_the_first_element() -> None:
    assert list(items(io.BytesIO(b'\xef\xbb\xbf[{"a":1}]'))) == [Item(1, b'{"a":1}')]


def test_a_file_made_of_damage_ends() -> None:
    raw = b'{"messages":[' + b',{"id":1,"a":[{"b":"' * 3000
    assert len(list(items(io.BytesIO(raw), "messages"))) <= 3001
