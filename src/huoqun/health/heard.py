# ruff: noqa: S608 -- names of our own tables and whole numbers only; nothing from outside becomes SQL
"""Groups that cannot be heard: what is not known of them must not pass for silence.

The table `unheard` has a row for each group of which the carrier says that for a time nothing said there reached us: the first
and the last day of that (null: ever, and still). A group is not judged as of a day within; once it is heard, its figures begin
on that day, as if nothing had been before. Joins and leaves are told by other ways and stay.
"""

from __future__ import annotations

from datetime import date

import duckdb

from . import engine
from .book import COLUMNS as BOOK
from .rules import day_number, day_of

COLUMNS = "group_key BIGINT, first_day INTEGER, last_day INTEGER"
TALK = tuple(sorted(BOOK.keys() - {"moves", "orders"}))
"""The tables of the day-book that hold what people say."""


def leave_out(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """From now on the day-book's tables hold what may be used as of this day. Every row comes back for another day."""
    if not engine.scalar(con, "SELECT COUNT(*) FROM unheard"):
        return
    day = day_number(as_of)
    without = (
        "NOT EXISTS (SELECT 1 FROM unheard AS u WHERE u.group_key = t.group_key "
        f"AND COALESCE(u.first_day, {day}) <= {day} AND t.day <= COALESCE(u.last_day, {day}))"
    )
    for name in TALK:
        _put_aside(con, name)
        con.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM {name}_told AS t WHERE {without}")


def _put_aside(con: duckdb.DuckDBPyConnection, name: str) -> None:
    if engine.scalar(con, f"SELECT COUNT(*) FROM duckdb_tables() WHERE table_name = '{name}'"):
        con.execute(f"ALTER TABLE {name} RENAME TO {name}_told")
    elif not engine.scalar(con, f"SELECT COUNT(*) FROM duckdb_views() WHERE view_name = '{name}_told'"):
        con.execute(f"ALTER VIEW {name} RENAME TO {name}_told")


def unheard_groups(con: duckdb.DuckDBPyConnection, as_of: date) -> dict[int, date | None]:
    """Those that could not be heard as of this day, and since when; None: ever. A group that cannot be heard now and of which
    nothing had been heard by that day is one of them: nobody can say that it was silent. Needs `talk_groups`.
    """
    day = day_number(as_of)
    rows = con.execute(
        f"SELECT group_key, CASE WHEN first_day <= {day} THEN first_day END FROM unheard AS u "
        f"WHERE (COALESCE(first_day, {day}) <= {day} AND COALESCE(last_day, {day}) >= {day}) "
        "OR (last_day IS NULL AND NOT EXISTS (SELECT 1 FROM talk_groups AS t WHERE t.group_key = u.group_key))"
    ).fetchall()
    return {key: day_of(first) if first is not None else None for key, first in rows}


def turned_since(con: duckdb.DuckDBPyConnection, day: date) -> bool:
    """Whether a group stopped being heard after this day: as of it, more may be used than today."""
    number = day_number(day)
    return bool(engine.scalar(con, f"SELECT COUNT(*) FROM unheard WHERE first_day > {number}"))
