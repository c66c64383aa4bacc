"""A callback's text as fields: XML or JSON, whatever the spelling.

Names are compared without capitals and underscores: the same field is `ExternalUserID` in one push and `external_userid` in
another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.parsers import expat

LONGEST = 1_000_000
DEEPEST = 20


class Garbled(ValueError):
    """This is no XML and no JSON object that could be a callback."""


class Fields:
    """The children of one element. What is missing is ""; asking for one that is there several times gives the first."""

    def __init__(self) -> None:
        self._all: list[tuple[str, Fields | str]] = []

    def add(self, name: str, value: Fields | str) -> None:
        self._all.append((_plain(name), value))

    def text(self, *names: str) -> str:
        """The first of these names that says something."""
        for name in names:
            for known, value in self._all:
                if known == _plain(name) and isinstance(value, str) and value:
                    return value
        return ""

    def number(self, *names: str) -> int | None:
        told = self.text(*names)
        return int(told) if told.isdecimal() else None

    def child(self, name: str) -> Fields | None:
        return next((value for known, value in self._all if known == _plain(name) and isinstance(value, Fields)), None)

    def listed(self, name: str) -> tuple[str, ...]:
        """Items of a list: children of the field, or its text cut at commas."""
        for known, value in self._all:
            if known == _plain(name):
                return tuple(_items(value))
        return ()

    def leaves(self, path: str = "") -> Iterator[tuple[str, str]]:
        """Every text with the names on the way to it, in the order in which they came."""
        for name, value in self._all:
            here = f"{path}/{name}"
            if isinstance(value, Fields):
                yield from value.leaves(here)
            else:
                yield here, value


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _items(value: Fields | str) -> Iterator[str]:
    told = value.split(",") if isinstance(value, str) else [text for _, text in value.leaves()]
    yield from (item.strip() for item in told if item.strip())


def read(raw: bytes | str) -> Fields:
    """Raises Garbled."""
    data = raw.encode() if isinstance(raw, str) else raw
    if len(data) > LONGEST:
        raise Garbled(f"it has {len(data)} bytes; no callback is longer than {LONGEST}")
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    return _from_json(start) if start[:1] == b"{" else _from_xml(start)


def _from_json(data: bytes) -> Fields:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError) as broken:
        raise Garbled("it begins like JSON, and is none") from broken
    found = _node(told, 0)
    return found if isinstance(found, Fields) else Fields()


def _node(told: object, depth: int) -> Fields | str:
    if depth > DEEPEST:
        raise Garbled(f"it is nested more than {DEEPEST} deep")
    if isinstance(told, dict | list):
        fields = Fields()
        pairs = told.items() if isinstance(told, dict) else (("item", each) for each in told)
        for name, value in pairs:
            fields.add(str(name), _node(value, depth + 1))
        return fields
    return "" if told is None else str(told)


def _from_xml(data: bytes) -> Fields:
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as broken:
        raise Garbled(f"it is no XML: {expat.ErrorString(broken.code)}, line {broken.lineno}") from broken
    if reader.root is None:
        raise Garbled("it holds a text where fields should be")
    return reader.root


class _Reader:
    """Elements with children become Fields, those without become text. A document type, which could make it expand without
    end or read files, is refused where it begins.
    """

    def __init__(self) -> None:
        self.root: Fields | None = None
        self._open: list[tuple[str, Fields, list[str], list[bool]]] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said

    def _refuse(self, *_: object) -> None:
        raise Garbled("it declares a document type, which no callback does")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > DEEPEST:
            raise Garbled(f"it is nested more than {DEEPEST} deep")
        if self._open:
            self._open[-1][3].append(True)
        self._open.append((name, Fields(), [], []))

    def _said(self, text: str) -> None:
        self._open[-1][2].append(text)

    def _end(self, name: str) -> None:
        _, fields, said, children = self._open.pop()
        value: Fields | str = fields if children else "".join(said).strip()
        if self._open:
            self._open[-1][1].add(name, value)
        elif isinstance(value, Fields):
            self.root = value
