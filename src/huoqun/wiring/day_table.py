# ruff: noqa: S608 -- the file's path goes in as a parameter; nothing else comes from outside
"""A table of groups by day instead of messages: what platforms and old logs often still have. Enough for a forecast.

Columns: `group_id`, `day` (a date), `messages`; where there are any also `bot_messages` (part of `messages`, left out),
`human_authors` or `authors`, `joins`, `leaves`, `group_name`. One row a group and day; a day without a row had nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from huoqun.health import engine
from huoqun.health.forecast.calendar import DayArrays, day_arrays
from huoqun.health.rules import day_number, day_of

NEEDED = frozenset({"group_id", "day", "messages"})
READERS = {".parquet": "read_parquet", ".csv": "read_csv"}


class BadDayTable(ValueError):
    """The table cannot be used; says which file, row and column, and what to do."""


@dataclass(frozen=True, slots=True)
class DayTable:
    names: dict[int, tuple[str, str]]
    """By key: the group's id and its name."""
    days: DayArrays
    as_of: date
    rows: int


def is_day_table(paths: Sequence[Path]) -> bool:
    """One Parquet or CSV file with the needed columns, which no export of messages has."""
    if len(paths) != 1 or paths[0].suffix.lower() not in READERS:
        return False
    con = engine.connect()
    try:
        return set(_columns(con, paths[0])) >= NEEDED
    except duckdb.Error:
        return False
    finally:
        con.close()


def read_day_table(path: Path, as_of: date | None) -> DayTable | None:
    """The days up to `as_of` (None: the last day with talk); None where nobody had spoken by then. Raises BadDayTable."""
    con = engine.connect()
    try:
        return _read(con, path, as_of)
    except (duckdb.ConversionException, duckdb.InvalidInputException) as problem:
        first_line = str(problem).splitlines()[0]
        raise BadDayTable(
            f"{path.name}: a row could not be read ({first_line}). "
            "`day` must be a date such as 2026-03-01, the counts whole numbers."
        ) from problem
    finally:
        con.close()


def _columns(con: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    rows = con.execute(f"DESCRIBE SELECT * FROM {_reader(path)}(?)", [str(path)]).fetchall()
    return [row[0] for row in rows]


def _reader(path: Path) -> str:
    return READERS[path.suffix.lower()]


def _read(con: duckdb.DuckDBPyConnection, path: Path, as_of: date | None) -> DayTable | None:
    known = set(_columns(con, path))
    bots = "COALESCE(CAST(bot_messages AS BIGINT), 0)" if "bot_messages" in known else "0"
    # Where nobody counted the people, one spoke: what is made of it weighs next to nothing.
    speakers = next(
        (name for name in ("human_authors", "authors", "speakers") if name in known), f"LEAST(1, messages - {bots})"
    )
    joins, leaves = ("joins" if "joins" in known else "0"), ("leaves" if "leaves" in known else "0")
    name = "ANY_VALUE(CAST(group_name AS VARCHAR))" if "group_name" in known else "NULL"
    con.execute(
        f"""CREATE TABLE days AS
        SELECT CAST(group_id AS VARCHAR) AS group_id, {name} AS group_name,
          CAST(CAST(day AS DATE) - DATE '1970-01-01' AS BIGINT) AS day,
          CAST(SUM(CAST(messages AS BIGINT) - {bots}) AS DOUBLE) AS messages, CAST(SUM({bots}) AS DOUBLE) AS house_messages,
          CAST(SUM({speakers}) AS DOUBLE) AS speakers, CAST(SUM({joins}) AS DOUBLE) AS joins,
          CAST(SUM({leaves}) AS DOUBLE) AS leaves
        FROM {_reader(path)}(?) WHERE NOT group_id IS NULL GROUP BY ALL""",
        [str(path)],
    )
    _check(con, path)
    last = engine.scalar(con, "SELECT MAX(day) FROM days WHERE messages > 0")
    upto = day_number(as_of) if as_of else last
    if last is None or upto is None:
        return None
    con.execute(
        "CREATE TABLE keys AS SELECT group_id, ROW_NUMBER() OVER (ORDER BY group_id) AS group_key "
        "FROM (SELECT DISTINCT group_id FROM days)"
    )
    found = con.execute(
        "SELECT k.group_key, d.* EXCLUDE (group_id, group_name) FROM days AS d JOIN keys AS k USING (group_id) WHERE day <= ?",
        [upto],
    ).fetchnumpy()
    days = day_arrays({name: np.asarray(values) for name, values in found.items()})
    if days.first_day is None:
        return None
    rows = con.execute(
        "SELECT group_key, group_id, COALESCE(MAX(group_name), group_id) FROM days JOIN keys USING (group_id) "
        "GROUP BY group_key, group_id"
    ).fetchall()
    return DayTable({key: (group, named) for key, group, named in rows}, days, day_of(upto), int(found["day"].size))


def _check(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    wrong = con.execute("SELECT group_id, day, messages FROM days WHERE day IS NULL OR messages < 0 LIMIT 1").fetchall()
    if wrong:
        group, day, messages = wrong[0]
        when = day_of(day).isoformat() if day is not None else "a day that is missing"
        raise BadDayTable(
            f"{path.name}: group {group}, {when}, column messages: {messages:g} messages by people (bots left out) cannot be. "
            "Correct the row and read the file again."
        )
