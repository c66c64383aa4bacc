"""When a group's own level of talk last changed, found in its weekly sums and then placed on the day.

The level is the strength of a day's talk, speakers and their words together, summed over the week: one person flooding the
group does not lift it. Whole weeks carry no rhythm of weekdays; a regime lasts at least two of them, so a holiday week is no
change. The best split into regimes is found exactly, by dynamic programming, for all groups at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from .calendar import Calendar, Floats, Ints

WEEKS = 104
"""How far back changes are looked for."""
AFTER_LAST = 28
"""A silent group's series ends this many days after its last talk: enough to see the level fall to nothing."""
SHORTEST = 2
"""Weeks a regime lasts at least."""
CAUTION = 2.25
"""How many times the logarithm of the number of weeks a change must explain before it is believed."""
REACH = 10
"""Days before and after the boundary of two weeks among which the day of the change is looked for."""


@dataclass(frozen=True, slots=True)
class Levels:
    """For each group its last regime and the one before. Without a change `changed` is False, the levels are equal and
    `changed_on` is the beginning of the series. Levels are human messages a week; `strength` is how much better two levels
    explain the talk around the change than one (logarithm of the likelihood ratio over dispersion)."""

    changed: NDArray[np.bool_]
    changed_on: Ints
    before: Floats
    now: Floats
    talk_before: Floats
    talk_now: Floats
    active_before: Floats
    active_now: Floats
    strength: Floats


@dataclass(frozen=True, slots=True)
class Series:
    """Day by day, one row a group, the last column being `last_day`; `known` is 1 from the group's first talk on."""

    talk: Floats
    messages: Floats
    known: Floats
    last_day: Ints

    @property
    def width(self) -> int:
        return int(self.known.shape[1])


def levels(calendar: Calendar, *, weeks: int = WEEKS) -> Levels:
    series = series_of(calendar, days=7 * weeks)
    week_sums, exposure = _weekly(series.talk), _weekly(series.known)
    noise = dispersion(week_sums, exposure)
    cuts = partition(week_sums, exposure, noise)
    return _describe(series, cuts, noise)


def series_of(calendar: Calendar, *, days: int) -> Series:
    last_day = np.minimum(calendar.today, calendar.last + AFTER_LAST)
    owner = calendar.owner
    column = calendar.day - last_day[owner] + days - 1
    kept = column >= 0
    talk = np.zeros((calendar.groups, days))
    messages = np.zeros_like(talk)
    talk[owner[kept], column[kept]] = strength_of_talk(calendar)[kept]
    messages[owner[kept], column[kept]] = calendar.messages[kept]
    born = (calendar.first - last_day + days - 1)[:, None]
    return Series(talk, messages, (np.arange(days) >= born).astype(np.float64), last_day)


def strength_of_talk(calendar: Calendar) -> Floats:
    """Speakers and messages of each day as one number, their geometric mean; of messages no more are counted than the day's
    speakers usually write in this group. So fewer speakers or fewer words lower it, and a flood does not raise it."""
    each = calendar.messages / np.maximum(calendar.speakers, 1)
    usual = np.array([np.median(each[begin:end]) for begin, end in zip(calendar.begins, calendar.ends, strict=True)])
    counted = np.minimum(calendar.messages, usual[calendar.owner] * calendar.speakers)
    result: Floats = np.sqrt(calendar.speakers * counted)
    return result


def dispersion(sums: Floats, exposure: Floats) -> Floats:
    """How much wider than Poisson each group's weeks scatter (at least 1), from neighbouring weeks so that levels cancel;
    groups with few weeks lean on the middle of the portfolio."""
    pair = np.diff(sums, axis=1) ** 2
    both = sums[:, 1:] + sums[:, :-1]
    usable = (both > 0) & (exposure[:, 1:] == 7) & (exposure[:, :-1] == 7)
    ratio = np.where(usable, pair / np.maximum(both, 1.0), 0.0)
    count = usable.sum(axis=1)
    # The mean of the ratios without the largest tenth: a change of level itself makes one of them large.
    ceiling = _quantile(ratio, usable, 0.9)
    own = np.where(usable, np.minimum(ratio, ceiling[:, None]), 0.0).sum(axis=1) / np.maximum(count, 1)
    middle = float(np.median(own[count >= 8])) if (count >= 8).any() else 2.0
    result: Floats = np.maximum((own * count + middle * 6) / (count + 6), 1.0)
    return result


def partition(sums: Floats, exposure: Floats, noise: Floats) -> Ints:
    """For each group the first week of the last regime and of the one before (0, 0 when there was no change)."""
    groups, weeks = sums.shape
    total = np.hstack([np.zeros((groups, 1)), np.cumsum(sums, axis=1)])
    time = np.hstack([np.zeros((groups, 1)), np.cumsum(exposure, axis=1)])
    price = CAUTION * np.log(np.maximum(time[:, -1] / 7, 4.0))
    best = np.full((groups, weeks + 1), np.inf)
    best[:, 0] = -price
    came_from = np.zeros((groups, weeks + 1), dtype=np.int64)
    for stop in range(SHORTEST, weeks + 1):
        starts = slice(0, stop - SHORTEST + 1)
        talk, span = total[:, stop, None] - total[:, starts], time[:, stop, None] - time[:, starts]
        cost = -scipy.special.xlogy(talk, talk / np.maximum(span, 1.0)) / noise[:, None]
        candidates = best[:, starts] + cost + price[:, None]
        came_from[:, stop] = candidates.argmin(axis=1)
        best[:, stop] = candidates.min(axis=1)
    rows = np.arange(groups)
    last = came_from[:, weeks]
    return np.column_stack([last, came_from[rows, last]])


def _describe(series: Series, cuts: Ints, noise: Floats) -> Levels:
    changed = cuts[:, 0] > 0
    weekday = _weekday_weights(series)
    day, strength = _place(series.talk, weekday, cuts, noise)
    start_before, start_now = cuts[:, 1] * 7, np.where(changed, day, 0)
    width = np.full(len(changed), series.width)

    def both(values: Floats) -> tuple[Floats, Floats]:
        now = _per_week(values, series.known, start_now, width)
        return np.where(changed, _per_week(values, series.known, start_before, start_now), now), now

    messages, talk, active = both(series.messages), both(series.talk), both((series.messages > 0).astype(np.float64))
    return Levels(
        changed=changed,
        changed_on=series.last_day - series.width + 1 + start_now,
        before=messages[0],
        now=messages[1],
        talk_before=talk[0],
        talk_now=talk[1],
        active_before=active[0],
        active_now=active[1],
        strength=np.where(changed, strength, 0.0),
    )


def _place(values: Floats, weights: Floats, cuts: Ints, noise: Floats) -> tuple[Ints, Floats]:
    """The day within reach of the weekly boundary at which two levels fit best, weekdays allowed for."""
    groups, width = values.shape
    talk = np.hstack([np.zeros((groups, 1)), np.cumsum(values, axis=1)])
    time = np.hstack([np.zeros((groups, 1)), np.cumsum(weights, axis=1)])
    rows = np.arange(groups)
    start = cuts[:, 1] * 7
    candidates = np.clip(cuts[:, 0, None] * 7 + np.arange(-REACH, REACH + 1), (start + 1)[:, None], width - 1)
    first, first_time = talk[rows, start][:, None], time[rows, start][:, None]
    left, left_time = talk[rows[:, None], candidates] - first, time[rows[:, None], candidates] - first_time
    right, right_time = talk[:, -1:] - first - left, time[:, -1:] - first_time - left_time
    whole = _fit(talk[:, -1] - first[:, 0], time[:, -1] - first_time[:, 0])
    gain = _fit(left, left_time) + _fit(right, right_time) - whole[:, None]
    chosen = gain.argmax(axis=1)
    return candidates[rows, chosen], gain[rows, chosen] / noise


def _fit(talk: Floats, time: Floats) -> Floats:
    return np.asarray(scipy.special.xlogy(talk, talk / np.maximum(time, 1e-9)))


def _weekday_weights(series: Series) -> Floats:
    """What part of a week's talk each day is expected to carry (1 on average), gently drawn to 1 where talk is scarce."""
    groups, width = series.talk.shape
    by_weekday = series.talk.reshape(groups, width // 7, 7).sum(axis=1) + 2.0
    share = by_weekday * 7 / by_weekday.sum(axis=1, keepdims=True)
    return np.tile(share, width // 7) * series.known


def _per_week(values: Floats, known: Floats, start: Ints, stop: Ints) -> Floats:
    column = np.arange(values.shape[1])
    inside = (column >= start[:, None]) & (column < stop[:, None])
    days = (known * inside).sum(axis=1)
    result: Floats = 7 * (values * inside).sum(axis=1) / np.maximum(days, 1.0)
    return result


def _weekly(daily: Floats) -> Floats:
    result: Floats = daily.reshape(daily.shape[0], -1, 7).sum(axis=2)
    return result


def _quantile(values: Floats, usable: NDArray[np.bool_], share: float) -> Floats:
    ordered = np.sort(np.where(usable, values, np.inf), axis=1)
    place = np.floor(np.maximum(usable.sum(axis=1) - 1, 0) * share).astype(np.int64)
    found = ordered[np.arange(len(values)), place]
    return np.where(np.isfinite(found), found, 0.0)
