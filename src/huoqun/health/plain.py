"""What an audit found as plain values: for snapshots, for reports about files, for JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np

from .causes import Diagnosis
from .causes.evidence import Messages
from .forecast.values import Forecast
from .results import AuditResult

Plain = dict[str, Any]


def plain(value: Any) -> Any:
    """The value as JSON takes it: days as text, unknown numbers as null, numbers of numpy as Python's."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, (tuple, list, np.ndarray)):
        return [plain(each) for each in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and math.isnan(value) else value


def judged(result: AuditResult, group: int, messages: Messages) -> Plain:
    """Causes, next action and forecast of one group, under the names of the snapshot's fields."""
    found, foreseen = result.diagnoses.get(group), result.forecasts.get(group)
    told = _diagnosed(found, messages.get(group, {})) if found else {}
    return told | (_foreseen(foreseen) if foreseen else {})


def _diagnosed(found: Diagnosis, messages: Mapping[str, list[Plain]]) -> Plain:
    action = found.action
    return {
        "causes": [
            {
                "code": cause.code,
                "strength": round(float(cause.strength), 3),
                "figures": plain(cause.figures),
                "messages": messages.get(cause.code, []),
            }
            for cause in found.causes
        ],
        "main_cause": found.causes[0].code if found.causes else "",
        "enough": found.enough,
        "action": action.code,
        "advice": {
            "figures": plain(action.figures),
            "effort": action.effort,
            "first_step": action.first_step,
            "watch": list(action.watch),
            "watch_days": action.watch_days,
            "with_group": action.with_group,
            "unseen": list(found.unseen),
        },
    }


def _foreseen(forecast: Forecast) -> Plain:
    reasons = [[reason.code, round(float(reason.weight), 3), plain(reason.figures)] for reason in forecast.reasons]
    return {
        "p_silent": float(forecast.p_silent_30d),
        "p_silent_low": float(forecast.low),
        "p_silent_high": float(forecast.high),
        "outlook": {"reasons": reasons, "lead_days": forecast.lead_days},
    }


def record(result: AuditResult) -> Plain:
    """How forecasts like these have done in this community's own past, or why that cannot be said."""
    if result.outlook is None:
        return {}
    track = result.outlook.track
    return {
        "track": plain(track.as_plain()) if track else None,
        "why_none": result.outlook.why_none,
        "model": result.outlook.model_name,
    }


def advised(result: AuditResult) -> Plain:
    told: Plain = plain(result.advice.as_json()) if result.advice else {}
    return told


def operators(result: AuditResult) -> list[Plain]:
    return [plain(asdict(row)) for row in result.operators]
