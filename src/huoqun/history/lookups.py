"""Which of the rows that want in the table has already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .reading import among, moment, scan
from .rules import SAME_HAPPENING, DataFile

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def first_of_each(table: pa.Table) -> Mask:
    """True for the first row of each (group_key, source_id)."""
    keys = table.select(["group_key", "source_id"]).append_column("row", pa.array(np.arange(table.num_rows)))
    firsts = keys.group_by(["group_key", "source_id"], use_threads=False).aggregate([("row", "min")])
    mask = np.zeros(table.num_rows, bool)
    mask[firsts["row_min"].to_numpy()] = True
    return mask


def known(con: duckdb.DuckDBPyConnection, root: Path, files: Sequence[DataFile], table: pa.Table) -> Mask:
    """True for rows whose (group_key, source_id) stands in one of the files within a day of the rows' own times."""
    mask = np.zeros(table.num_rows, bool)
    if not files or not table.num_rows:
        return mask
    asked = table.select(["group_key", "source_id"]).append_column("row", pa.array(np.arange(table.num_rows)))
    ends = pc.min_max(table["sent_at"]).as_py()
    first, last = ends["min"] - SAME_HAPPENING, ends["max"] + SAME_HAPPENING
    con.register("asked", asked)
    # The table's rows stream past the few that are asked for, never the other way round: memory follows the batch alone.
    hits = con.sql(
        f"""
        SELECT asked.row FROM asked SEMI JOIN (
            SELECT group_key, source_id FROM (
                SELECT group_key, source_id FROM {scan(root, files)}
                WHERE sent_at BETWEEN {moment(first)} AND {moment(last)} {of_groups(table)}
            ) SEMI JOIN asked USING (group_key, source_id)
        ) AS there USING (group_key, source_id)
        """  # noqa: S608
    ).fetchnumpy()
    con.unregister("asked")
    mask[hits["row"]] = True
    return mask


def of_groups(table: pa.Table) -> str:
    """A condition that lets DuckDB skip what is not of these groups."""
    return "AND " + among("group_key", pc.unique(table["group_key"]).to_pylist())
