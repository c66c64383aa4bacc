"""Gaps are not zeros."""

from __future__ import annotations

import numpy as np

from huoqun.health.panel import known_at_the_end, of_units, panel
from huoqun.sop.effects.waves import NEVER


def test_a_unit_with_a_gap_is_left_out_and_counted() -> None:
    seen = panel([[1, 2, 3], [1, None, 3], [0, 0, 0]], 3)
    assert seen.units == (0, 2)
    assert (seen.gone_units, seen.gone_weeks) == (1, 0)
    assert seen.outcome.tolist() == [[1, 2, 3], [0, 0, 0]]


def test_a_week_that_most_do_not_know_is_left_out_for_all() -> None:
    seen = panel([[1, None, 3, 4], [1, None, 3, 4], [1, 5, 3, 4]], 4)
    assert seen.weeks == (0, 2, 3)
    assert (seen.gone_units, seen.gone_weeks) == (0, 1)
    # Weeks are counted anew: who started in the week that is gone, or the one after it, starts in the second that is left.
    assert seen.starts([1, 2, None]).tolist() == [1, 1, NEVER]
    assert seen.starts([3, 9, 0]).tolist() == [2, 3, 0]
    schedule = seen.schedule([1, 2, 3])
    assert schedule is not None
    assert schedule.weeks == (1, 2)


def test_without_a_week_before_there_is_no_schedule() -> None:
    assert panel([[None, 1.0], [None, 2.0]], 2).schedule([1]) is None
    assert panel([], 3).schedule([1, 2]) is None
    assert panel([[None, None]], 2).outcome.shape == (0, 0)


def test_a_unit_is_the_mean_of_its_groups_and_not_known_where_one_is_not() -> None:
    by_group: dict[int, list[float | None]] = {1: [1.0, 2.0], 2: [3.0, None], 3: [5.0, 5.0]}
    assert of_units([[1, 2], [3], []], by_group, 2) == [[2.0, None], [5.0, 5.0], [None, None]]


def test_weeks_known_are_counted_from_the_end() -> None:
    assert known_at_the_end([1, None, 2, 3]) == 2
    assert known_at_the_end([None]) == 0
    assert not np.isnan(panel([[0.0]], 1).outcome).any()
