"""How often may be called: counted in stretches that slide, never in the future, and closed when WeCom says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from huoqun.carriers.wecom.client.budget import LIMITS, Budget, Limit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def taken(budget: Budget, count: int, now: datetime, path: str = "x/do", whose: str = "a") -> int:
    return sum(budget.take(whose, path, now=now) == timedelta(0) for _ in range(count))


def test_no_more_than_allowed_in_any_minute() -> None:
    budget = Budget((Limit("", MINUTE, 30),))
    times: list[datetime] = []
    for step in range(1200):
        now = NOW + timedelta(seconds=step / 4)
        times += [now] * taken(budget, 1, now)
    for start in times:
        assert sum(start <= each < start + MINUTE for each in times) <= 30
    assert len(times) >= 130, "five minutes should see nearly five times as many"


def test_what_is_over_says_how_long_to_wait() -> None:
    budget = Budget((Limit("", MINUTE, 3),))
    assert taken(budget, 5, NOW) == 3
    wait = budget.take("a", "x/do", now=NOW)
    assert timedelta(0) < wait <= timedelta(seconds=64)
    assert budget.take("a", "x/do", now=NOW + wait) == timedelta(0)


def test_paths_and_companies_are_counted_apart() -> None:
    budget = Budget((Limit("", MINUTE, 3), Limit("x/rare", MINUTE, 1)))
    assert taken(budget, 9, NOW) == 3
    assert taken(budget, 9, NOW, whose="b") == 3
    assert taken(budget, 9, NOW, path="x/else") == 3
    assert taken(budget, 9, NOW, path="x/rare") == 1


def test_a_clock_put_back_makes_nobody_wait_for_the_future() -> None:
    budget = Budget((Limit("", MINUTE, 3),))
    assert taken(budget, 3, NOW) == 3
    assert taken(budget, 3, NOW - timedelta(days=400)) == 3
    budget.close("a", "x/do", now=NOW)
    assert taken(budget, 1, NOW - timedelta(days=300)) == 1


def test_told_to_stop_again_and_again_it_stops_for_longer() -> None:
    budget = Budget(())
    now, waits = NOW, []
    for _ in range(5):
        waits.append(budget.close("a", "x/do", now=now))
        now += waits[-1] + timedelta(seconds=1)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (MINUTE, timedelta(hours=1))
    assert budget.close("a", "x/do", now=now + timedelta(hours=5)) == MINUTE


@pytest.mark.parametrize("limit", LIMITS)
def test_every_limit_was_looked_up_by_somebody(limit: Limit) -> None:
    assert "page" in limit.source
    assert limit.as_of.year >= 2026
