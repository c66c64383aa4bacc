"""The table as one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from huoqun.carriers.base import Unreadable
from huoqun.carriers.exports import json_items, problems
from huoqun.carriers.exports.format import Entry
from huoqun.carriers.exports.json_items import NotDecoded
from huoqun.carriers.exports.text import LONGEST_LINE, encoding_of, head_text, open_text

from .table_row import Row, is_ours

_ROW = msgspec.json.Decoder(Row)
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LOOKED_AT = 20


def is_jsonl(entry: Entry) -> bool:
    for line in head_text(entry).split("\n")[:_LOOKED_AT]:
        try:
            if line.lstrip().startswith("{") and is_ours(_OBJECT.decode(line)):
                return True
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            continue
    return False


def jsonl_rows(entry: Entry) -> Iterator[Row | Unreadable]:
    for number, line in _lines(entry):
        try:
            row = json_items.decode(_ROW, line)
        except NotDecoded as fault:
            yield problems.unreadable(entry.path, number, fault.field, fault.problem, line)
            continue
        row.line = number
        yield row


def _lines(entry: Entry) -> Iterator[tuple[int, bytes]]:
    if encoding_of(entry.head()) != "utf-8":
        yield from ((number, line.encode()) for number, line in open_text(entry) if line.strip())
        return
    with entry.open() as stream:
        number = 0
        # Bytes go to the decoder as they are: making text of them first would only make it undo that.
        while line := stream.readline(LONGEST_LINE):
            number += 1
            if not line.isspace():
                yield number, line
