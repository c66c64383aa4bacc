# ruff: noqa: S608 -- names of our own tables and whole numbers only; nothing from outside becomes SQL
"""DuckDB at work: a connection for audits, and the registry's SQL run on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from .registry import Metric, Step, fill

Constants = Mapping[str, str]


def connect(spill: Path | None = None, *, memory: str = "6GB", threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A connection for one audit. What does not fit into `memory` is put into files under `spill`."""
    settings: dict[str, Any] = {"memory_limit": memory, "preserve_insertion_order": False}
    if spill is not None:
        spill.mkdir(parents=True, exist_ok=True)
        settings["temp_directory"] = str(spill)
    if threads is not None:
        settings["threads"] = threads
    con = duckdb.connect(config=settings)
    con.execute("SET TimeZone = 'UTC'")
    return con


def make(con: duckdb.DuckDBPyConnection, steps: Iterable[Step], constants: Constants) -> None:
    for step in steps:
        con.execute(f"CREATE OR REPLACE {step.kind.upper()} {step.name} AS {fill(step.sql, constants)}")


def measure(con: duckdb.DuckDBPyConnection, metrics: Iterable[Metric], constants: Constants) -> None:
    for metric in metrics:
        con.execute(f"CREATE OR REPLACE TABLE {metric.table} AS {fill(metric.sql, constants)}")


def drop(con: duckdb.DuckDBPyConnection, names: Iterable[str], *, kind: str = "TABLE") -> None:
    for name in names:
        con.execute(f"DROP {kind} IF EXISTS {name}")


def clear(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Removes the table or view of this name, whichever there is."""
    if scalar(con, f"SELECT COUNT(*) FROM duckdb_views() WHERE view_name = '{name}'"):
        con.execute(f"DROP VIEW {name}")
    con.execute(f"DROP TABLE IF EXISTS {name}")


def arrow(con: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    return con.sql(sql).to_arrow_table()


def scalar(con: duckdb.DuckDBPyConnection, sql: str) -> Any:
    # To the end: a result of which rows are left keeps the connection from other work.
    rows = con.execute(sql).fetchall()
    return rows[0][0] if rows else None
