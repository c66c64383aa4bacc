"""Reads the truth off a group's expected talk and off what was planted; what was said is never looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sample_world.course import DEAD_AFTER_DAYS, Cause, State, days_a_week

from .opening import Group

WELL = 0.6
"""A group that keeps this part of its level has withstood whatever was planted."""
HALF, STILL_UP = 0.5, 0.75
FALL_IS_RECENT = 45
BEFORE = 28
"""Days over which the level before a cause is taken."""
THRIVING_DAYS, STEADY_DAYS, BUBBLING_DAYS, DEAD_DAYS = 6.6, 3.2, 0.5, 0.1
"""Expected days of talk a week from which a group counts as what."""
EXCITED = 21
"""Days after a group's birth in which talk goes down in every group."""
LIVELY = frozenset({State.THRIVING, State.STEADY})
"""States in which nobody could be blamed for leaving a group alone."""
LONG_DEAD = 45
FAREWELL_AFTER = frozenset({Cause.NO_PURPOSE, Cause.BURST_THEN_SILENCE, Cause.BOTS_AND_FAKES})


@dataclass(frozen=True, slots=True)
class Verdict:
    state: State
    since: int
    causes: tuple[Cause, ...]
    """Those that took hold, the main one first; none of a group that is well."""
    well: bool
    before: float
    now: float
    action: str
    also_right: tuple[str, ...]


def judge(group: Group) -> Verdict:
    series = _smooth(group)
    state, since = _state(group, series)
    before, now = _before(group, series), series[-1]
    fell = now < WELL * before or state in (State.DEAD, State.DORMANT)
    took_hold = bool(group.case.ills) and (fell or not group.case.recorded or state is State.PLANNED_END)
    causes = group.case.causes if took_hold else ()
    well = not causes and state not in (State.DEAD, State.DORMANT, State.DECLINING)
    action, also = _action(state, causes, len(series) - since, well)
    return Verdict(state, since, causes, well, before, now, action, also)


def _smooth(group: Group) -> list[float]:
    """Mean of the last seven days, for every day of the window; 0 before birth."""
    level = [group.society.level.get(day, 0.0) for day in range(group.plan.days)]
    return [sum(level[max(0, day - 6) : day + 1]) / min(7, day + 1) for day in range(len(level))]


def _before(group: Group, series: list[float]) -> float:
    """The level before the first cause set in; of groups that never had one, or were born with it, their best week."""
    first = min(group.begins.values(), default=0)
    born = max(0, group.plan.course.born)
    if first - born < 10:
        rested = [v for day, v in enumerate(series) if day >= born + 2]
        return max(rested, default=0.0) if group.case.ills else _median(series[max(born + 14, 0) :])
    days = [max(0.0, group.society.level.get(day, 0.0)) for day in range(max(born, first - BEFORE), first)]
    rests = [day for start, end, _ in group.society.rests for day in range(start, end)]
    kept = [v for day, v in zip(range(max(born, first - BEFORE), first), days, strict=True) if day not in rests]
    return sum(kept or days) / len(kept or days)


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0


def _state(group: Group, series: list[float]) -> tuple[State, int]:
    days, born = len(series), max(0, group.plan.course.born)
    if group.society.ends is not None and group.society.ends <= days:
        return State.PLANNED_END, group.society.ends
    active = [days_a_week(value) for value in series]
    if all(value < DEAD_DAYS for value in active[-DEAD_AFTER_DAYS:]):
        return State.DEAD, _since(active, born, lambda value: value < DEAD_DAYS) - 3
    if active[-1] < BUBBLING_DAYS:
        return State.DORMANT, _since(active, born, lambda value: value < BUBBLING_DAYS) - 3
    fell_on = _fell_on(series, born)
    if fell_on is not None:
        return State.DECLINING, fell_on
    state = _by_days(active[-1])
    return state, _since(active, born, lambda value: _by_days(value) is state)


def _by_days(active: float) -> State:
    if active >= THRIVING_DAYS:
        return State.THRIVING
    if active >= STEADY_DAYS:
        return State.STEADY
    return State.BUBBLING if active >= BUBBLING_DAYS else State.DORMANT


def _since(active: list[float], born: int, same: Callable[[float], bool]) -> int:
    """The first day of the last unbroken run; breaks of under a week do not count."""
    begun, breaks = len(active) - 1, 0
    for day in range(len(active) - 1, born - 1, -1):
        if same(active[day]):
            begun, breaks = day, 0
        else:
            breaks += 1
            if breaks >= 7:
                break
    return begun


def _fell_on(series: list[float], born: int) -> int | None:
    """The day a fall to under half began, if that was lately: the last day near the level before."""
    days = len(series)
    settled = born + EXCITED if born else 0
    back = range(max(settled, days - FALL_IS_RECENT - BEFORE), days)
    early = [series[day] for day in back if day < days - FALL_IS_RECENT + 7]
    high = _median(early or [series[day] for day in back])
    if not back or series[-1] >= HALF * high:
        return None
    last_up = max((day for day in back if series[day] >= STILL_UP * high), default=None)
    return last_up + 1 if last_up is not None and days - last_up <= FALL_IS_RECENT else None


RIGHT: dict[Cause, tuple[str, tuple[str, ...]]] = {
    Cause.NO_PURPOSE: ("revive", ("farewell",)),
    Cause.BURST_THEN_SILENCE: ("revive", ("farewell", "merge")),
    Cause.OPERATOR_DEPENDENT: ("share_the_load", ("revive",)),
    Cause.SAME_OLD_FACES: ("welcome_and_answer", ("revive",)),
    Cause.AD_FATIGUE: ("thin_out_ads", ()),
    Cause.NEWCOMERS_IGNORED: ("welcome_and_answer", ()),
    Cause.QUESTIONS_UNANSWERED: ("welcome_and_answer", ()),
    Cause.KEY_PEOPLE_LEFT: ("revive", ("share_the_load",)),
    Cause.BOTS_AND_FAKES: ("thin_out_ads", ("revive",)),
    Cause.TOO_LARGE: ("split", ()),
    Cause.TOO_SMALL: ("merge", ("farewell",)),
    Cause.SEASON_CLOSED: ("farewell", ("leave_alone",)),
    Cause.RECORD_GAP: ("leave_alone", ()),
}
"""What to do about a cause: the one best step, and others nobody could call wrong."""


def _action(state: State, causes: tuple[Cause, ...], days: int, well: bool) -> tuple[str, tuple[str, ...]]:
    if not causes:
        return ("leave_alone", ()) if well else ("revive", ("leave_alone",))
    best, others = RIGHT[causes[0]]
    second = tuple(RIGHT[cause][0] for cause in causes[1:])
    if state in LIVELY and best != "leave_alone":
        others = (*others, "leave_alone")
    if state is State.DEAD and causes[0] in FAREWELL_AFTER:
        return "farewell", ("revive", "merge")
    if state is State.DEAD and days >= LONG_DEAD and causes[0] not in (Cause.RECORD_GAP, Cause.TOO_SMALL):
        return "farewell", tuple(dict.fromkeys(("revive", "merge", best)))
    return best, tuple(name for name in dict.fromkeys((*others, *second)) if name != best)
