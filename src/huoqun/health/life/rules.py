"""From figures to a state that can be read aloud: which state, since when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

Reason = tuple[str, dict[str, object]]
"""A code with its figures; `wording.sentence` says it in Chinese or English."""


class State(StrEnum):
    THRIVING = "thriving"
    STEADY = "steady"
    BUBBLING = "bubbling"
    DECLINING = "declining"
    DORMANT = "dormant"
    DEAD = "dead"
    PLANNED_END = "planned_end"
    UNHEARD = "unheard"
    """Not judged: what is said there does not reach us."""


class PlainRule(StrEnum):
    """The method's own count over the window: talk on every day, on some, on none (A02 to A04)."""

    EVERY_DAY = "every_day"
    SOMETIMES = "sometimes"
    SILENT = "silent"


ALIVE = 0.7
DEAD = 0.2
FELL = 0.5
"""Below this part of its former level a group is on the way down."""
GOING_DOWN = 56
"""Days after which a fall is no longer a decline: the group has found its new level."""
DAILY, OFTEN, SELDOM = 6.6, 3.5, 0.5
"""Active days a week, lately, from which a group is thriving, steady, bubbling. Seven lively days can be a coincidence."""
LONG_SILENCE = 30
"""Days without a word after which even a slow group counts as dormant."""
WORTH_SAYING = 3
"""Days of silence that are worth a sentence."""
NEARLY_DAILY = 1.5
"""Days from one active day to the next below which a group "talked nearly every day"."""
STRAY = 0.1
"""Talk below this part of the former level is no life: a few late words do not move the day of death."""
SHORT_BURST = 14
LONG_LIFE = 3 * 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The last change of the group's own level, a week before and after: human messages, strength of talk, days with talk."""

    on: date
    before: float
    now: float
    talk_before: float
    talk_now: float
    active_before: float
    active_now: float

    @property
    def ratio(self) -> float:
        return self.talk_now / self.talk_before if self.talk_before else float("inf")

    @property
    def down(self) -> bool:
        return self.ratio < FELL

    @property
    def changed_how_often(self) -> bool:
        """Whether the group moved from one kind of life to another, not only to a fuller or thinner version of the same."""
        return how_often(self.active_before) is not how_often(self.active_now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is known about one group on the day of the audit."""

    as_of: date
    window: int
    active: int
    first: date
    last: date
    p: float
    p_low: float
    p_high: float
    often: float
    """Days with talk a week, lately."""
    gap: float | None
    """Days from one active day to the next while it talked; None for a group that talked on one day only."""
    change: Change | None
    planned_end: date | None
    """Only for groups meant to end (flash, seasonal)."""

    @property
    def silent(self) -> int:
        return (self.as_of - self.last).days

    @property
    def life(self) -> int:
        return (self.last - self.first).days

    @property
    def falling(self) -> bool:
        return self.change is not None and self.change.down and (self.as_of - self.change.on).days <= GOING_DOWN

    @property
    def stray(self) -> bool:
        """What is said now is a word now and then in a group that used to be lively."""
        return self.change is not None and self.change.ratio < STRAY and self.often < SELDOM


def plain_rule(active: int, window: int) -> PlainRule:
    if active == 0:
        return PlainRule.SILENT
    return PlainRule.EVERY_DAY if active >= window else PlainRule.SOMETIMES


def state_of(figures: Figures) -> State:
    """A group that reached its planned end succeeded (L08); one that spoke in the window is never dead (L18)."""
    if figures.planned_end is not None and figures.planned_end <= figures.as_of:
        return State.PLANNED_END
    if figures.active == 0:
        return _silent_state(figures)
    if figures.stray:
        return State.DORMANT
    if figures.falling or figures.p < ALIVE:
        return State.DECLINING
    usual = how_often(figures.often)
    if usual is State.THRIVING and figures.active < figures.window:
        return State.STEADY
    return usual if usual is not State.DORMANT else State.BUBBLING


def how_often(days_a_week: float) -> State:
    if days_a_week >= DAILY:
        return State.THRIVING
    if days_a_week >= OFTEN:
        return State.STEADY
    return State.BUBBLING if days_a_week >= SELDOM else State.DORMANT


def _silent_state(figures: Figures) -> State:
    if figures.p < DEAD:
        return State.DEAD
    if figures.p < ALIVE or figures.silent > LONG_SILENCE or figures.often < SELDOM:
        return State.DORMANT
    return State.DECLINING if figures.falling else State.BUBBLING


def since(figures: Figures, state: State) -> date:
    """The day the state began: after the last talk for the silent, at the change of level for the others, else at birth."""
    if state is State.PLANNED_END and figures.planned_end is not None:
        return figures.planned_end
    if state in {State.DEAD, State.DORMANT}:
        return _end_of_life(figures)
    if state is State.DECLINING and not figures.falling:
        return min(figures.last + timedelta(days=1), figures.as_of)
    if figures.change is not None and (state is State.DECLINING or figures.change.changed_how_often):
        return figures.change.on
    return figures.first


def _end_of_life(figures: Figures) -> date:
    """The day after the last talk that was more than a stray word."""
    after_last = figures.last + timedelta(days=1)
    if figures.change is not None and figures.change.ratio < STRAY:
        return min(figures.change.on, after_last)
    return after_last


def reasons(figures: Figures, state: State) -> tuple[Reason, ...]:
    """What led to the state, the weightiest first."""
    found: list[Reason] = []
    if state is State.PLANNED_END and figures.planned_end is not None:
        found.extend(_plan_reasons(figures, figures.planned_end))
    found.append(_window_reason(figures))
    if figures.p < ALIVE or (figures.silent >= WORTH_SAYING and state is not State.DECLINING):
        found.append(_silence_reason(figures))
    if figures.change is not None:
        found.append(_change_reason(figures.change))
    found.extend(_life_reasons(figures, state))
    return tuple(found)


def unheard(since: date | None) -> Reason:
    """Why a group is not judged."""
    return ("unheard_since", {"on": since}) if since else ("unheard_ever", {})


def _plan_reasons(figures: Figures, end: date) -> list[Reason]:
    ended: Reason = ("plan_ended", {"on": end})
    return [ended, ("talk_after_end", {"on": figures.last})] if figures.last > end else [ended]


def _window_reason(figures: Figures) -> Reason:
    rule = plain_rule(figures.active, figures.window)
    return f"talk_{rule.value}", {"days": figures.active, "window": figures.window}


def _silence_reason(figures: Figures) -> Reason:
    params: dict[str, object] = {"days": figures.silent, "gap": figures.gap, "p": figures.p}
    if figures.gap is None:
        return "talked_once", params
    if figures.p >= ALIVE:
        return "silence_fits", params
    return ("silence_after_daily" if figures.gap < NEARLY_DAILY else "silence_unusual"), params


def _change_reason(change: Change) -> Reason:
    params: dict[str, object] = {"on": change.on, "before": change.before, "now": change.now}
    if change.down:
        return "level_fell", params
    return ("level_rose" if change.ratio > 1 else "level_eased"), params


def _life_reasons(figures: Figures, state: State) -> list[Reason]:
    if state in {State.DEAD, State.DORMANT} and figures.life < SHORT_BURST:
        return [("short_burst", {"days": figures.life + 1})]
    if state in {State.DEAD, State.DORMANT} and _end_of_life(figures) <= figures.last:
        return [("stray_talk", {"on": figures.last})]
    if state in {State.THRIVING, State.STEADY, State.BUBBLING} and figures.life >= LONG_LIFE:
        return [("long_lived", {"years": figures.life // 365})]
    return []
