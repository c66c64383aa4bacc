"""What a community's own past adds: the right way, no more than it can carry, nothing from the future."""

from __future__ import annotations

import numpy as np
import pytest

from huoqun.health.forecast.features import features_of
from huoqun.health.forecast.leaning import LEAST_PRIOR, leaning_of
from huoqun.health.forecast.model import Model
from huoqun.health.forecast.outlook import outlook_of

from .told import TODAY, daily, days_of

DYING = [daily(900 - 10 * place, 760 - 11 * place) for place in range(40)]
"""Groups that talk every day for some months and stop overnight, one after the other."""
LASTING = [daily(900, every=12) for _ in range(40)]
"""Groups that talk now and then and never stop."""
NOW = np.array([TODAY])


def last_shift(groups: list[list[tuple[int, int]]]) -> float:
    days = days_of(*groups, daily(900))
    return float(leaning_of(Model.shipped(), days, TODAY, windows=0).shift(features_of(days, NOW))[-1])


def test_where_groups_end_oftener_than_said_the_chance_rises_and_where_less_it_falls() -> None:
    assert last_shift(DYING) > 0.3
    assert last_shift(LASTING) < -0.3


def test_without_a_past_nothing_is_added_and_the_doubt_is_that_between_communities() -> None:
    days = days_of(daily(20))
    features = features_of(days, NOW)
    leaning = leaning_of(Model.shipped(), days, TODAY, windows=0)
    assert leaning.shift(features).tolist() == [0.0]
    assert leaning.variance(features)[0] == pytest.approx(max(Model.shipped().latest.awake.unlike ** 2, LEAST_PRIOR))


def test_a_past_makes_surer() -> None:
    days = days_of(*LASTING)
    features = features_of(days, NOW)
    variance = leaning_of(Model.shipped(), days, TODAY, windows=0).variance(features)
    assert variance.max() < 0.5 * Model.shipped().latest.awake.unlike ** 2


def test_each_date_knows_only_what_had_happened_by_then() -> None:
    """Looking back from today, the leaning of a year ago is the one found a year ago."""
    days = days_of(*DYING, *LASTING)
    whole = leaning_of(Model.shipped(), days, TODAY, windows=24)
    for back in (30, 120, 360):
        then = TODAY - back
        alone = leaning_of(Model.shipped(), days.until(then), then, windows=0)
        place = int(np.flatnonzero(whole.dates == then)[0])
        np.testing.assert_allclose(whole.awake[place], alone.awake[-1])
        np.testing.assert_allclose(whole.asleep[place], alone.asleep[-1])


def test_the_leaning_moves_every_group_alike_and_changes_no_order() -> None:
    days = days_of(*LASTING[:20], *(daily(900, back) for back in range(12)))
    shown = outlook_of(days, TODAY, Model.shipped()).forecasts
    bare = Model.shipped().foresee(features_of(days, NOW))
    order = sorted(shown, key=lambda key: (shown[key].p_silent_30d, key))
    assert order == sorted(bare, key=lambda key: (bare[key].p_silent_30d, key))
    assert all(shown[key].p_silent_30d < bare[key].p_silent_30d for key in shown)
