"""How DuckDB reads the data files: as a list of Parquet files, chosen from the log, with filters on top."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from .errors import RowsRefused
from .rules import DataFile
from .schema import FILE_SCHEMA, SCHEMA

DUCK_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "timestamp[us, tz=UTC]": "TIMESTAMP",
    "list<item: int64>": "BIGINT[]",
}
FEW = 100
UTC_TIME = "make_timestamp(epoch_us(sent_at)) AS sent_at"
"""Naive UTC. Days of a time with a zone are six times slower to compute and depend on the session's zone."""


def working_connection(spill: Path, memory: str) -> duckdb.DuckDBPyConnection:
    """A DuckDB of our own for lookups and rewriting; what does not fit into memory goes to files under `spill`."""
    con = duckdb.connect(config={"memory_limit": memory, "temp_directory": str(spill)})
    con.execute("SET TimeZone = 'UTC'")
    return con


def relation(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    files: Collection[DataFile],
    *,
    community: str,
    groups: Collection[int] | None,
    start: datetime | None,
    end: datetime | None,
) -> duckdb.DuckDBPyRelation:
    """Rows with the columns of `SCHEMA`, `sent_at` as naive UTC."""
    if not files:
        return con.sql(nothing())
    paths = [str(root / file.path) for file in files]
    rows = con.read_parquet(paths, hive_partitioning=True)
    rows = rows.filter(_where(community, groups, start, end))
    return rows.project(", ".join(UTC_TIME if name == "sent_at" else name for name in SCHEMA.names))


def nothing() -> str:
    columns = ", ".join(f"NULL::{DUCK_TYPES[str(field.type)]} AS {field.name}" for field in SCHEMA)
    return f"SELECT {columns} WHERE false"


def _where(community: str, groups: Collection[int] | None, start: datetime | None, end: datetime | None) -> str:
    # The community is asked of every row although the files were chosen by it: no mistake there may show one's talk to another.
    conditions = [f"community = '{community}'"]
    if groups is not None:
        conditions.append(among("group_key", groups))
    if start is not None:
        conditions.append(f"sent_at >= {moment(start)}")
    if end is not None:
        conditions.append(f"sent_at < {moment(end)}")
    return " AND ".join(conditions)


def scan(root: Path, files: Iterable[DataFile], *, filename: bool = False) -> str:
    """A FROM clause over the files as they are, without the partition columns."""
    paths = ", ".join("'" + str(root / file.path).replace("'", "''") + "'" for file in files)
    return f"read_parquet([{paths}], hive_partitioning=false, filename={str(filename).lower()})"


def columns(**instead: str) -> str:
    """All columns of a file, some of them replaced by an expression."""
    return ", ".join(f"{instead[name]} AS {name}" if name in instead else name for name in FILE_SCHEMA.names)


def among(column: str, values: Collection[int]) -> str:
    """A condition. Few values are compared with the statistics of each row group, of many DuckDB makes a hash table."""
    if not values:
        return "false"
    if len(values) <= FEW:
        return f"{column} IN ({numbers(values)})"
    return f"{column} IN (SELECT unnest([{numbers(values)}]::BIGINT[]))"


def numbers(values: Iterable[int]) -> str:
    return ", ".join(str(int(value)) for value in values)


def moment(time: datetime) -> str:
    """A time as DuckDB compares it with what stands in the files."""
    if time.tzinfo is None:
        raise RowsRefused(f"the time {time} has no zone: history is asked in aware times")
    return f"TIMESTAMPTZ '{time.astimezone(UTC).isoformat(sep=' ', timespec='microseconds')}'"
