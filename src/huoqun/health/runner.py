# ruff: noqa: S608 -- names of our own tables and whole numbers only; nothing from outside becomes SQL
"""Runs an audit: day-book, shared tables, metrics, judgement, one result."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

import duckdb

from . import book, engine, heard
from .assembly import Judge, assemble
from .conclusions import HISTORY_ALONE, Knowing, conclude
from .life.judge import judge as judge_life
from .question import Question
from .registry import FAMILIES, registry
from .results import AuditResult, NoTalk
from .rules import LIMITS, TALK_KINDS, Limits, day_number, local_day, microseconds, moment
from .ties.columns import METRICS as GRAPH_METRICS
from .ties.connection import connect

CONNECTION = "connection"
MOVEMENT = ("life", "portfolio")
"""Families that are worth computing for days gone by, when only the portfolio's movement is wanted."""


def audit(
    con: duckdb.DuckDBPyConnection,
    *,
    as_of: date | None,
    zone: ZoneInfo,
    window: int = 7,
    judge: Judge = judge_life,
    limits: Limits = LIMITS,
    knowing: Knowing = HISTORY_ALONE,
) -> AuditResult:
    """Audits what `history` holds, with the tables `house`, `plans`, `same_person` and `unheard` (see `tables_asked_for`).

    Without `as_of` the day of the last human talk. Raises NoTalk where there is none.
    """
    if window < 1:
        raise ValueError(f"a window of {window} days holds nothing: use 1 or more")
    tables_asked_for(con)
    question = Question(as_of or last_talk_day(con, zone), zone, window, limits)
    make_book(con, question)
    return evaluate(con, question, judge=judge, knowing=knowing)


def tables_asked_for(con: duckdb.DuckDBPyConnection) -> None:
    """Makes those of the tables that were not handed in, empty."""
    con.execute("CREATE TABLE IF NOT EXISTS house (author_key BIGINT, house VARCHAR)")
    con.execute(
        "CREATE TABLE IF NOT EXISTS plans (group_key BIGINT, lifecycle VARCHAR, planned_end DATE, born DATE, purpose VARCHAR, "
        "connects VARCHAR, capacity INTEGER, operator VARCHAR, carrier VARCHAR)"
    )
    con.execute("CREATE TABLE IF NOT EXISTS same_person (author_key BIGINT, person_key BIGINT)")
    con.execute(f"CREATE TABLE IF NOT EXISTS unheard ({heard.COLUMNS})")


def last_talk_day(con: duckdb.DuckDBPyConnection, zone: ZoneInfo) -> date:
    engine.make(con, registry().steps_for({"house_people"}), {})
    kinds = ", ".join(f"'{kind}'" for kind in TALK_KINDS)
    last = engine.scalar(
        con,
        f"""SELECT MAX(EPOCH_US(h.sent_at)) FROM history AS h
        LEFT JOIN merged AS m ON h.author_key = m.author_key
        WHERE h.kind IN ({kinds}) AND NOT h.author_key IS NULL
        AND NOT EXISTS (SELECT 1 FROM house_people AS p WHERE p.person_key = COALESCE(m.person_key, h.author_key))""",
    )
    if last is None:
        raise NoTalk("nobody who is not house has said anything here: import history, or name the day with --as-of")
    return local_day(moment(last), zone)


def make_book(con: duckdb.DuckDBPyConnection, question: Question) -> None:
    """The day-book up to the asked day, from the view `history`."""
    book.create(con)
    ends = f"TIMESTAMP '{question.ends_at:%Y-%m-%d %H:%M:%S}'"
    row = con.execute(f"SELECT MIN(EPOCH_US(sent_at)), COUNT(*) FROM history WHERE sent_at < {ends}").fetchall()[0]
    if row[0] is None:
        return
    first = local_day(moment(row[0]), question.zone)
    froms = {"service_from": question.service_from, "questions_from": question.questions_from}
    for span in book.spans(first, question.as_of, rows=row[1], **froms):
        book.write(con, span, question.zone, question.limits)


def evaluate(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    *,
    judge: Judge = judge_life,
    families: Collection[str] = FAMILIES,
    shared: bool = True,
    knowing: Knowing = HISTORY_ALONE,
) -> AuditResult:
    """The figures, from a day-book that reaches to the asked day or beyond, and with all families what they come to.

    `shared=False` where the tables that depend on no day are still there from an audit just before. Where people do not say
    whom they answer, their last words are read from `history`, as far back as it reaches.
    """
    metrics = registry().choose(families=families)
    steps = registry().steps_for({need for metric in metrics for need in metric.needs} | {"known_groups", "talk_groups"})
    rough = question.constants(0)
    heard.leave_out(con, question.as_of)
    engine.make(con, (step for step in steps if step.name in _DAYLESS) if shared else (), rough)
    constants = question.constants(_anchor(con, question))
    engine.make(con, (step for step in steps if step.name not in _DAYLESS), constants)
    connected = connect(con) if CONNECTION in families else None
    engine.measure(con, metrics, constants)
    result = assemble(con, question, [*metrics, *(GRAPH_METRICS if connected else ())], judge, connected)
    return conclude(con, question, result, knowing) if connected else result


_DAYLESS = frozenset({"merged", "house_people", "all_person_days", "all_person_moves", "all_group_days"})
"""Shared tables over all days; the others stop at the asked day."""


def _anchor(con: duckdb.DuckDBPyConnection, question: Question) -> int:
    """From when age is counted: the day's end, or the last talk where that was on the day itself: the record may end there."""
    last = engine.scalar(con, f"SELECT MAX(last_at) FROM all_group_days WHERE day = {day_number(question.as_of)}")
    return int(last) if last is not None else microseconds(question.ends_at)


def movement(
    con: duckdb.DuckDBPyConnection, question: Question, days: Iterable[date], *, judge: Judge = judge_life
) -> Iterator[AuditResult]:
    """Audits of earlier days, on tables left by `evaluate`: life and portfolio only."""
    for day in days:
        earlier = Question(day, question.zone, question.window, question.limits)
        anew = heard.turned_since(con, day)
        yield evaluate(con, earlier, judge=judge, families=MOVEMENT, shared=anew)


__all__ = ["AuditResult", "Knowing", "NoTalk", "Question", "audit", "evaluate", "make_book", "movement"]
