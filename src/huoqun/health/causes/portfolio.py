"""Which groups to look after first under the hours there are, which to merge, which to let go (A16, A17, B32).

What an action would gain is an estimate, not a measured effect: people at stake times the chance that they stay or come back.
The chances are in `CHANCES`; they say which hour is better spent, not how many people will be there in a month.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .case import PlanSeen
from .findings import Diagnosis
from .thresholds import HOURS_A_WEEK

Row = Mapping[str, Any]

CHANCES: Mapping[str, float] = {
    "declining": 0.5,
    "bubbling": 0.4,
    "dormant": 0.25,
    "dead": 0.1,
}
"""How likely what is begun now keeps or brings back somebody at stake."""
AT_STAKE: Mapping[str, float] = {"declining": 0.6, "bubbling": 0.25, "dormant": 1.0, "dead": 1.0}
"""Which part of the people who talked lately is lost if nothing happens, where no forecast says it better."""
COME_BACK = 0.4
"""Who already fell quiet is won back less easily than others are kept."""
BUYER = 2.0
"""A buyer who fell silent counts as so many people."""
NOBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceRow:
    """One group under advice. `place` counts from 1, the hour best spent first; `within`: whether the hours reach so far."""

    group_key: int
    action: str
    operator: str
    hours: float
    people: float
    messages: float
    """A week."""
    place: int = 0
    within: bool = False
    with_group: int | None = None

    @property
    def worth(self) -> float:
        """People an hour."""
        return self.people / self.hours if self.hours else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What one action would come to over all groups it is advised for, and over those within the hours."""

    action: str
    groups: int
    hours: float
    people: float
    messages: float
    groups_within: int
    people_within: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is asked of one operator; "" for groups nobody looks after."""

    operator: str
    groups: int
    asked: float
    given: float
    there: float | None
    """Hours there are; None where only the community's hours are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioAdvice:
    hours: float
    asked: float
    given: float
    rows: tuple[AdviceRow, ...] = ()
    totals: tuple[Total, ...] = ()
    loads: tuple[Load, ...] = ()
    left_alone: int = 0

    @property
    def care_for(self) -> tuple[AdviceRow, ...]:
        """Groups within the hours, the hour best spent first."""
        return tuple(row for row in self.rows if row.within and row.action not in {"merge", "farewell"})

    @property
    def merge(self) -> tuple[AdviceRow, ...]:
        return tuple(row for row in self.rows if row.action == "merge")

    @property
    def let_go(self) -> tuple[AdviceRow, ...]:
        return tuple(row for row in self.rows if row.action == "farewell")

    @property
    def not_reached(self) -> tuple[AdviceRow, ...]:
        return tuple(row for row in self.rows if not row.within)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class _Purse:
    """Hours that can still be given: one purse for the whole community, or one an operator."""

    common: float
    own: dict[str, float] = field(default_factory=dict)

    def take(self, operator: str, hours: float) -> bool:
        if operator in self.own:
            if self.own[operator] + 1e-9 < hours:
                return False
            self.own[operator] -= hours
            return True
        if self.common + 1e-9 < hours:
            return False
        self.common -= hours
        return True

    def pool(self) -> None:
        """What operators did not need for their own groups is there for groups that have nobody."""
        self.common += sum(self.own.values())
        self.own.clear()


def advise(
    diagnoses: Mapping[int, Diagnosis],
    figures: Mapping[int, Row],
    plans: Mapping[int, PlanSeen],
    *,
    hours: float | Mapping[str, float] | None = None,
    p_silent: Mapping[int, float] | None = None,
) -> PortfolioAdvice:
    """`hours` a week: of the whole community, or by operator; None counts `HOURS_A_WEEK` for each operator there is (at least
    one). `p_silent` are forecasts, where there are any. The hours are never exceeded."""
    wanted = [
        _row(key, found, figures.get(key, {}), _operator(plans.get(key)), (p_silent or {}).get(key))
        for key, found in diagnoses.items()
        if found.action.code != "leave_alone"
    ]
    purse = _purse(hours, {row.operator for row in wanted if row.operator})
    there = dict(purse.own)
    total = purse.common + sum(purse.own.values())
    rows = tuple(_placed(wanted, purse))
    return PortfolioAdvice(
        hours=total,
        asked=sum(row.hours for row in rows),
        given=sum(row.hours for row in rows if row.within),
        rows=rows,
        totals=tuple(_totals(rows)),
        loads=tuple(_loads(rows, there)),
        left_alone=len(diagnoses) - len(rows),
    )


def _operator(plan: PlanSeen | None) -> str:
    return (plan.operator if plan else None) or NOBODY


def _purse(hours: float | Mapping[str, float] | None, operators: set[str]) -> _Purse:
    if hours is None:
        hours = dict.fromkeys(operators, HOURS_A_WEEK) if operators else HOURS_A_WEEK
    if isinstance(hours, Mapping):
        return _Purse(0.0, {name: max(0.0, float(value)) for name, value in hours.items()})
    return _Purse(max(0.0, float(hours)))


def _row(key: int, found: Diagnosis, row: Row, operator: str, p_silent: float | None) -> AdviceRow:
    people = people_to_keep(found, row, p_silent)
    said = _messages_a_person(row)
    return AdviceRow(
        group_key=key,
        action=found.action.code,
        operator=operator,
        hours=found.action.effort,
        people=round(people, 2),
        messages=round(people * said, 1),
        with_group=found.action.with_group,
    )


def people_to_keep(found: Diagnosis, row: Row, p_silent: float | None = None) -> float:
    """People at stake times the chance to keep them. A farewell keeps nobody; it frees hours."""
    if found.action.code == "farewell":
        return 0.0
    state = str(row.get("state") or "")
    lately, now = _count(row, "speakers_90d"), _count(row, "speakers_30d")
    risk = p_silent if p_silent is not None else AT_STAKE.get(state, 0.0)
    at_stake = COME_BACK * max(lately - now, 0.0) + now * risk + BUYER * _count(row, "silent_buyers_90d")
    chance = CHANCES.get(state, 0.0)
    alive = row.get("p_alive")
    if state in {"dormant", "dead"} and alive is not None:
        chance = min(0.5, chance * (0.5 + float(alive)))
    return at_stake * chance


def _count(row: Row, name: str) -> float:
    value = row.get(name)
    return float(value) if value is not None else 0.0


def _messages_a_person(row: Row) -> float:
    """Messages a week that one talking person stood for, before the fall where there was one."""
    level = row.get("level_before") if row.get("level_before") is not None else row.get("level_now")
    people = _count(row, "speakers_90d")
    return float(level) / people if level is not None and people else 0.0


def _placed(rows: Iterable[AdviceRow], purse: _Purse) -> Iterable[AdviceRow]:
    """The hour best spent first; each operator's hours go to their own groups before they go to groups that have nobody."""
    ordered = sorted(rows, key=lambda row: (-row.worth, row.hours, row.group_key))
    taken = {row.group_key for row in ordered if row.operator in purse.own and purse.take(row.operator, row.hours)}
    purse_owners = set(purse.own)
    purse.pool()
    taken |= {row.group_key for row in ordered if row.operator not in purse_owners and purse.take(row.operator, row.hours)}
    for place, row in enumerate(ordered, start=1):
        yield AdviceRow(**{**asdict(row), "place": place, "within": row.group_key in taken})


def _totals(rows: Iterable[AdviceRow]) -> Iterable[Total]:
    by_action: dict[str, list[AdviceRow]] = {}
    for row in rows:
        by_action.setdefault(row.action, []).append(row)
    for action, of_it in sorted(by_action.items(), key=lambda item: -sum(row.people for row in item[1])):
        within = [row for row in of_it if row.within]
        yield Total(
            action=action,
            groups=len(of_it),
            hours=sum(row.hours for row in of_it),
            people=round(sum(row.people for row in of_it), 1),
            messages=round(sum(row.messages for row in of_it), 1),
            groups_within=len(within),
            people_within=round(sum(row.people for row in within), 1),
        )


def _loads(rows: Iterable[AdviceRow], there: Mapping[str, float]) -> Iterable[Load]:
    by_operator: dict[str, list[AdviceRow]] = {name: [] for name in there}
    for row in rows:
        by_operator.setdefault(row.operator, []).append(row)
    for name, of_them in sorted(by_operator.items()):
        yield Load(
            operator=name,
            groups=len(of_them),
            asked=sum(row.hours for row in of_them),
            given=sum(row.hours for row in of_them if row.within),
            there=there.get(name),
        )
