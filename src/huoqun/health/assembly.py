# ruff: noqa: S608 -- names of our own tables and whole numbers only; nothing from outside becomes SQL
"""Puts an audit's result together: figures of groups, judgement, lists, portfolio, coverage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import engine, heard
from .life.judge import GroupDays, Life, Plan
from .life.rules import State, unheard
from .question import Question
from .registry import Metric
from .results import AuditResult
from .rules import SHOWN_DAYS, day_number
from .ties.connection import Connected

Judge = Callable[..., dict[int, Life]]
_TYPES = {"date": pa.date32(), "moment": pa.timestamp("us", "UTC")}


def assemble(
    con: duckdb.DuckDBPyConnection, question: Question, metrics: list[Metric], judge: Judge, connected: Connected | None = None
) -> AuditResult:
    """The result, from the tables the metrics left on the connection."""
    judged = judge(_group_days(con), _plans(con), as_of=question.as_of, window=question.window)
    deaf = heard.unheard_groups(con, question.as_of)
    groups = _with_life(_groups(con, metrics), judged, deaf)
    return AuditResult(
        as_of=question.as_of,
        window=question.window,
        zone=question.zone.key,
        groups=groups,
        persons=_listed(con, metrics, "person"),
        unanswered=_listed(con, metrics, "question"),
        days=_days(con, question.as_of),
        portfolio=_portfolio(con, metrics, groups),
        coverage=_coverage(con, metrics, groups) | (connected.coverage if connected else {}),
        connected=connected,
        reasons={key: [*life.reasons] for key, life in judged.items()} | {key: [unheard(since)] for key, since in deaf.items()},
    )


def _group_days(con: duckdb.DuckDBPyConnection) -> GroupDays:
    rows = con.execute(
        "SELECT group_key, day, messages, speakers FROM group_days WHERE messages > 0 ORDER BY group_key, day"
    ).fetchnumpy()
    return GroupDays(
        group_key=np.asarray(rows["group_key"], dtype=np.int64),
        day=np.asarray(rows["day"], dtype=np.int64).astype("datetime64[D]"),
        messages=np.asarray(rows["messages"], dtype=np.int32),
        speakers=np.asarray(rows["speakers"], dtype=np.int32),
    )


def _plans(con: duckdb.DuckDBPyConnection) -> dict[int, Plan]:
    rows = con.execute("SELECT group_key, lifecycle, planned_end, born FROM plans").fetchall()
    return {key: Plan(lifecycle=lifecycle, planned_end=end, born=born) for key, lifecycle, end, born in rows}


def _groups(con: duckdb.DuckDBPyConnection, metrics: list[Metric]) -> pa.Table:
    """Every known group with every figure. A group whose metric has no row has 0 or null, as the metric's file says."""
    of_groups = [metric for metric in metrics if metric.per == "group"]
    figures = [
        f"{_or_empty(metric, column.name, column.empty)} AS {column.name}" for metric in of_groups for column in metric.columns
    ]
    joins = [f"LEFT JOIN {metric.table} ON {metric.table}.group_key = k.group_key" for metric in of_groups]
    table = engine.arrow(
        con,
        f"SELECT {', '.join(['k.group_key', 'NOT t.group_key IS NULL AS talk_seen', *figures])} FROM known_groups AS k "
        f"LEFT JOIN talk_groups AS t ON t.group_key = k.group_key {' '.join(joins)} ORDER BY k.group_key",
    )
    return _typed(table, of_groups)


def _or_empty(metric: Metric, name: str, empty: str) -> str:
    if empty == "unknown":
        return f"{metric.table}.{name}"
    return (
        f"CASE WHEN NOT (t.group_key IS NULL AND {metric.table}.group_key IS NULL) THEN COALESCE({metric.table}.{name}, 0) END"
    )


def _listed(con: duckdb.DuckDBPyConnection, metrics: list[Metric], per: str) -> pa.Table:
    chosen = [metric for metric in metrics if metric.per == per]
    if not chosen:
        return pa.table({"group_key": pa.array([], pa.int64())})
    (metric,) = chosen
    table = engine.arrow(con, f"SELECT * FROM {metric.table} ORDER BY ALL")
    return _typed(table, chosen)


def _typed(table: pa.Table, metrics: list[Metric]) -> pa.Table:
    """Days and times, which are whole numbers inside the metrics, as what they are."""
    for column in (column for metric in metrics for column in metric.columns if column.unit in _TYPES):
        place = table.schema.get_field_index(column.name)
        whole = table[column.name].cast(pa.int32() if column.unit == "date" else pa.int64())
        table = table.set_column(place, column.name, whole.cast(_TYPES[column.unit]))
    return table


def _days(con: duckdb.DuckDBPyConnection, as_of: date) -> pa.Table:
    table = engine.arrow(
        con,
        "SELECT group_key, day, messages, speakers, house_messages, joins, leaves FROM group_days "
        f"WHERE day > {day_number(as_of) - SHOWN_DAYS} ORDER BY group_key, day",
    )
    place = table.schema.get_field_index("day")
    return table.set_column(place, "day", table["day"].cast(pa.date32()))


def _with_life(groups: pa.Table, judged: Mapping[int, Life], deaf: Mapping[int, date | None]) -> pa.Table:
    keys = groups["group_key"].to_pylist()
    lives = [judged.get(key) for key in keys]
    columns: dict[str, tuple[pa.DataType, Callable[[Life], Any]]] = {
        "state": (pa.string(), lambda life: str(life.state)),
        "since": (pa.date32(), lambda life: life.since),
        "p_alive": (pa.float64(), lambda life: life.p_alive),
        "p_low": (pa.float64(), lambda life: life.p_low),
        "p_high": (pa.float64(), lambda life: life.p_high),
        "changed_on": (pa.date32(), lambda life: life.changed_on),
        "level_before": (pa.float64(), lambda life: life.level_before),
        "level_now": (pa.float64(), lambda life: life.level_now),
        "rule": (pa.string(), lambda life: str(life.rule)),
    }
    for name, (kind, get) in columns.items():
        unseen = [_unseen(name, key, deaf) for key in keys]
        values = [get(life) if life else other for life, other in zip(lives, unseen, strict=True)]
        groups = groups.append_column(name, pa.array(values, kind))
    return groups


def _unseen(name: str, key: int, deaf: Mapping[int, date | None]) -> str | date | None:
    """What a group that is not judged has instead."""
    if name == "state":
        return State.UNHEARD.value if key in deaf else ""
    return deaf.get(key) if name == "since" else None


def _portfolio(con: duckdb.DuckDBPyConnection, metrics: list[Metric], groups: pa.Table) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for metric in (metric for metric in metrics if metric.per == "portfolio"):
        (row,) = engine.arrow(con, f"SELECT * FROM {metric.table}").to_pylist()
        figures |= row
    seen = groups.filter(groups["talk_seen"])
    mute = pc.sum(pc.equal(groups["state"], State.UNHEARD.value).cast(pa.int64())).as_py() or 0
    states = {str(item["values"]): item["counts"] for item in pc.value_counts(seen["state"]).to_pylist()}
    return figures | {
        "no_talk_seen": groups.num_rows - seen.num_rows - mute,
        "unheard": mute,
        "states": dict(sorted(states.items())),
        "house_people": engine.scalar(con, "SELECT COUNT(DISTINCT person_key) FROM all_person_days WHERE NOT house IS NULL"),
    }


def _coverage(con: duckdb.DuckDBPyConnection, metrics: list[Metric], groups: pa.Table) -> dict[str, Any]:
    """For how many groups each figure is known, of how many; and what was heard but could not be used."""
    of_groups = [metric for metric in metrics if metric.per == "group"]
    known = {c.name: groups.num_rows - groups[c.name].null_count for metric in of_groups for c in metric.columns}
    moves = con.execute(
        "SELECT COUNT(DISTINCT CASE WHEN kind = 'join' THEN group_key END), "
        "COUNT(DISTINCT CASE WHEN kind = 'leave' THEN group_key END) FROM moves"
    ).fetchall()[0]
    return {
        "groups": groups.num_rows,
        "talk": pc.sum(groups["talk_seen"].cast(pa.int64())).as_py() or 0,
        "joins": moves[0],
        "leaves": moves[1],
        "messages_without_author": engine.scalar(
            con, "SELECT CAST(COALESCE(SUM(messages), 0) AS BIGINT) FROM author_days WHERE author_key IS NULL"
        ),
        "figures": known,
    }
