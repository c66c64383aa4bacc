"""How often may be called: counted in stretches that slide, never in the future, and closed when WeCom says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from huoqun.carriers.wecom.client.budget import LIMITS, Budget, Limit
from huoqun.carriers.wecom.client.pace import Pace
from huoqun.carriers.wecom.tests.client.far_side import FastClock

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


@pytest.mark.django_db
class TestTwoProcesses:
    """Each has a budget of its own; they meet over the database."""

    def meeting(self, clock: FastClock, *limits: Limit) -> tuple[Budget, Pace, Budget, Pace]:
        one, two = Budget(limits), Budget(limits)
        return one, Pace("a", one, now=clock.now), two, Pace("a", two, now=clock.now)

    def test_what_one_has_called_the_other_may_not_call_again(self) -> None:
        clock = FastClock()
        one, pace_of_one, two, pace_of_two = self.meeting(clock, Limit("", MINUTE, 3_000))
        pace_of_one.before("x/do")
        assert taken(one, 2_500, clock.time) == 2_500
        clock.sleep(6)
        pace_of_one.before("x/do")
        pace_of_two.before("x/do")
        assert taken(two, 2_000, clock.time) == 500
        wait = two.take("a", "x/do", now=clock.time)
        assert timedelta(0) < wait <= timedelta(seconds=90)
        clock.sleep(wait.total_seconds() + 1)
        pace_of_two.before("x/do")
        assert taken(two, 1, clock.time) == 1

    def test_of_what_is_rare_each_call_is_known_at_once(self) -> None:
        clock = FastClock()
        one, pace_of_one, two, pace_of_two = self.meeting(clock, Limit("x/rare", MINUTE, 3))
        allowed = 0
        for budget, pace in (one, pace_of_one), (two, pace_of_two), (one, pace_of_one), (two, pace_of_two):
            pace.before("x/rare")
            allowed += taken(budget, 1, clock.time, "x/rare")
            pace.after("x/rare")
        assert allowed == 3

    def test_too_often_said_to_one_is_said_to_all(self) -> None:
        clock = FastClock()
        one, pace_of_one, two, pace_of_two = self.meeting(clock, Limit("", MINUTE, 3_000))
        one.close("a", "x/do", now=clock.time)
        pace_of_one.after("x/do")
        pace_of_two.before("x/do")
        assert two.take("a", "x/do", now=clock.time) == MINUTE
        assert taken(two, 1, clock.time, "x/else") == 1

    def test_a_closing_is_told_once_and_counts_are_told_again_without_doubling(self) -> None:
        clock = FastClock()
        one, pace_of_one, two, pace_of_two = self.meeting(clock, Limit("", MINUTE, 3_000))
        for _ in range(4):
            pace_of_one.before("x/do")
            taken(one, 100, clock.time)
            clock.sleep(6)
        pace_of_one.before("x/do")
        pace_of_two.before("x/do")
        assert taken(two, 3_000, clock.time) == 2_600
