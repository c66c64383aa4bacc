"""The object `huoqun audit --json` prints, with what only the page shows: the days behind each sparkline, and the reasons."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from huoqun.health.results import AuditResult
from huoqun.health.trial import Trial

from .result import SHOWN_DAYS


def told(trial: Trial) -> dict[str, Any]:
    """`trial.as_json()`, each group with `daily` and `reasons` beside its figures: what `render` asks for."""
    plain = trial.as_json()
    if trial.result is None:
        return plain
    rows = trial.result.groups.select(["group_key", "talk_seen"]).to_pylist()
    keys = [row["group_key"] for row in rows if row["talk_seen"]]
    messages = _messages(trial.result)
    groups = [
        group | {"daily": _daily(messages[key], trial.result.as_of), "reasons": trial.result.reasons.get(key, [])}
        for key, group in zip(keys, plain["groups"], strict=True)
    ]
    return plain | {"groups": groups}


def _messages(result: AuditResult) -> dict[int, dict[date, int]]:
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for row in result.days.select(["group_key", "day", "messages"]).to_pylist():
        found[row["group_key"]][row["day"]] = row["messages"] or 0
    return found


def _daily(messages: dict[date, int], as_of: date) -> list[int]:
    last = as_of.toordinal()
    return [messages.get(date.fromordinal(day), 0) for day in range(last - SHOWN_DAYS + 1, last + 1)]
