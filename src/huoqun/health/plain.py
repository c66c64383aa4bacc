"""What an audit found as plain values: for snapshots, for reports about files, for JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow.compute as pc

from .causes import Diagnosis
from .causes.evidence import Messages
from .forecast.model import Forecast
from .results import AuditResult

Plain = dict[str, Any]
DRAWN_TIES = 3000
"""Of one group; the strongest. More cannot be told apart in a picture."""


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


@dataclass(frozen=True, slots=True)
class Graph:
    """Who answers whom in a group, under the names of the snapshot's fields."""

    group_key: int
    people: list[Plain]
    ties: list[list[float]]
    curve: list[int]
    source: str
    certainty: float | None


def graphs(result: AuditResult, house: Mapping[int, str]) -> Iterator[Graph]:
    """Of each group in which people have ties. `house` has the label of each person who is house, by person key."""
    if result.connected is None or not result.connected.ties.num_rows:
        return
    told = {row["group_key"]: row for row in result.groups.select(["group_key", "ties_from", "tie_certainty"]).to_pylist()}
    parts = _of_persons(result)
    table = result.connected.ties.sort_by([("group_key", "ascending")])
    keys = np.asarray(table["group_key"])
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
        group = int(keys[start])
        people, ties = _drawn(table.slice(start, end - start).to_pylist(), parts.get(group, {}), house)
        known = told.get(group, {})
        curve = list(map(int, result.connected.curves.get(group, [])))
        yield Graph(group, people, ties, curve, known.get("ties_from") or "", known.get("tie_certainty"))


def _of_persons(result: AuditResult) -> dict[int, dict[int, tuple[str, int]]]:
    """By group and person: the role, and how much they said."""
    found: dict[int, dict[int, tuple[str, int]]] = {}
    if "role" not in result.persons.column_names or result.connected is None:
        return found
    wanted = pc.unique(result.connected.ties["group_key"])
    table = result.persons.filter(pc.is_in(result.persons["group_key"], wanted))
    columns = [table[name].to_pylist() for name in ("group_key", "person_key", "role", "messages")]
    for group, person, role, messages in zip(*columns, strict=True):
        found.setdefault(group, {})[person] = (role, messages)
    return found


def _drawn(
    rows: list[Plain], parts: Mapping[int, tuple[str, int]], house: Mapping[int, str]
) -> tuple[list[Plain], list[list[float]]]:
    """People, the busiest first, and their ties as pairs of places, the strongest first: [a, b, a to b, b to a, certainty]."""
    both: dict[tuple[int, int], list[float]] = {}
    for row in rows:
        one, other = row["from_key"], row["to_key"]
        pair, side = ((one, other), 0) if one < other else ((other, one), 1)
        tie = both.setdefault(pair, [0.0, 0.0, 0.0])
        tie[side] += row["replies"] + row["mentions"] + row["inferred"]
        tie[2] = max(tie[2], row["certainty"] or 0.0)
    strongest = sorted(both.items(), key=lambda item: (-(item[1][0] + item[1][1]), item[0]))[:DRAWN_TIES]
    keys = {key for pair, _ in strongest for key in pair}
    ordered = sorted(keys, key=lambda key: (-parts.get(key, ("", 0))[1], key))
    places = {key: place for place, key in enumerate(ordered)}
    people = [_person(key, parts.get(key), house.get(key, "")) for key in ordered]
    ties = [[places[a], places[b], *(round(value, 2) for value in tie)] for (a, b), tie in strongest]
    return people, ties


def _person(key: int, part: tuple[str, int] | None, house: str) -> Plain:
    return {"key": key, "role": part[0] if part else "", "house": house, "messages": part[1] if part else 0}
