"""What a table must be before it is let into history."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .errors import RowsRefused
from .schema import ALWAYS_SAID, FILE_SCHEMA, PARTITIONS, SCHEMA

PLAIN_NAME = {"community": re.compile(r"[A-Za-z0-9_-]+"), "month": re.compile(r"\d{4}-\d{2}")}
"""Partition values become folder names, so they hold nothing a folder name or a query would read in its own way."""


def checked(table: pa.Table) -> pa.Table:
    """The table in `SCHEMA`. Raises `RowsRefused` naming the column."""
    missing = [name for name in SCHEMA.names if name not in table.column_names]
    if missing:
        raise RowsRefused(f"history rows need the column(s) {', '.join(missing)}")
    try:
        table = table.select(SCHEMA.names).cast(SCHEMA)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as wrong:
        raise RowsRefused(f"history rows have the wrong types: {wrong}") from wrong
    for name in ALWAYS_SAID:
        if table[name].null_count:
            raise RowsRefused(f"{table[name].null_count} history row(s) have no {name}")
    for name in PARTITIONS:
        for value in pc.unique(table[name]).to_pylist():
            plain(name, value)
    return table


def plain(name: str, value: str) -> str:
    if not PLAIN_NAME[name].fullmatch(value):
        raise RowsRefused(f"{value!r} cannot be a {name} in history: letters, digits and hyphens only")
    return value


def by_partition(table: pa.Table) -> Iterator[tuple[tuple[str, str], pa.Table]]:
    """The rows of each (community, month), in the order in which files keep them: by time, then by group."""
    if not table.num_rows:
        return
    table = table.sort_by([(name, "ascending") for name in (*PARTITIONS, "sent_at", "group_key", "source_id")])
    runs = pc.run_end_encode(pc.binary_join_element_wise(*(table[name] for name in PARTITIONS), "/").combine_chunks())
    start = 0
    for name, end in zip(runs.values.to_pylist(), np.asarray(runs.run_ends).tolist(), strict=True):
        community, month = name.split("/")
        yield (community, month), table.slice(start, end - start).select(FILE_SCHEMA.names)
        start = end
