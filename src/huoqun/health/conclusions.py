"""What the figures come to: how likely each group is to fall silent, why it is not well, what to do next, and where first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from . import engine
from .causes import PlanSeen
from .causes.cases import diagnose_all
from .causes.portfolio import advise
from .forecast.model import Model
from .forecast.outlook import outlook
from .life.rules import State
from .operators import GroupOutcome, disperse
from .operators.dispersion import Effort
from .operators.effort import efforts
from .question import Question
from .results import AuditResult
from .rules import starts_at
from .ties.connection import overlaps

ALIVE = frozenset({"thriving", "steady", "bubbling", "declining"})
NOT_COMPARED = frozenset({"", "unheard", "planned_end"})
"""A planned end is nobody's failure, and of groups without talk, or not heard, nothing is known."""
EFFORT_DAYS = 28


@dataclass(frozen=True, slots=True)
class Knowing:
    """What an audit is told beside history: the forecast's model, None the shipped one, and the hours a week there are."""

    model: Model | None = None
    hours: float | None = None


HISTORY_ALONE = Knowing()


def conclude(con: duckdb.DuckDBPyConnection, question: Question, result: AuditResult, knowing: Knowing) -> AuditResult:
    """The result with forecasts, diagnoses, advice and operators, from the tables `evaluate` left on the connection. Of groups
    that are not heard there is none of these.

    What operators put in is read from `history`, which must reach back four weeks.
    """
    plans, carriers = _plans(con)
    foreseen = outlook(con, question, knowing.model or Model.shipped())
    heard = result.groups.filter(pc.not_equal(result.groups["state"], State.UNHEARD.value))
    diagnoses = diagnose_all(heard, _days(con), plans, as_of=question.as_of, sources=carriers, overlaps=overlaps(con))
    rows = {row["group_key"]: row for row in result.groups.to_pylist()}
    chances = {key: forecast.p_silent_30d for key, forecast in foreseen.forecasts.items()}
    return replace(
        result,
        outlook=foreseen,
        diagnoses=diagnoses,
        advice=advise(diagnoses, rows, plans, hours=knowing.hours, p_silent=chances),
        operators=disperse(_outcomes(rows.values(), plans, carriers), _efforts(con, question, plans)),
    )


def _plans(con: duckdb.DuckDBPyConnection) -> tuple[dict[int, PlanSeen], dict[int, str]]:
    """What groups are meant to be, and the carrier each is heard through."""
    found = engine.arrow(con, "SELECT * FROM plans").to_pylist()
    plans = {row["group_key"]: _plan(row) for row in found}
    return plans, {row["group_key"]: row["carrier"] for row in found if row["carrier"]}


def _plan(row: Mapping[str, Any]) -> PlanSeen:
    return PlanSeen(**{name: value for name, value in row.items() if name not in {"group_key", "carrier"}})


def _days(con: duckdb.DuckDBPyConnection) -> pa.Table:
    return engine.arrow(con, "SELECT group_key, day, messages, speakers, house_messages, joins, leaves FROM group_days")


def _outcomes(
    rows: Iterable[Mapping[str, Any]], plans: Mapping[int, PlanSeen], carriers: Mapping[int, str]
) -> list[GroupOutcome]:
    return [
        _outcome(row, plans[row["group_key"]], carriers.get(row["group_key"], ""))
        for row in rows
        if row["group_key"] in plans and plans[row["group_key"]].operator and row["state"] not in NOT_COMPARED
    ]


def _outcome(row: Mapping[str, Any], plan: PlanSeen, carrier: str) -> GroupOutcome:
    return GroupOutcome(
        group_key=row["group_key"],
        operator=plan.operator or "",
        alive=row["state"] in ALIVE,
        messages_30d=row["messages_30d"] or 0,
        age=(row["life_days"] or 0) + (row["days_silent"] or 0),
        size=row["members"] or row["speakers_90d"] or 0,
        kind=f"{plan.connects or ''} {plan.lifecycle}",
        carrier=carrier,
    )


def _efforts(con: duckdb.DuckDBPyConnection, question: Question, plans: Mapping[int, PlanSeen]) -> dict[str, Effort]:
    if not any(plan.operator for plan in plans.values()):
        return {}
    since = starts_at(question.as_of - timedelta(days=EFFORT_DAYS - 1), question.zone)
    return efforts(con, since=since, until=question.ends_at)
