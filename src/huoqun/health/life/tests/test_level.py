"""Groups whose level is known, because the test made them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from huoqun.health.life.calendar import GroupDays, calendar_of
from huoqun.health.life.level import Levels, levels

TODAY = date(2026, 6, 30)
DAYS = 180
WEEKDAYS = np.array([1.0, 1.0, 1.1, 1.2, 1.3, 0.7, 0.6])


def made(groups: int, before: float, after: float, day: int, *, seed: int = 3, holiday: slice | None = None) -> Levels:
    """Groups in which about `before` people a day speak until `day`, then `after`, with weekdays and good and bad days."""
    dice = np.random.default_rng(seed)
    expected = np.where(np.arange(DAYS) < day, before, after) * WEEKDAYS[np.arange(DAYS) % 7]
    if holiday is not None:
        expected[holiday] *= 0.1
    speakers = dice.poisson(expected * dice.gamma(4, 1 / 4, (groups, DAYS)))
    return levels(calendar_of(days_of(speakers), as_of=TODAY))


def days_of(speakers: np.ndarray, messages: np.ndarray | None = None) -> GroupDays:
    group, column = np.nonzero(speakers)
    first = np.datetime64(TODAY, "D") - (speakers.shape[1] - 1)
    said = speakers * 3 if messages is None else messages
    return GroupDays(
        group.astype(np.int64), first + column, said[group, column].astype(np.int32), speakers[group, column].astype(np.int32)
    )


def column_of(found: Levels) -> np.ndarray:
    return found.changed_on - (np.datetime64(TODAY, "D").astype(np.int64) - DAYS + 1)


@pytest.mark.parametrize(("before", "after"), [(10.0, 5.0), (4.0, 1.0), (2.0, 0.0), (2.0, 6.0)])
def test_a_change_is_found_and_placed_within_days(before: float, after: float) -> None:
    found = made(200, before, after, 110)
    assert found.changed.mean() > 0.95
    error = np.abs(column_of(found)[found.changed] - 110)
    assert np.median(error) <= 2
    assert np.percentile(error, 90) <= 10


@pytest.mark.parametrize("level", [0.3, 2.0, 12.0])
def test_groups_that_stay_as_they_are_show_no_change(level: float) -> None:
    assert made(300, level, level, 90).changed.mean() < 0.05


def test_a_holiday_week_is_no_change() -> None:
    assert made(200, 8.0, 8.0, 90, holiday=slice(120, 127)).changed.mean() < 0.05


def test_one_person_flooding_the_group_is_no_change() -> None:
    dice = np.random.default_rng(5)
    speakers = dice.poisson(3.0, (100, DAYS))
    messages = speakers * 2
    messages[:, 150:] += np.where(speakers[:, 150:] > 0, 400, 0)
    assert levels(calendar_of(days_of(speakers, messages), as_of=TODAY)).changed.mean() < 0.05


def test_the_same_few_faces_saying_less_is_a_change() -> None:
    dice = np.random.default_rng(6)
    messages = dice.poisson(np.where(np.arange(DAYS) < 140, 40.0, 8.0), (100, DAYS)) + 1
    found = levels(calendar_of(days_of(np.full((100, DAYS), 3), messages), as_of=TODAY))
    assert found.changed.mean() > 0.95
    assert np.median(np.abs(column_of(found) - 140)) <= 2


def test_levels_are_human_messages_a_week_on_both_sides() -> None:
    found = made(100, 10.0, 2.0, 100)
    assert found.before.mean() == pytest.approx(10 * 3 * 7, rel=0.1)
    assert found.now.mean() == pytest.approx(2 * 3 * 7, rel=0.15)


def test_the_days_before_a_group_was_born_do_not_count_as_silence() -> None:
    speakers = np.zeros((50, DAYS), dtype=np.int64)
    speakers[:, 120:] = np.random.default_rng(1).poisson(4.0, (50, DAYS - 120)) + 1
    found = levels(calendar_of(days_of(speakers), as_of=TODAY))
    assert found.changed.mean() <= 0.04
    assert found.now.mean() == pytest.approx(5 * 3 * 7, rel=0.1)


def test_of_several_changes_the_last_one_is_told_and_compared_with_the_regime_before_it() -> None:
    dice = np.random.default_rng(2)
    expected = np.repeat([2.0, 12.0, 4.0], 60)
    found = levels(calendar_of(days_of(dice.poisson(expected, (60, DAYS))), as_of=TODAY))
    assert np.median(np.abs(column_of(found) - 120)) <= 2
    assert found.before.mean() == pytest.approx(84 * 3, rel=0.1)
    assert found.now.mean() == pytest.approx(28 * 3, rel=0.1)


def test_a_group_silent_for_years_still_shows_how_it_fell() -> None:
    speakers = np.zeros((1, 2000), dtype=np.int64)
    speakers[0, :300] = 5
    speakers[0, 300:400:20] = 1
    found = levels(calendar_of(days_of(speakers), as_of=TODAY))
    assert found.changed[0]
    assert abs(found.changed_on[0] - (np.datetime64(TODAY, "D").astype(np.int64) - 1999 + 300)) <= 1
