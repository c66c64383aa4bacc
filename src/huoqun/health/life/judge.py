"""Judge the life of every group of a portfolio, as of one day, from the days on which people talked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from . import bgbb
from .calendar import Calendar, Floats, GroupDays, Rhythm, calendar_of, days_active, rhythm
from .level import Levels, levels
from .rules import Change, Figures, PlainRule, Reason, State, plain_rule, reasons, since, state_of

__all__ = ["GroupDays", "Life", "Plan", "judge"]

DRAWS = 60
INTERVAL = (5.0, 95.0)
LATELY = 56
"""Days over which "how often lately" is counted, fewer where the level changed within them, but never below `AT_LEAST`."""
AT_LEAST = 14


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a group is meant to live: `lifecycle` is permanent, seasonal or flash (L08)."""

    lifecycle: str = "permanent"
    planned_end: date | None = None
    born: date | None = None

    @property
    def end(self) -> date | None:
        return self.planned_end if self.lifecycle in {"seasonal", "flash"} else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The judgement of one group.

    `p_alive` is the probability that people will talk here again of their own accord, `p_low` to `p_high` its 90 % interval.
    `level_before` and `level_now` are human messages a week before and after `changed_on`; without a change all three are
    what the group always did, and None. `life_days` runs from the first talk to the last, `days_silent` from the last to now.
    """

    state: State
    since: date
    p_alive: float
    p_low: float
    p_high: float
    changed_on: date | None
    level_before: float | None
    level_now: float
    reasons: tuple[Reason, ...]
    rule: PlainRule
    life_days: int
    days_silent: int
    days_active: int
    """Days with talk in the window."""


def judge(days: GroupDays, plans: Mapping[int, Plan], *, as_of: date, window: int = 7) -> dict[int, Life]:
    """The life of every group in `days`, keyed by group_key. Groups without any talk are not in it: nothing is known of them.

    Raises ValueError when `days` is not sorted or holds talk after `as_of`.
    """
    calendar = calendar_of(days, as_of=as_of)
    if not calendar.groups:
        return {}
    return {key: _life(one, level) for key, one, level in _figures(calendar, plans, as_of=as_of, window=window)}


def _figures(
    calendar: Calendar, plans: Mapping[int, Plan], *, as_of: date, window: int
) -> Iterator[tuple[int, Figures, float]]:
    """For each group its key, its figures and its level now."""
    beat = rhythm(calendar)
    middle, low, high = _alive(bgbb.tempered(beat))
    active = days_active(calendar, window=window)
    level = levels(calendar)
    often = _often(calendar, level)
    for row, key in enumerate(calendar.keys.tolist()):
        figures = Figures(
            as_of=as_of,
            window=window,
            active=int(active[row]),
            first=_date(calendar.first[row]),
            last=_date(calendar.last[row]),
            p=float(middle[row]),
            p_low=float(low[row]),
            p_high=float(high[row]),
            often=float(often[row]),
            gap=float(1 + beat.quiet[row] / beat.talked[row]) if beat.talked[row] else None,
            change=_change(level, row),
            planned_end=plans.get(key, Plan()).end,
        )
        yield key, figures, float(level.now[row])


def _alive(beat: Rhythm) -> tuple[Floats, Floats, Floats]:
    """P(alive) and its interval: the model is fitted to this portfolio, the interval is what the fit leaves open."""
    fitted = bgbb.fit(beat)
    middle = bgbb.p_alive(beat, fitted.parameters)
    drawn = np.array([bgbb.p_alive(beat, parameters) for parameters in fitted.draws(DRAWS)])
    low, high = np.percentile(drawn, INTERVAL, axis=0)
    return middle, np.minimum(low, middle), np.maximum(high, middle)


def _often(calendar: Calendar, level: Levels) -> Floats:
    """Days with talk a week lately: since the last change of level, or since birth, within the last weeks."""
    start = np.where(level.changed, level.changed_on, calendar.first)
    known = np.clip(calendar.today - start + 1, AT_LEAST, LATELY)
    recent = calendar.day > calendar.today - known[calendar.owner]
    result: Floats = 7.0 * np.bincount(calendar.owner[recent], minlength=calendar.groups) / known
    return result


def _change(level: Levels, row: int) -> Change | None:
    if not level.changed[row]:
        return None
    return Change(
        on=_date(level.changed_on[row]),
        before=float(level.before[row]),
        now=float(level.now[row]),
        talk_before=float(level.talk_before[row]),
        talk_now=float(level.talk_now[row]),
        active_before=float(level.active_before[row]),
        active_now=float(level.active_now[row]),
    )


def _life(figures: Figures, level_now: float) -> Life:
    state = state_of(figures)
    change = figures.change
    return Life(
        state=state,
        since=since(figures, state),
        p_alive=figures.p,
        p_low=figures.p_low,
        p_high=figures.p_high,
        changed_on=change.on if change else None,
        level_before=change.before if change else None,
        level_now=level_now,
        reasons=reasons(figures, state),
        rule=plain_rule(figures.active, figures.window),
        life_days=figures.life,
        days_silent=figures.silent,
        days_active=figures.active,
    )


def _date(day: np.int64) -> date:
    return date(1970, 1, 1) + timedelta(days=int(day))
