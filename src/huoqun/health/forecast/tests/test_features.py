"""Figures of small calendars, reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huoqun.health.forecast.calendar import day_arrays
from huoqun.health.forecast.features import features_at, features_of, silent_after
from huoqun.health.forecast.model import Model
from huoqun.health.forecast.terms import TERMS, terms_of

from .told import TODAY, daily, days_of

NOW = np.array([TODAY])


def figures(*groups: list[tuple[int, int]], group: int = 0, as_of: int = TODAY) -> dict[str, float]:
    found = features_of(days_of(*groups), np.array([as_of]))
    return {name: float(values[group]) for name, values in found.figures.items()}


def test_counts_and_silences_of_a_calendar() -> None:
    told = figures([(100, 5), (50, 2), (20, 1), (6, 4)])
    assert (told["messages_30"], told["messages_90"]) == (5, 7)
    assert [told[f"days_{reach}"] for reach in (7, 14, 30, 90, 180, 365)] == [1, 1, 2, 3, 4, 4]
    assert (told["silent"], told["age"], told["sleeps"]) == (6, 101, 1)
    assert told["pace"] == pytest.approx(95 / 4)  # 4 days with talk within 95 days
    assert told["usual_silence"] == pytest.approx((50**2 + 30**2 + 14**2) / 94)


def test_the_first_and_the_last_day_of_a_reach_count() -> None:
    assert figures([(29, 1), (0, 1)])["messages_30"] == 2
    assert figures([(30, 1), (0, 1)])["messages_30"] == 1


def test_the_pace_is_that_of_the_last_eight_days_with_talk() -> None:
    told = figures([*daily(400, 300), (70, 1), (60, 1), (50, 1), (40, 1), (30, 1), (20, 1), (10, 1), (0, 1)])
    assert told["pace"] == pytest.approx(71 / 8)


def test_groups_do_not_mix_and_a_group_without_talk_so_far_is_not_there() -> None:
    days = days_of([(3, 9)], [(-5, 7)], [(40, 1)])
    found = features_of(days, NOW)
    assert found.key.tolist() == [1, 3]
    assert found.figures["messages_30"].tolist() == [9, 0]
    assert found.awake.tolist() == [True, False]


def test_house_talk_and_joins_are_no_talk() -> None:
    days = day_arrays({"group_key": np.array([1, 1]), "day": np.array([TODAY - 9, TODAY]), "messages": np.array([2, 0]),
                       "house_messages": np.array([0, 5]), "joins": np.array([0, 3])})  # fmt: skip
    found = features_of(days, NOW)
    assert (found.figures["silent"][0], found.figures["days_30"][0]) == (9, 1)


def test_many_dates_at_once_are_the_same_as_one_by_one() -> None:
    days = days_of(daily(200, 30, every=3), daily(90, 0), [(150, 1), (2, 2)])
    dates = TODAY - np.array([120, 60, 0])
    together = features_of(days, dates)
    for place, date in enumerate(dates):
        alone = features_of(days, np.array([date]))
        chosen = together.today == date
        assert together.key[chosen].tolist() == alone.key.tolist(), place
        for name, values in alone.figures.items():
            np.testing.assert_array_equal(together.figures[name][chosen], values, err_msg=name)


def test_pairs_are_taken_as_they_are_asked() -> None:
    found = features_at(days_of(daily(50), [(4, 1)]), np.array([1, 0]), np.array([TODAY, TODAY - 10]))
    assert (found.key.tolist(), found.figures["silent"].tolist()) == ([2, 1], [4, 0])


def test_what_happened_is_the_thirty_days_after() -> None:
    days = days_of([(90, 1), (60, 2)], [(90, 1), (59, 9)], [(90, 1), (89, 4)])
    found = features_of(days, np.array([TODAY - 90]))
    assert silent_after(days, found).tolist() == [False, True, False]
    assert silent_after(days, found, least=5).tolist() == [True, True, True]


def test_no_term_is_ever_unknown() -> None:
    found = features_of(days_of([(0, 1)], [(5000, 1)], daily(800), [(3000, 100_000), (1, 1)]), NOW)
    terms = terms_of(found)
    assert terms.shape == (4, len(TERMS))
    assert np.isfinite(terms).all()


calendars = st.lists(
    st.lists(st.tuples(st.integers(-60, 500), st.integers(1, 500)), min_size=1, max_size=40, unique_by=lambda row: row[0]),
    min_size=1, max_size=5,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(calendars)
def test_nothing_after_the_day_changes_a_forecast(groups: list[list[tuple[int, int]]]) -> None:
    whole = days_of(*groups)
    past = whole.until(TODAY)
    with_future = Model.shipped().foresee(features_of(whole, NOW))
    without = Model.shipped().foresee(features_of(past, NOW))
    assert with_future == without
