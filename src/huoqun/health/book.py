"""The day-book: history boiled down to what the metrics rest on, a span of days at a time.

Who spoke on which day and in which half hours of it (`author_days`), joins and leaves (`moves`), orders (`orders`); and of
recent days, message by message, what waits for an answer (`asks`), what may be one (`replies`, `followers`), who breaks a
silence (`starts`), who advertises, checks in, calls everybody (`signs`), packets and claims (`packets`). No row depends on a
day after its own, nor on who is house or whose accounts are merged: days can be made one by one, in any order, and kept when
labels change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb

from . import engine
from .registry import fill, registry
from .rules import (
    AD_PATTERN,
    CALL_PATTERN,
    CHECKIN_PATTERN,
    LIMITS,
    QUESTION_PATTERN,
    TALK_KINDS,
    Limits,
    day_number,
    local_day_sql,
    local_half_sql,
    microseconds,
    starts_at,
)

COLUMNS: dict[str, str] = {
    "author_days": (
        "group_key BIGINT, day INTEGER, author_key BIGINT, messages BIGINT, first_at BIGINT, last_at BIGINT, replies BIGINT, "
        "halves BIGINT"
    ),
    "moves": "group_key BIGINT, day INTEGER, at_us BIGINT, author_key BIGINT, kind VARCHAR, inviter_key BIGINT",
    "orders": "group_key BIGINT, day INTEGER, at_us BIGINT, author_key BIGINT, order_id VARCHAR, amount BIGINT",
    "asks": (
        "group_key BIGINT, day INTEGER, at_us BIGINT, source_id VARCHAR, message_id VARCHAR, author_key BIGINT, "
        "question VARCHAR, is_first_words BOOLEAN"
    ),
    "replies": (
        "group_key BIGINT, day INTEGER, at_us BIGINT, author_key BIGINT, reply_to VARCHAR, to_key BIGINT, answered_key BIGINT"
    ),
    "followers": ("group_key BIGINT, day INTEGER, ask_id VARCHAR, asker_key BIGINT, answerer_key BIGINT, at_us BIGINT"),
    "starts": "group_key BIGINT, day INTEGER, at_us BIGINT, author_key BIGINT",
    "signs": (
        "group_key BIGINT, day INTEGER, author_key BIGINT, messages BIGINT, texts BIGINT, ads BIGINT, checkins BIGINT, "
        "calls BIGINT, first_at BIGINT"
    ),
    "packets": "group_key BIGINT, day INTEGER, at_us BIGINT, half INTEGER, author_key BIGINT, message_id VARCHAR, kind VARCHAR",
}
SERVICE = frozenset({"asks", "replies", "followers", "starts", "signs", "packets"})
ONE_GO = 25_000_000
"""Rows that are made in one go; more are taken month by month, so that memory does not grow with history."""
REACH_DAYS = LIMITS.welcome_days + 1
"""A day's rows may depend on so many days before it: joins whose first words they are, questions before midnight."""
_WORKING = ("marked", "arrivals", "spoken", "all_asks")
_OF_SERVICE = SERVICE | {*_WORKING}


@dataclass(frozen=True, slots=True)
class Span:
    """Days to be made, both included. From `service_from` on message by message as well; None: not at all.

    Texts are read for questions from `questions_from` on, where nobody will ask about older ones; None: as far as the rest.
    """

    first: date
    last: date
    service_from: date | None
    questions_from: date | None = None


def create(con: duckdb.DuckDBPyConnection) -> None:
    """Empty tables of the day-book."""
    for name, columns in (COLUMNS | {"moves_before": COLUMNS["moves"]}).items():
        engine.clear(con, name)
        con.execute(f"CREATE TABLE {name} ({columns})")


def write(con: duckdb.DuckDBPyConnection, span: Span, zone: ZoneInfo, limits: Limits = LIMITS) -> None:
    """Adds the span's days to the tables, from `history`, which must reach back to `heard_from`.

    Joins before the span are looked for in `moves` and `moves_before`.
    """
    constants = _constants(span, zone, limits)
    for step in registry().book_steps():
        if span.service_from is None and step.name in _OF_SERVICE:
            continue
        if step.name in COLUMNS:
            con.execute(f"INSERT INTO {step.name} BY NAME {fill(step.sql, constants)}")
        else:
            engine.make(con, [step], constants)
    engine.drop(con, _WORKING)
    engine.drop(con, ["said"], kind="VIEW")


def spans(first: date, last: date, *, service_from: date, questions_from: date, rows: int) -> Iterator[Span]:
    """The days between, as spans small enough to be made in one go."""
    if rows <= ONE_GO:
        yield _span(first, last, service_from, questions_from)
        return
    start = first
    while start <= last:
        end = min(month_end(start), last)
        yield _span(start, end, service_from, questions_from)
        start = end + timedelta(days=1)


def month_end(day: date) -> date:
    following = day.replace(day=1) + timedelta(days=32)
    return following.replace(day=1) - timedelta(days=1)


def _span(first: date, last: date, service_from: date, questions_from: date) -> Span:
    return Span(first, last, max(first, service_from) if service_from <= last else None, questions_from)


def _constants(span: Span, zone: ZoneInfo, limits: Limits) -> dict[str, str]:
    service = span.service_from or span.last + timedelta(days=1)
    service_start = starts_at(service, zone)
    return limits.constants() | {
        "local_day": local_day_sql(zone, span.first - timedelta(days=1), span.last),
        "talk_kinds": ", ".join(f"'{kind}'" for kind in TALK_KINDS),
        "local_half": local_half_sql(zone, span.first - timedelta(days=1), span.last),
        "question_pattern": QUESTION_PATTERN,
        "ad_pattern": AD_PATTERN,
        "checkin_pattern": CHECKIN_PATTERN,
        "call_pattern": CALL_PATTERN,
        "first_service_day": str(day_number(service)),
        "span_start": _literal(starts_at(span.first, zone)),
        "span_end": _literal(starts_at(span.last + timedelta(days=1), zone)),
        "service_start": _literal(service_start),
        "service_start_us": str(microseconds(service_start)),
        "next_day": local_day_sql(zone, span.first - timedelta(days=1), span.last, clock="next_at"),
        "heard_start": _literal(_heard_from(service_start, limits)),
        "questions_start": _literal(
            starts_at(span.questions_from, zone) if span.questions_from else _heard_from(service_start, limits)
        ),
        "arrivals_from": str(microseconds(starts_at(service - timedelta(days=REACH_DAYS), zone))),
    }


def heard_from(span: Span, zone: ZoneInfo, limits: Limits = LIMITS) -> datetime:
    """From which moment on history is read: a little before the span, for questions before midnight."""
    return _heard_from(starts_at(span.first, zone), limits)


def _heard_from(start: datetime, limits: Limits) -> datetime:
    return start - timedelta(minutes=heard_minutes(limits))


def heard_minutes(limits: Limits = LIMITS) -> int:
    """So far before a day there may be a question it answers, or a word that makes its first one no start."""
    return max(limits.follow_minutes, limits.silence_minutes)


def _literal(moment: datetime) -> str:
    return f"TIMESTAMP '{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}'"
