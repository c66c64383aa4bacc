# ruff: noqa: S608 -- names of our own tables and whole numbers only; nothing from outside becomes SQL
"""From the view `history` straight to the days a forecast needs, where no day-book is kept."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import duckdb

from . import book, engine, runner
from .forecast.calendar import DayArrays
from .forecast.outlook import days_on
from .registry import registry
from .results import NoTalk
from .rules import day_number, local_day, moment, starts_at


def days_of_history(con: duckdb.DuckDBPyConnection, zone: ZoneInfo, as_of: date | None) -> tuple[DayArrays, date]:
    """The days of all groups up to the day (None: the day of the last talk), and that day.

    Uses the tables of `runner.tables_asked_for`. Raises NoTalk where nobody who is not house had spoken by then.
    """
    runner.tables_asked_for(con)
    last = as_of or runner.last_talk_day(con, zone)
    book.create(con)
    ends = f"TIMESTAMP '{starts_at(last + timedelta(days=1), zone):%Y-%m-%d %H:%M:%S}'"
    row = con.execute(f"SELECT MIN(EPOCH_US(sent_at)), COUNT(*) FROM history WHERE sent_at < {ends}").fetchone()
    if row is not None and row[0] is not None:
        never = last + timedelta(days=1)
        first = local_day(moment(row[0]), zone)
        for span in book.spans(first, last, service_from=never, questions_from=never, rows=row[1]):
            book.write(con, span, zone)
    engine.make(con, registry().steps_for({"all_group_days"}), {})
    days = days_on(con, day_number(last))
    if days.first_day is None:
        raise NoTalk(f"nobody who is not house had said anything by {last}: name a later day with --as-of")
    return days, last
