"""Rows of a CSV file, one bad row at a time: neither a stray quote nor a wrong number of fields takes others along."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from huoqun.carriers.base import Unreadable

from . import problems
from .errors import gettext_noop
from .format import Entry
from .text import head_text, look_through_text, open_text

MOST_LINES = 2000
MOST_CHARACTERS = 1 << 20
# Python's own limit is 128 KiB; forwarded chat records inside WeChat's messages are longer.
csv.field_size_limit(MOST_CHARACTERS * 2)

WRONG_WIDTH = gettext_noop("This row has not as many fields as the heading. Correct its commas and quotes, or export again.")
OPEN_QUOTE = gettext_noop("A quotation mark in this row is never closed. Correct it in the file, or export again.")


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    raw: str
    fields: dict[str, str]
    more: tuple[str, ...] = ()
    """Fields beyond the heading."""

    def __getitem__(self, name: str) -> str:
        """The field, "" where the file has no such column."""
        return self.fields.get(name, "")


def heading(entry: Entry) -> tuple[str, ...]:
    """The names of the columns; empty where the first line is no CSV heading."""
    first = head_text(entry).split("\n", 1)[0].replace("\0", "")
    return _heading(first) if "," in first else ()


def _heading(line: str) -> tuple[str, ...]:
    try:
        return tuple(name.strip().lstrip("\ufeff") for name in next(csv.reader([line]), []))
    except csv.Error:
        return ()


def rows(entry: Entry, *, more: int = 0) -> Iterator[Row | Unreadable]:
    """Every row after the heading. `more`: how many fields beyond the heading a good row may have."""
    return _rows(entry, open_text(entry), more)


def look_through_rows(entry: Entry, *, more: int = 0) -> Iterator[Row | Unreadable]:
    """The same for a first look."""
    return _rows(entry, look_through_text(entry), more)


def _rows(entry: Entry, source: Iterator[tuple[int, str]], more: int) -> Iterator[Row | Unreadable]:
    lines = _Lines(source)
    columns = _heading(next(lines)[1])
    for number, first in lines:
        if not first.strip():
            continue
        taken = lines.until_quotes_close(first)
        fields = _split(taken) if taken is not None else None
        if fields is not None and _fits(fields, len(columns), more):
            yield Row(number, taken or "", dict(zip(columns, fields, strict=False)), tuple(fields[len(columns) :]))
            continue
        # Whatever was wrong began in this line: the lines taken along with it are looked at again, each for itself.
        lines.give_back()
        yield problems.unreadable(entry.path, number, "", OPEN_QUOTE if fields is None else WRONG_WIDTH, first)


def _split(record: str) -> list[str] | None:
    try:
        return next(csv.reader([f"{line}\n" for line in record.split("\n")], strict=True), [])
    except csv.Error:
        return None


def _fits(fields: list[str], width: int, more: int) -> bool:
    # Spreadsheets cut empty fields off the end of a row, so two may be missing there.
    return width - 2 <= len(fields) <= width + more


class _Lines(Iterator[tuple[int, str]]):
    """Numbered lines that can be handed back."""

    def __init__(self, source: Iterator[tuple[int, str]]) -> None:
        self._source = source
        self._waiting: deque[tuple[int, str]] = deque()
        self._taken: list[tuple[int, str]] = []

    def __next__(self) -> tuple[int, str]:
        return self._waiting.popleft() if self._waiting else next(self._source)

    def until_quotes_close(self, first: str) -> str | None:
        """The record that starts with this line; None where it does not end within reason."""
        self._taken = []
        record, open_quote, length = [first], first.count('"') % 2 == 1, len(first)
        while open_quote:
            line = next(self, None)
            if line is None:
                return None
            self._taken.append(line)
            record.append(line[1])
            length += len(line[1])
            if len(record) > MOST_LINES or length > MOST_CHARACTERS:
                return None
            open_quote = line[1].count('"') % 2 == 0
        return "\n".join(record)

    def give_back(self) -> None:
        """Make the lines taken along with the last record come again."""
        self._waiting.extendleft(reversed(self._taken))
        self._taken = []
