"""What followed a post, over tables of days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from huoqun.health.followed import Count, Followed, Known, days_needed, followed, weeks_before, whole

DAY = date(2026, 3, 4)
"""A Wednesday."""


def known(**changed: object) -> Known:
    said: dict[str, object] = {"kept_from": date(2025, 1, 1), "upto": DAY + timedelta(days=1), "first": date(2025, 6, 1)}
    return Known(**(said | {"talk": True, "leaves": True} | changed))  # type: ignore[arg-type]


def counts(*weeks: tuple[int, int]) -> dict[date, Count]:
    """Messages on the Wednesday and the Thursday, this week first; one person left on each Thursday."""
    found = {}
    for back, (first, second) in enumerate(weeks):
        found[DAY - timedelta(weeks=back)] = Count(first, 0)
        found[DAY - timedelta(weeks=back) + timedelta(days=1)] = Count(second, 1)
    return found


def test_the_same_weekdays_are_compared_and_never_the_days_themselves() -> None:
    pairs = weeks_before(DAY)
    assert [pair[0] for pair in pairs] == [date(2026, 2, 25), date(2026, 2, 18), date(2026, 2, 11), date(2026, 2, 4)]
    assert all(pair[0].weekday() == DAY.weekday() for pair in pairs)
    assert len(days_needed([DAY, DAY])) == 10


@pytest.mark.parametrize(
    ("told", "knowing", "said", "before", "times"),
    [
        pytest.param(counts((8, 6), (4, 6), (5, 5), (5, 5), (5, 5)), known(), 14, (10, 10, 10, 10), 1.4, id="more than usual"),
        pytest.param(counts((8, 6), (4, 6), (0, 0)), known(), 14, (10, 0, 0, 0), 5.6, id="a day without a row had nothing"),
        pytest.param({}, known(), 0, (0, 0, 0, 0), None, id="nothing is usual: no times"),
        pytest.param(
            counts((8, 6), (4, 6), (2, 2)), known(first=DAY - timedelta(weeks=2)), 14, (10, 4), 2.0, id="a young group"
        ),
        pytest.param(
            counts((8, 6), (4, 6)), known(first=DAY - timedelta(weeks=1)), 14, (10,), None, id="one week is not usual"
        ),
        pytest.param(
            counts((8, 6), (4, 6)), known(first=DAY - timedelta(days=6)), 14, (), None, id="half a pair is not compared"
        ),
        pytest.param(counts((8, 6)), known(first=None), 14, (), None, id="nothing known before"),
        pytest.param(counts((8, 6), (4, 6)), known(upto=DAY), None, (10, 0, 0, 0), None, id="the day after is not over"),
        pytest.param(counts((8, 6)), known(talk=False), None, (), None, id="no talk seen is not nothing said"),
        pytest.param(
            counts((8, 6)), known(kept_from=DAY + timedelta(days=1)), None, (), None, id="days no longer kept are not silence"
        ),
    ],
)
def test_what_was_said(
    told: Mapping[date, Count], knowing: Known, said: int | None, before: tuple[int, ...], times: float | None
) -> None:
    one = followed(1, DAY, told, knowing)
    assert (one.said, one.said_before) == (said, before)
    assert one.times == (pytest.approx(times) if times is not None else None)


def test_leavers_are_counted_only_where_leaving_is_reported() -> None:
    told = counts((1, 1), (1, 1), (1, 1))
    assert followed(1, DAY, told, known()).left == 1
    assert followed(1, DAY, told, known()).usually_left == 0.5
    silent = followed(1, DAY, told, known(leaves=False))
    assert (silent.left, silent.usually_left) == (None, None)


def one(group: int, said: int | None, *before: int, left: int | None = 0, waiting: bool = False) -> Followed:
    return Followed(group, DAY, waiting, said, before, left, tuple(2 for _ in before))


def test_groups_without_a_comparison_count_in_the_total_and_not_in_the_ratio() -> None:
    seen = whole([one(1, 30, 10, 20), one(2, 100, left=None), one(3, None, waiting=True, left=None), one(4, None, left=None)])
    assert (seen.arrived, seen.waiting, seen.unknown) == (4, 1, 1)
    assert (seen.said.groups, seen.said.total) == (2, 130)
    assert (seen.said.compared, seen.said.now, seen.said.usually, seen.said.times) == (1, 30, 15, 2.0)
    assert (seen.left.groups, seen.left.total, seen.left.usually) == (1, 0, 2)


def test_how_many_stand_out_is_said_beside_how_many_chance_would() -> None:
    lively = [one(number, 9, 1, 2, 3, 4) for number in range(5)]
    assert whole(lively).above == 5
    assert whole(lively).above_by_chance == pytest.approx(1.0)
    quiet = [one(number, 4, 1, 2, 3, 9) for number in range(5)]
    assert whole(quiet).above == 0
    assert whole(quiet).above_by_chance == pytest.approx(1.0)
    assert whole([one(1, 0, 0, 0, 0, 0)]).above_by_chance == 0


def test_nobody_is_nothing() -> None:
    seen = whole([])
    assert (seen.said.times, seen.said.usually, seen.left.total) == (None, None, 0)
