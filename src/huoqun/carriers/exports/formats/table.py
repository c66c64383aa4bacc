"""Huoqun's own table, as CSV, JSON lines or Parquet: one row a message or happening, with the columns of `table_row`."""

from __future__ import annotations

from collections.abc import Iterator

from huoqun.carriers.base import Parsed, Unreadable
from huoqun.carriers.exports import problems
from huoqun.carriers.exports.entry_by_entry import entry_by_entry
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.json_items import NotDecoded

from .table_csv import csv_rows, is_csv
from .table_events import Teller
from .table_jsonl import is_jsonl, jsonl_rows
from .table_parquet import is_parquet, parquet_rows
from .table_row import Row

NAME = "huoqun-table"
TITLE = gettext_noop("Huoqun table (CSV, JSON lines, Parquet)")
CARRIER = ""
LOOKS_FOR = gettext_noop("columns group_id, author_id, sent_at, kind and others in the first line, or as the keys of each line")
NEEDS_ZONE = False


def recognise(entries: list[Entry]) -> bool:
    return any(is_csv(entry) or is_jsonl(entry) or is_parquet(entry) for entry in entries)


def read(entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
    teller = Teller(setting)
    yield from entry_by_entry(entries, lambda entry: _read(entry, teller))


def _read(entry: Entry, teller: Teller) -> Iterator[Parsed]:
    for row in _rows(entry):
        if isinstance(row, Unreadable):
            yield row
            continue
        try:
            yield teller.event(row)
        except NotDecoded as fault:
            yield problems.unreadable(entry.path, row.line, fault.field, fault.problem, row.raw())


def _rows(entry: Entry) -> Iterator[Row | Unreadable]:
    if is_parquet(entry):
        return parquet_rows(entry)
    if is_jsonl(entry):
        return jsonl_rows(entry)
    return csv_rows(entry) if is_csv(entry) else iter(())
