"""The table as CSV in UTF-8 or GB18030."""

from __future__ import annotations

from collections.abc import Iterator

from huoqun.carriers.base import Unreadable
from huoqun.carriers.exports.csv_rows import heading, rows
from huoqun.carriers.exports.format import Entry

from .table_row import COLUMNS, Row, check_columns, is_ours


def is_csv(entry: Entry) -> bool:
    return is_ours(heading(entry))


def csv_rows(entry: Entry) -> Iterator[Row | Unreadable]:
    names = heading(entry)
    check_columns(names, str(entry.path))
    known = [name for name in COLUMNS if name in names]
    for row in rows(entry):
        if isinstance(row, Unreadable):
            yield row
            continue
        fields = row.fields
        # An empty field is a field without a value, except that no mentions are none rather than unknown.
        values = {name: fields.get(name) or None for name in known}
        if "mentions" in values:
            values["mentions"] = values["mentions"] or ""
        yield Row(**values, line=row.line)
