"""Life courses of generated groups, for the shipped model: heavy tails, slow groups, bursts, sleeps, slow deaths, lulls.

What is drawn here is how likely talk is on each day; days are then thrown from it. Nothing is read off an archive: the spreads
are wide on purpose, so that most communities that exist lie somewhere inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huoqun.health.forecast.calendar import DayArrays, Floats, day_arrays

Generator = np.random.Generator
WHIM_DAYS, WHIM_TAIL = 6.6, 0.7
"""Lives with a heavy tail: the only pair by which 40 % end within 7 days and 30 % outlive 30 (Qiu and others 2016)."""


@dataclass(frozen=True, slots=True)
class Manners:
    """What the groups of one community have in common."""

    pace: float
    """Logarithm of the talks a day in the middle group."""
    spread: float
    wander: float
    """How far a group's level strays from its own middle."""
    memory: float
    """Days after which a stray is half forgotten."""
    drift: float
    """Change of the logarithm in a year."""
    mortality: float
    """Ends a year, of a group in the middle."""
    burstiness: float
    season: float
    fleeting: float
    """Share of groups made on a whim: of these 40 % are over within a week and 30 % outlive a month, as counted for WeChat."""


def manners(dice: Generator) -> Manners:
    return Manners(
        pace=dice.normal(-0.8, 1.2),
        spread=dice.uniform(0.9, 2.2),
        wander=dice.uniform(0.2, 1.2),
        memory=float(np.exp(dice.uniform(np.log(20), np.log(200)))),
        drift=dice.normal(-0.15, 0.3),
        mortality=float(np.exp(dice.uniform(np.log(0.1), np.log(2.5)))),
        burstiness=dice.uniform(0.3, 1.4),
        season=dice.uniform(0.0, 0.4),
        fleeting=dice.beta(0.6, 0.9),
    )


def community(dice: Generator, *, groups: int, days: int) -> DayArrays:
    """The days of one community, numbered from 0."""
    likely = _levels(manners(dice), dice, groups, days)
    conversations = dice.poisson(likely)
    length = dice.lognormal(0.6, 0.8, groups)[:, None] * dice.lognormal(0.0, 0.6, likely.shape)
    messages = conversations + dice.poisson(conversations * length)
    voices = messages ** dice.uniform(0.3, 0.8, groups)[:, None] * dice.lognormal(0.0, 0.25, likely.shape)
    row, day = np.nonzero(messages)
    spoken = messages[row, day].astype(np.float64)
    speakers = np.clip(np.round(voices[row, day]), 1, spoken)
    return day_arrays({"group_key": row, "day": day, "messages": spoken, "speakers": speakers})


def _levels(ways: Manners, dice: Generator, groups: int, days: int) -> Floats:
    """Expected conversations of each group on each day."""
    day = np.arange(days)[None, :]
    born = np.where(dice.random(groups) < 0.4, 0, dice.integers(0, int(days * 0.85), groups))[:, None]
    base = dice.normal(ways.pace, ways.spread, (groups, 1))
    years = (day - born) / 365
    level = base + _wander(ways, dice, groups, days) + dice.normal(ways.drift, 0.4, (groups, 1)) * years
    level += _opening(dice, groups) * np.exp(-np.maximum(day - born, 0) / np.exp(dice.uniform(0.7, 4.0, (groups, 1))))
    level += _breaks(dice, groups, days)
    level += _endings(ways, dice, base, born, days)
    level += _moods(ways, dice, groups, days) + _calendar(ways, dice, days) + _lulls(dice, groups, days)
    talks = np.exp(np.minimum(level, 5.0))
    talks[:, _stops(dice, days)] = 0.0
    return np.where(day >= born, talks, 0.0)


def _opening(dice: Generator, groups: int) -> Floats:
    """The excitement of the first days."""
    return dice.gamma(1.0, 1.0, (groups, 1))


def _wander(ways: Manners, dice: Generator, groups: int, days: int) -> Floats:
    """Slow ups and downs around the group's own middle, a step a week."""
    weeks = days // 7 + 2
    kept = 0.5 ** (7 / ways.memory)
    state = dice.normal(0.0, ways.wander, groups)
    states = np.empty((groups, weeks))
    for week in range(weeks):
        states[:, week] = state
        state = kept * state + dice.normal(0.0, ways.wander * np.sqrt(1 - kept**2), groups)
    return np.repeat(states, 7, axis=1)[:, :days]


def _moods(ways: Manners, dice: Generator, groups: int, days: int) -> Floats:
    """Talk breeds talk: what was lively yesterday mostly is today."""
    kept = dice.uniform(0.2, 0.85, groups)
    state = np.zeros(groups)
    states = np.empty((groups, days))
    for day in range(days):
        state = kept * state + dice.normal(0.0, ways.burstiness * np.sqrt(1 - kept**2))
        states[:, day] = state
    return states - ways.burstiness**2 / 2


def _breaks(dice: Generator, groups: int, days: int) -> Floats:
    """Sudden changes for good: somebody left, another group was opened, a channel was announced."""
    happen = dice.random((groups, days)) < 1 / 500
    steps: Floats = np.cumsum(happen * dice.normal(-0.5, 1.0, (groups, days)), axis=1)
    return steps


def _endings(ways: Manners, dice: Generator, base: Floats, born: Floats, days: int) -> Floats:
    """At some time most groups end: at once, within weeks or over years; some are woken again."""
    groups = base.shape[0]
    frail = ways.mortality * np.exp(np.clip(-0.35 * (base - ways.pace), -1.5, 1.5))
    lasts = dice.exponential(365 / frail)
    fleeting = dice.random((groups, 1)) < ways.fleeting
    lasts = np.where(fleeting, WHIM_DAYS * (dice.random((groups, 1)) ** (-1 / WHIM_TAIL) - 1), lasts)
    tail = np.where(dice.random((groups, 1)) < 0.4, 0.5, np.exp(dice.uniform(1.0, 5.0, (groups, 1))))
    over = np.maximum(np.arange(days)[None, :] - born - lasts, 0.0)
    wakes = np.where(dice.random((groups, 1)) < 0.3, dice.lognormal(4.3, 0.8, (groups, 1)), np.inf)
    depth = np.where(dice.random((groups, 1)) < 0.5, 12.0, dice.uniform(2.0, 6.0, (groups, 1)))
    fall = -np.minimum(over / tail, depth)
    return np.where(over > wakes, dice.normal(-0.7, 0.8, (groups, 1)), fall)


def _calendar(ways: Manners, dice: Generator, days: int) -> Floats:
    """Weekends, the year, and a holiday or two on which all groups are quiet."""
    day = np.arange(days) + dice.integers(0, 365)
    week = np.where(day % 7 >= 5, dice.normal(-0.2, 0.3), 0.0)
    year = ways.season * np.sin(2 * np.pi * day / 365)
    holiday = (day % 365 < dice.integers(5, 25)) * -dice.gamma(1.5, 0.6)
    return np.asarray(week + year + holiday)[None, :]


def _lulls(dice: Generator, groups: int, days: int) -> Floats:
    """Quiet weeks of single groups that mean nothing."""
    depth = np.zeros((groups, days + 40))
    for group in range(groups):
        for start in dice.integers(0, days, dice.poisson(days / 250)):
            depth[group, start : start + dice.integers(5, 40)] -= dice.uniform(0.5, 3.0)
    return depth[:, :days]


def _stops(dice: Generator, days: int) -> slice:
    """Days the record has nothing of: in one community of five."""
    start = dice.integers(0, days)
    return slice(start, start + (dice.integers(5, 45) if dice.random() < 0.2 else 0))
