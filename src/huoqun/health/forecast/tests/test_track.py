"""The record: what was said in the past, beside what happened."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huoqun.health.forecast.features import features_of
from huoqun.health.forecast.leaning import leaning_of
from huoqun.health.forecast.model import Model
from huoqun.health.forecast.outlook import outlook_of
from huoqun.health.forecast.track import auc, auc_interval, calibration, lead_times, past_dates, track_record
from huoqun.health.forecast.training.courses import community
from huoqun.health.forecast.values import Track
from huoqun.health.forecast.wording import WHY_NONE, record_told

from .told import TODAY, daily, days_of


def test_auc_by_hand() -> None:
    silent = np.array([True, False, True, False])
    assert auc(silent, np.array([0.9, 0.1, 0.5, 0.5])) == pytest.approx((1 + 1 + 1 + 0.5) / 4)
    assert np.isnan(auc(np.array([True]), np.array([0.5])))


def test_the_interval_lies_around_the_auc_and_widens_with_fewer_groups() -> None:
    dice = np.random.default_rng(1)
    silent = dice.random(900) < 0.3
    said = silent * 0.5 + dice.random(900)
    wide = auc_interval(silent, said, np.arange(900) // 90)
    narrow = auc_interval(silent, said, np.arange(900))
    assert wide[0] < auc(silent, said) < wide[1]
    assert narrow[0] < auc(silent, said) < narrow[1]


def test_bins_by_hand() -> None:
    bins = calibration(np.array([0.01, 0.03, 0.5, 1.0]), np.array([False, True, True, True]))
    assert [(each.low, each.high, each.forecasts, each.happened) for each in bins] == [
        (0.0, 0.05, 2, 0.5), (0.4, 0.6, 1, 1.0), (0.8, 1.0, 1, 1.0),
    ]  # fmt: skip


def test_dates_end_where_thirty_days_after_are_known() -> None:
    assert (TODAY - past_dates(days_of(daily(130)), TODAY)).tolist() == [90, 60, 30]
    assert past_dates(days_of(daily(59)), TODAY).size == 0
    assert past_dates(days_of(daily(60)), TODAY).tolist() == [TODAY - 30]
    assert past_dates(days_of(daily(3000)), TODAY).size == 24


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ([daily(40)], "past_too_short"),
        ([daily(300)], "too_few_forecasts"),
        ([daily(700)] * 3, "too_few_silences"),
    ],
)
def test_a_short_or_quiet_past_is_said_plainly(groups: list[list[tuple[int, int]]], why: str) -> None:
    found = outlook_of(days_of(*groups), TODAY, Model.shipped())
    assert (found.track, found.why_none) == (None, why)
    assert len(found.forecasts) == len(groups)
    assert record_told(None, why, "zh-hans") == WHY_NONE[why].zh


def _world(seed: int = 2, groups: int = 60, length: int = 700) -> tuple[object, int]:
    return community(np.random.default_rng(seed), groups=groups, days=length), length - 1


def test_the_record_counts_what_was_judged_and_what_happened() -> None:
    days, last = _world()
    track, why = track_record(Model.shipped(), days, last)
    assert track is not None
    assert why == ""
    dates = past_dates(days, last)
    features = features_of(days, dates)
    assert track.forecasts == int(features.awake.sum()) == sum(each.forecasts for each in track.bins)
    assert track.silences == round(sum(each.happened * each.forecasts for each in track.bins))
    assert track.auc_low < track.auc < track.auc_high
    assert track.auc > 0.75
    assert track.brier < track.brier_base
    leads = lead_times(
        Model.shipped(), days, last, since=int(dates[0]), leaning=leaning_of(Model.shipped(), days, last, windows=24)
    )
    assert (track.ended, track.warned) == (leads.size, int((leads > 30).sum()))
    assert 0 < track.warned < track.ended
    assert "{" not in record_told(track, "", "en") + record_told(track, "", "zh-hans")
    assert Track.from_plain(json.loads(json.dumps(track.as_plain()))) == track


@settings(max_examples=8, deadline=None)
@given(st.integers(250, 600), st.integers(0, 5))
def test_nothing_after_the_day_changes_the_record(as_of: int, seed: int) -> None:
    days, _ = _world(seed, groups=15)
    assert outlook_of(days, as_of, Model.shipped()) == outlook_of(days.until(as_of), as_of, Model.shipped())


def test_a_slow_fading_is_warned_of_before_the_last_words_and_a_sudden_end_only_after() -> None:
    fading = [*daily(700, 300), *((back, 1) for back in (270, 230, 185, 130))]
    sudden = daily(700, 120, messages=20)
    days = days_of(fading, sudden)
    leaning = leaning_of(Model.shipped(), days, TODAY, windows=24)
    leads = lead_times(Model.shipped(), days, TODAY, since=TODAY - 150, leaning=leaning)
    assert leads.shape == (2,)
    slow, quick = np.nan_to_num(leads, nan=-1.0)
    assert slow > quick
    assert quick < 30


def test_the_lead_stands_beside_forecasts_past_even_odds_only() -> None:
    days, last = _world(3, groups=150)
    found = outlook_of(days, last, Model.shipped())
    assert found.track is not None
    for forecast in found.forecasts.values():
        assert forecast.lead_days == (found.track.lead_days if forecast.p_silent_30d >= 0.5 else None)
