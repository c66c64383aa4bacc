"""Whom a reply answers, where the carrier says only which message."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .lookups import of_groups
from .reading import moment, scan
from .rules import DataFile
from .schema import SCHEMA, TALK_KINDS

Reach = Sequence[timedelta | None]
FindFiles = Callable[[datetime | None, datetime, list[int]], list[DataFile]]
"""Files that may hold talk of these groups between two times."""

TALK = ", ".join(f"'{kind}'" for kind in sorted(TALK_KINDS))


def resolve(
    con: duckdb.DuckDBPyConnection, root: Path, rows: pa.Table, *, batch: pa.Table, find_files: FindFiles, reach: Reach
) -> pa.Table:
    """The rows with `reply_to_author` filled in where the message answered is in the batch or, within reach, in the table.

    What the carrier said itself stays as it is; what is not found stays open.
    """
    is_open = pc.and_(pc.is_valid(rows["reply_to"]), pc.is_null(rows["reply_to_author"])).to_numpy(zero_copy_only=False)
    where = np.flatnonzero(is_open)
    if not len(where):
        return rows
    replies = rows.take(where).select(["group_key", "reply_to", "sent_at"]).append_column("row", pa.array(where))
    authors = np.zeros(rows.num_rows, np.int64)
    for source in _sources(root, batch, replies, find_files, reach):
        found = _authors(con, source, replies, batch)
        authors[found["row"]] = found["author"]
        is_open[found["row"]] = False
        replies = replies.filter(pa.array(is_open[replies["row"].to_numpy()]))
        if not replies.num_rows:
            break
    return _filled(rows, authors)


def _sources(root: Path, batch: pa.Table, replies: pa.Table, find_files: FindFiles, reach: Reach) -> Iterator[str]:
    """Places to look, the nearest first: each a FROM clause ending in a condition."""
    yield "batch WHERE true"
    groups = pc.unique(replies["group_key"]).to_pylist()
    ends = pc.min_max(replies["sent_at"]).as_py()
    until = ends["max"]
    for back in reach:
        since = None if back is None else ends["min"] - back
        files = find_files(since, until, groups)
        if files:
            start = "" if since is None else f"sent_at >= {moment(since)} AND"
            yield f"{scan(root, files)} WHERE {start} sent_at <= {moment(until)} {of_groups(replies)}"
        if since is not None:
            until = since


def _authors(
    con: duckdb.DuckDBPyConnection, source: str, replies: pa.Table, batch: pa.Table
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    con.register("replies", replies)
    con.register("batch", batch)
    return con.sql(
        f"""
        SELECT replies.row, any_value(said.author_key) AS author
        FROM replies JOIN (
            SELECT group_key, message_id, author_key FROM {source}
            AND kind IN ({TALK}) AND author_key IS NOT NULL AND message_id IS NOT NULL
        ) AS said ON replies.group_key = said.group_key AND replies.reply_to = said.message_id
        GROUP BY replies.row
        """  # noqa: S608
    ).fetchnumpy()


def _filled(rows: pa.Table, authors: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Table:
    found = pa.array(authors, mask=authors == 0)
    column = pc.coalesce(rows["reply_to_author"], found)
    return rows.set_column(SCHEMA.get_field_index("reply_to_author"), SCHEMA.field("reply_to_author"), column)
