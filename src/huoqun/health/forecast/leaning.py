"""Whether this community's groups fall silent more often, or less, than the model says: read off outcomes already known.

A model from elsewhere cannot know how mortal the groups of a place are. Every 30 days back from a date, what was said is set
beside what happened by the date; the difference, held towards none, is added to the log odds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from .calendar import DayArrays, Flags, Floats, Ints
from .features import WITHIN, Features, features_of, silent_after
from .model import Model

STEP = 30
MEMORY = 24
"""Dates back from which outcomes count."""
WORTH = 0.5
"""What one outcome counts: groups of one community and dates of one group are no independent witnesses."""
LEAST_PRIOR = 0.04
"""Variance of leanings at the least, for a model that has seen no other community."""
CENTRES = np.linspace(-8.0, 8.0, 65)
"""Log odds are counted in classes a quarter wide: the shift that fits thousands of rows is found from 65 numbers."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """From each of `dates` (ascending) on: what to add to the log odds of groups awake and asleep, and its variance."""

    dates: Ints
    awake: Floats
    asleep: Floats
    awake_variance: Floats
    asleep_variance: Floats

    def shift(self, features: Features) -> Floats:
        return self._mixed(features, self.awake, self.asleep)

    def variance(self, features: Features) -> Floats:
        return self._mixed(features, self.awake_variance, self.asleep_variance)

    def _mixed(self, features: Features, awake: Floats, asleep: Floats) -> Floats:
        place = np.maximum(np.searchsorted(self.dates, features.today, side="right") - 1, 0)
        share = features.sleepiness
        return np.asarray((1 - share) * awake[place] + share * asleep[place])


def leaning_of(model: Model, days: DayArrays, as_of: int, *, windows: int) -> Leaning:
    """For the day and the `windows` dates before it, 30 days apart; each knows only what had happened by then."""
    count = windows + MEMORY + 1
    dates = as_of - STEP * np.arange(count, dtype=np.int64)[::-1]
    features = features_of(days, dates)
    odds, silent = model.log_odds(features), silent_after(days, features)
    known = features.today <= as_of - WITHIN
    lines = model.latest.awake, model.latest.asleep
    found = [
        _shifts(features, odds, silent, kept & known, dates, max(line.unlike**2, LEAST_PRIOR))
        for line, kept in zip(lines, (features.awake, ~features.awake), strict=True)
    ]
    (awake, awake_variance), (asleep, asleep_variance) = found
    return Leaning(dates, awake, asleep, awake_variance, asleep_variance)


def _shifts(features: Features, odds: Floats, silent: Flags, kept: Flags, dates: Ints, prior: float) -> tuple[Floats, Floats]:
    """For each date the likeliest shift and its variance, by Newton's steps on all dates at once."""
    date = np.searchsorted(dates, features.today[kept])
    width = CENTRES.size
    cell = date * width + np.clip(np.round((odds[kept] - CENTRES[0]) * 4), 0, width - 1).astype(np.int64)
    rows = _known_by(np.bincount(cell, minlength=dates.size * width).reshape(-1, width))
    ends = _known_by(np.bincount(cell, silent[kept], minlength=dates.size * width).reshape(-1, width)).sum(axis=1)
    shift = np.zeros(dates.size)
    bend = np.full(dates.size, 1 / prior)
    for _ in range(8):
        told = scipy.special.expit(CENTRES + shift[:, None])
        bend = WORTH * (rows * told * (1 - told)).sum(axis=1) + 1 / prior
        push = WORTH * (ends - (rows * told).sum(axis=1)) - shift / prior
        shift = np.clip(shift + push / bend, -3.0, 3.0)
    return shift, 1 / bend


def _known_by(counts: Floats | Ints) -> Floats:
    """Sums over the `MEMORY` dates before each: the outcome of the date itself is not known yet."""
    total = np.vstack([np.zeros((1, counts.shape[1])), np.cumsum(counts, axis=0)])[:-1]
    before = np.zeros_like(total)
    before[MEMORY:] = total[:-MEMORY] if len(total) > MEMORY else before[MEMORY:]
    return np.asarray(total - before)
