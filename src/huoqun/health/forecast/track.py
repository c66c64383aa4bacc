"""The track record: what the model would have said in this community's own past, beside what happened then.

Every 30 days back from the asked day the groups that had talked in the 30 days before are judged with what was known on that
day, by the model as it then stood, and looked up 30 days later.
"""

from __future__ import annotations

import numpy as np
import scipy

from .calendar import DayArrays, Flags, Floats, Ints
from .features import WITHIN, Features, features_at, features_of, silent_after
from .leaning import Leaning, leaning_of
from .model import Model
from .values import FEWEST_FORECASTS, FEWEST_SILENCES, Bin, Track

STEP = 30
WINDOWS = 24
"""Looking back two years is enough, and quick."""
EDGES = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
DRAWS = 200
WARNED_AT = 0.5
LEAD_REACH, LEAD_STEP = 90, 3
"""Days before the last talk from which on, and steps in which, a warning is looked for."""


def track_record(model: Model, days: DayArrays, as_of: int, *, windows: int = WINDOWS) -> tuple[Track | None, str]:
    """The record, or None and why there is none (a code of `wording.WHY_NONE`). Days after `as_of` change nothing."""
    days = days.until(as_of)
    dates = past_dates(days, as_of, windows=windows)
    if not dates.size:
        return None, "past_too_short"
    features = features_of(days, dates)
    features = features.where(features.awake)
    silent = silent_after(days, features)
    if features.rows < FEWEST_FORECASTS:
        return None, "too_few_forecasts"
    if min(int(silent.sum()), int((~silent).sum())) < FEWEST_SILENCES:
        return None, "too_few_silences"
    leaning = leaning_of(model, days, as_of, windows=windows)
    leads = lead_times(model, days, as_of, since=int(dates[0]), leaning=leaning)
    return _record(features, _said(model, features, leaning), silent, dates, leads), ""


def _said(model: Model, features: Features, leaning: Leaning) -> Floats:
    return np.asarray(scipy.special.expit(model.log_odds(features) + leaning.shift(features)))


def past_dates(days: DayArrays, as_of: int, *, windows: int = WINDOWS) -> Ints:
    """Dates whose 30 days after are over by `as_of`, from 30 days after the first talk on, oldest first."""
    first = days.first_day
    if first is None:
        return np.empty(0, dtype=np.int64)
    dates = as_of - WITHIN - STEP * np.arange(windows, dtype=np.int64)
    return dates[dates >= first + WITHIN][::-1]


def _record(features: Features, said: Floats, silent: Flags, dates: Ints, leads: Floats) -> Track:
    low, high = auc_interval(silent, said, features.key)
    bins = calibration(said, silent)
    base = float(silent.mean())
    return Track(
        groups=int(np.unique(features.key).size),
        forecasts=features.rows,
        silences=int(silent.sum()),
        windows=int(dates.size),
        first_day=int(dates[0]),
        last_day=int(dates[-1]),
        auc=auc(silent, said),
        auc_low=low,
        auc_high=high,
        calibration_error=sum(each.forecasts * abs(each.said - each.happened) for each in bins) / features.rows,
        bins=bins,
        brier=brier(said, silent),
        brier_base=base * (1 - base),
        ended=int(leads.size),
        warned=int((leads > WITHIN).sum()),
        lead_days=_median(leads),
    )


def lead_times(model: Model, days: DayArrays, as_of: int, *, since: int, leaning: Leaning) -> Floats:
    """For each silence of 30 days that began after `since` and was complete by `as_of`: days from p getting to 0.5 (and staying
    there) to its completion; above 30 where p was there before the last words, nan where it never was.
    """
    talk = days.talk()
    row, last = _silences(talk, as_of, since)
    offsets = np.arange(-LEAD_REACH, WITHIN + 1, LEAD_STEP)
    today = (last[:, None] + offsets).ravel()
    features = features_at(days.where(days.messages > 0), np.repeat(row, offsets.size), today)
    said = np.zeros(today.size)
    said[_with_talk(talk, np.repeat(row, offsets.size), today)] = _said(model, features, leaning)
    warned = said.reshape(row.size, offsets.size) >= WARNED_AT
    steady = np.logical_and.accumulate(warned[:, ::-1], axis=1).sum(axis=1)
    first = offsets[np.minimum(offsets.size - steady, offsets.size - 1)]
    return np.where(steady > 0, WITHIN - first, np.nan)


def _median(leads: Floats) -> int | None:
    """Of all; None where half of them were never warned of."""
    middle = float(np.median(np.nan_to_num(leads, nan=-1.0))) if leads.size else -1.0
    return int(middle) if middle >= 0 else None


def _silences(talk: DayArrays, as_of: int, since: int) -> tuple[Ints, Ints]:
    """Group and last day with talk of silences longer than 30 days; what a group said once and never again counts too."""
    follows = np.concatenate((talk.row[1:] == talk.row[:-1], [False]))
    ahead = np.where(follows, np.concatenate((talk.day[1:], [0])), as_of + 1) - talk.day
    ended = (ahead > WITHIN) & (talk.day > since)
    return talk.row[ended], talk.day[ended]


def _with_talk(talk: DayArrays, row: Ints, today: Ints) -> Flags:
    first = talk.day[np.searchsorted(talk.row, row)]
    spoken: Flags = today >= first
    return spoken


def auc(silent: Flags, said: Floats) -> float:
    """Of all pairs of one that fell silent and one that did not, the share in which the first was given more."""
    ranks = _ranks(said)
    ones, zeros = int(silent.sum()), int((~silent).sum())
    return float((ranks[silent].sum() - ones * (ones + 1) / 2) / (ones * zeros)) if ones and zeros else float("nan")


def _ranks(said: Floats) -> Floats:
    """From 1 for the lowest; equal ones share the mean of their ranks."""
    _, place, times = np.unique(said, return_inverse=True, return_counts=True)
    middle: Floats = np.cumsum(times) - (times - 1) / 2
    return middle[place]


def auc_interval(silent: Flags, said: Floats, group: Ints, *, draws: int = DRAWS, seed: int = 30) -> tuple[float, float]:
    """95 %, by drawing whole groups with replacement: rows of one group are no independent witnesses."""
    dice = np.random.default_rng(seed)
    _, place = np.unique(group, return_inverse=True)
    groups = int(place.max()) + 1
    order = np.argsort(said, kind="stable")
    _, tie = np.unique(said[order], return_inverse=True)
    found = []
    for _ in range(draws):
        times = np.bincount(dice.integers(0, groups, groups), minlength=groups)[place[order]].astype(np.float64)
        found.append(_weighted_auc(silent[order], tie, times))
    known = [value for value in found if not np.isnan(value)]
    low, high = np.percentile(known, (2.5, 97.5)) if known else (float("nan"), float("nan"))
    return float(low), float(high)


def _weighted_auc(silent: Flags, tie: Ints, times: Floats) -> float:
    """`tie` numbers equal forecasts from the lowest up."""
    ones, zeros = np.bincount(tie, times * silent), np.bincount(tie, times * ~silent)
    pairs = ones.sum() * zeros.sum()
    below = np.cumsum(zeros) - zeros / 2
    return float(ones @ below / pairs) if pairs else float("nan")


def calibration(said: Floats, silent: Flags) -> tuple[Bin, ...]:
    """Bins without a forecast are left out."""
    place = np.clip(np.searchsorted(EDGES, said, side="right") - 1, 0, len(EDGES) - 2)
    return tuple(
        Bin(EDGES[each], EDGES[each + 1], int(inside.sum()), float(said[inside].mean()), float(silent[inside].mean()))
        for each in range(len(EDGES) - 1)
        if (inside := place == each).any()
    )


def brier(said: Floats, silent: Flags) -> float:
    return float(np.mean((said - silent) ** 2))
