"""The object `huoqun audit --json` prints, with what only reports show: days, reasons, causes, actions, forecasts, advice."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from huoqun.health.plain import advised, judged, operators, record
from huoqun.health.results import AuditResult
from huoqun.health.trial import Trial

from .result import SHOWN_DAYS

BESIDE = ("group_key", "first_words", "first_words_answered")
"""Figures that reports ask for beside those that are printed."""


def told(trial: Trial) -> dict[str, Any]:
    """`trial.as_json()` with what reports show beside the figures: what `render` asks for."""
    plain = trial.as_json()
    result = trial.result
    if result is None:
        return plain
    rows = [row for row in result.groups.select([*BESIDE, "talk_seen"]).to_pylist() if row["talk_seen"]]
    messages = _messages(result)
    named = {row["group_key"]: group["group_name"] for row, group in zip(rows, plain["groups"], strict=True)}
    groups = [
        group | row | {"daily": _daily(messages[row["group_key"]], result.as_of)} | _judged(row["group_key"], result, named)
        for row, group in zip(rows, plain["groups"], strict=True)
    ]
    return plain | {
        "groups": groups,
        "operators": operators(result),
        "advice": _advice(result, named),
        "track": record(result),
    }


def _judged(key: int, result: AuditResult, named: dict[int, str]) -> dict[str, Any]:
    told = judged(result, key, {})
    partner = named.get((told.get("advice") or {}).get("with_group") or 0, "")
    return {"reasons": result.reasons.get(key, []), "partner": partner} | told


def _advice(result: AuditResult, named: dict[int, str]) -> dict[str, Any]:
    """With the groups by name."""
    told = advised(result)
    rows = [
        row | {"group_name": named[row["group_key"]], "partner": named.get(row["with_group"] or 0, "")}
        for row in told.get("rows") or ()
        if row["group_key"] in named
    ]
    return told | {"rows": rows} if told else {}


def _messages(result: AuditResult) -> dict[int, dict[date, int]]:
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for row in result.days.select(["group_key", "day", "messages"]).to_pylist():
        found[row["group_key"]][row["day"]] = row["messages"] or 0
    return found


def _daily(messages: dict[date, int], as_of: date) -> list[int]:
    last = as_of.toordinal()
    return [messages.get(date.fromordinal(day), 0) for day in range(last - SHOWN_DAYS + 1, last + 1)]
