"""What the report reads out of an audit's JSON object; what an audit did not say is left out, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from huoqun.health.life.rules import State

SHOWN_DAYS = 84


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the result. `daily` holds messages a day, the last one being the audit's day."""

    name: str
    state: State | None
    since: date | None
    figures: Mapping[str, Any]
    daily: tuple[float, ...]
    reasons: tuple[tuple[str, dict[str, Any]], ...]

    def number(self, name: str) -> float | None:
        value = self.figures.get(name)
        return None if value is None else float(value)


@dataclass(frozen=True, slots=True)
class Audit:
    as_of: date | None
    """None where nobody was seen to speak."""
    window: int
    zone: str
    portfolio: Mapping[str, Any]
    groups: tuple[Group, ...]

    def of_state(self, state: State | None) -> list[Group]:
        return [group for group in self.groups if group.state is state]

    @property
    def talking(self) -> list[Group]:
        """Groups in which talk was seen; nothing is said about the others."""
        return [group for group in self.groups if group.state is not None]


def audit_of(result: Mapping[str, Any]) -> Audit:
    """Reads the object `huoqun audit --json` prints. Raises ValueError naming the field that is missing or cannot be read."""
    groups = [_group(row, place) for place, row in enumerate(_need(result, "groups", "result"))]
    groups += [_unseen(row) for row in result.get("no_talk_seen") or ()]
    as_of = _need(result, "as_of", "result")
    return Audit(
        as_of=None if as_of is None else _date(as_of, "as_of"),
        window=int(result.get("window") or 7),
        zone=str(result.get("zone") or ""),
        portfolio=_need(result, "portfolio", "result"),
        groups=tuple(groups),
    )


def _group(row: Mapping[str, Any], place: int) -> Group:
    where = f"groups[{place}]"
    state = str(row.get("state") or "")
    if state and state not in set(State):
        raise ValueError(f"{where}.state is {state!r}: expected one of {', '.join(State)} or nothing")
    since = row.get("since")
    return Group(
        name=str(row.get("group_name") or _need(row, "group_id", where)),
        state=State(state) if state else None,
        since=_date(since, f"{where}.since") if since else None,
        figures=row,
        daily=tuple(float(value) for value in row.get("daily") or ())[-SHOWN_DAYS:],
        reasons=_reasons(row.get("reasons") or ()),
    )


def _unseen(row: Mapping[str, Any]) -> Group:
    return Group(str(row.get("group_name") or row.get("group_id") or ""), None, None, {}, (), ())


def _reasons(given: Sequence[Any]) -> tuple[tuple[str, dict[str, Any]], ...]:
    return tuple((str(code), dict(params)) for code, params in given)


def _need(row: Mapping[str, Any], name: str, where: str) -> Any:
    if name not in row:
        raise ValueError(f"{where}.{name} is missing: give the object that `huoqun audit --json` prints")
    return row[name]


def _date(value: object, where: str) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{where} is {value!r}: expected a day such as 2026-03-01") from None
