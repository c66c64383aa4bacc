"""What the report reads out of an audit's plain object; what an audit did not say is left out, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from huoqun.health.life.rules import State

SHOWN_DAYS = 84

Coded = tuple[str, dict[str, Any]]
"""A code with its figures, which a wording says as a sentence."""


@dataclass(frozen=True, slots=True)
class Cause:
    code: str
    strength: float
    figures: Mapping[str, Any]
    messages: tuple[Mapping[str, Any], ...] = ()
    """Messages that show it: {"at" (milliseconds), "who", "kind", "text"}."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Why a group is as it is and what to do next; nothing of it where the audit has not judged."""

    causes: tuple[Cause, ...] = ()
    enough: bool = True
    unseen: tuple[str, ...] = ()
    """Causes that could not be looked for."""
    action: str = ""
    advice: Mapping[str, Any] = field(default_factory=dict)
    partner: str = ""
    """The name of the group to merge with."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The chance of silence within 30 days, with the reasons that weigh most."""

    chance: float
    low: float | None
    high: float | None
    reasons: tuple[tuple[str, float, Mapping[str, Any]], ...] = ()
    lead_days: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the result. `daily` holds messages a day, the last one being the audit's day."""

    name: str
    state: State | None
    since: date | None
    figures: Mapping[str, Any]
    daily: tuple[float, ...]
    reasons: tuple[Coded, ...]
    judged: Judged = Judged()
    outlook: Outlook | None = None
    planned_end: date | None = None

    def number(self, name: str) -> float | None:
        value = self.figures.get(name)
        return None if value is None else float(value)

    def count(self, name: str) -> int | None:
        value = self.number(name)
        return None if value is None else round(value)


@dataclass(frozen=True, slots=True)
class Turn:
    name: str
    before: State | None
    after: State


@dataclass(frozen=True, slots=True)
class Week:
    """What moved since an earlier day."""

    since: date
    turned: tuple[Turn, ...]
    figures: tuple[tuple[str, float | None, float | None], ...]
    """(name, the seven days now, the seven days before that)."""


Moves = tuple[Mapping[tuple[State | None, State | None], int], ...]


@dataclass(frozen=True, slots=True)
class Flows:
    """How many groups went from which state to which, from each of the days to the next."""

    days: tuple[date, ...]
    moves: Moves


@dataclass(frozen=True, slots=True)
class Audit:
    as_of: date | None
    """None where nobody was seen to speak."""
    window: int
    zone: str
    portfolio: Mapping[str, Any]
    groups: tuple[Group, ...]
    community: str = ""
    week: Week | None = None
    flows: Flows | None = None
    operators: tuple[Mapping[str, Any], ...] = ()
    advice: Mapping[str, Any] = field(default_factory=dict)
    track: Mapping[str, Any] = field(default_factory=dict)
    coverage: Mapping[str, Any] = field(default_factory=dict)

    def of_state(self, state: State | None) -> list[Group]:
        return [group for group in self.groups if group.state is state]

    @property
    def unheard(self) -> int:
        """Groups whose talk could not be heard; they have no state here, like those without any."""
        return int(self.portfolio.get("unheard") or 0)

    @property
    def talking(self) -> list[Group]:
        """Groups in which talk was seen; nothing is said about the others."""
        return [group for group in self.groups if group.state is not None]


def audit_of(result: Mapping[str, Any]) -> Audit:
    """Reads the plain object of an audit (`told.told`, `snapshots.portfolio`, or what `huoqun audit --json` prints).

    Raises ValueError naming the field that is missing or cannot be read.
    """
    groups = [_group(row, place) for place, row in enumerate(_need(result, "groups", "result"))]
    groups += [_unseen(row) for row in result.get("no_talk_seen") or ()]
    as_of = _need(result, "as_of", "result")
    return Audit(
        as_of=None if as_of is None else _date(as_of, "as_of"),
        window=int(result.get("window") or 7),
        zone=str(result.get("zone") or ""),
        portfolio=_need(result, "portfolio", "result"),
        groups=tuple(groups),
        community=str(result.get("community") or ""),
        week=_week(result["week"]) if result.get("week") else None,
        flows=_flows(result["flows"]) if result.get("flows") else None,
        operators=tuple(result.get("operators") or ()),
        advice=result.get("advice") or {},
        track=result.get("track") or {},
        coverage=result.get("coverage") or {},
    )


def _group(row: Mapping[str, Any], place: int) -> Group:
    where = f"groups[{place}]"
    since, end = row.get("since"), row.get("planned_end")
    return Group(
        name=str(row.get("group_name") or _need(row, "group_id", where)),
        state=_state(row.get("state"), f"{where}.state"),
        since=_date(since, f"{where}.since") if since else None,
        figures=row,
        daily=tuple(float(value) for value in row.get("daily") or ())[-SHOWN_DAYS:],
        reasons=_reasons(row.get("reasons") or ()),
        judged=judged_of(row),
        outlook=outlook_of(row),
        planned_end=_date(end, f"{where}.planned_end") if end else None,
    )


def judged_of(row: Mapping[str, Any]) -> Judged:
    return Judged(
        causes=tuple(
            Cause(one["code"], float(one.get("strength") or 0), one.get("figures") or {}, tuple(one.get("messages") or ()))
            for one in row.get("causes") or ()
        ),
        enough=bool(row.get("enough", True)),
        unseen=tuple(row.get("unseen") or (row.get("advice") or {}).get("unseen") or ()),
        action=str(row.get("action") or ""),
        advice=row.get("advice") or {},
        partner=str(row.get("partner") or ""),
    )


def outlook_of(row: Mapping[str, Any]) -> Outlook | None:
    if row.get("p_silent") is None:
        return None
    told = row.get("outlook") or {}
    return Outlook(
        chance=float(row["p_silent"]),
        low=row.get("p_silent_low"),
        high=row.get("p_silent_high"),
        reasons=tuple((str(code), float(weight), figures) for code, weight, figures in told.get("reasons") or ()),
        lead_days=told.get("lead_days"),
    )


def _unseen(row: Mapping[str, Any]) -> Group:
    return Group(str(row.get("group_name") or row.get("group_id") or ""), None, None, {}, (), ())


def _week(told: Mapping[str, Any]) -> Week:
    turned = tuple(
        Turn(str(one["group_name"]), _state(one["before"], "week.turned"), after)
        for one in told["turned"]
        if (after := _state(one["state"], "week.turned")) is not None
    )
    return Week(_date(told["since"], "week.since"), turned, tuple((name, now, then) for name, now, then in told["figures"]))


def _flows(told: Mapping[str, Any]) -> Flows:
    moves = tuple({(_state(a, "flows"), _state(b, "flows")): int(n) for a, b, n in moved} for moved in told["moves"])
    return Flows(tuple(_date(day, "flows.days") for day in told["days"]), moves)


def _state(value: object, where: str) -> State | None:
    state = str(value or "")
    if state and state not in set(State):
        raise ValueError(f"{where} is {state!r}: expected one of {', '.join(State)} or nothing")
    return State(state) if state and state != State.UNHEARD else None


def _reasons(given: Sequence[Any]) -> tuple[Coded, ...]:
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
