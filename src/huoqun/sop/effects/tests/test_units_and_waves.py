"""Who is drawn together, and the draw."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huoqun.sop.effects.units import Shared, units
from huoqun.sop.effects.waves import NEVER, Schedule, draw, draws

DICE = np.random.default_rng(1)


def test_groups_that_share_many_members_are_one_unit() -> None:
    shared = [Shared(1, 2, 30, 100), Shared(2, 3, 25, 100), Shared(4, 5, 20, 100), Shared(6, 99, 100, 100)]
    assert units([1, 2, 3, 4, 5, 6], shared) == [[1, 2, 3], [4], [5], [6]]
    assert units([1, 2, 3], shared, most=0.29) == [[1, 2], [3]]
    assert units([], []) == []


def test_every_wave_gets_its_share_and_of_each_kind() -> None:
    strata = ["dying"] * 60 + ["steady"] * 60
    starts = draw(Schedule((4, 6, 8)), strata, np.random.default_rng(3))
    for part in (starts[:60], starts[60:]):
        assert dict(zip(*np.unique(part, return_counts=True), strict=True)) == {4: 20, 6: 20, 8: 20}
    kept = draw(Schedule((4,), held_back=0.5), strata, np.random.default_rng(3))
    assert dict(zip(*np.unique(kept, return_counts=True), strict=True)) == {4: 60, NEVER: 60}


def test_the_same_dice_draw_the_same() -> None:
    one, other = (draw(Schedule((2, 3)), [0] * 9, np.random.default_rng(5)) for _ in range(2))
    assert one.tolist() == other.tolist()
    assert draw(Schedule((2, 3)), [0] * 9, np.random.default_rng(6)).tolist() != one.tolist()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=6, max_size=60), st.integers(0, 2**32))
def test_a_draw_leaves_nobody_out_and_waves_differ_by_one_in_each_kind(strata: list[int], seed: int) -> None:
    rows = draws(Schedule((2, 5, 7)), strata, 5, np.random.default_rng(seed))
    assert set(np.unique(rows)) <= {2, 5, 7}
    for row in rows:
        for kind in set(strata):
            counts = [int(np.sum((row == week) & (np.array(strata) == kind))) for week in (2, 5, 7)]
            assert max(counts) - min(counts) <= 1


def test_over_many_draws_everybody_comes_first_equally_often() -> None:
    rows = draws(Schedule((2, 5, 7)), [0] * 7, 9_000, DICE)
    shares = (rows == 2).mean(axis=0)
    assert np.all(np.abs(shares - 1 / 3) < 0.03)


@pytest.mark.parametrize("weeks", [(), (0, 2), (3, 3), (5, 4)])
def test_waves_that_make_no_test_are_refused(weeks: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="waves start"):
        Schedule(weeks)


def test_one_wave_for_all_is_refused_and_so_are_more_waves_than_units() -> None:
    with pytest.raises(ValueError, match="nobody to compare with"):
        Schedule((4,))
    with pytest.raises(ValueError, match="some have to start"):
        Schedule((4,), held_back=1.0)
    with pytest.raises(ValueError, match="too few"):
        draw(Schedule((1, 2, 3)), [0, 0], DICE)
