from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from huoqun.health.causes import PlanSeen, diagnose
from huoqun.health.causes.cases import cases_of, days_of, diagnose_all
from huoqun.health.causes.context import context_of
from huoqun.health.causes.partners import partners_of
from huoqun.health.causes.portfolio import advise

from .plain import BURST, DEAD, FELL, ILL, PURPOSE, TODAY, case, days

CASES = {
    1: case(ILL["operator_dependent"], speakers_90d=60),
    2: case(ILL["ad_fatigue"], speakers_90d=40),
    3: case(BURST),
    4: case({"state": "steady"}),
    5: case(DEAD),
    6: case(ILL["newcomers_ignored"]),
}
FOUND = {key: diagnose(one) for key, one in CASES.items()}
FIGURES = {key: one.figures for key, one in CASES.items()}
PLANS = {key: PlanSeen(operator="lin" if key < 4 else "mo") for key in CASES}


@pytest.mark.method("A16", "A17", "B32")
@pytest.mark.parametrize("hours", [0.0, 0.4, 1.0, 2.5, 4.0, 100.0])
def test_advice_stays_within_the_hours(hours: float) -> None:
    told = advise(FOUND, FIGURES, PLANS, hours=hours)
    assert told.given <= hours
    assert told.given == sum(row.hours for row in told.rows if row.within)
    assert told.asked == sum(row.hours for row in told.rows)
    assert told.left_alone == 1
    assert len(told.rows) == 5
    assert all(row.within for row in told.rows) == (told.asked <= hours)


@pytest.mark.method("B32")
def test_each_operator_has_hours_of_their_own() -> None:
    told = advise(FOUND, FIGURES, PLANS, hours={"lin": 1.0, "mo": 9.0})
    given = {load.operator: load.given for load in told.loads}
    assert given["lin"] <= 1.0
    assert given["mo"] == sum(row.hours for row in told.rows if row.operator == "mo")


def test_what_operators_have_left_goes_to_groups_that_have_nobody() -> None:
    plans = {**PLANS, 6: PlanSeen(operator=None)}
    told = advise(FOUND, FIGURES, plans, hours={"lin": 0.0, "mo": 9.0})
    within = {row.group_key for row in told.rows if row.within}
    assert 6 in within
    assert not within & {1, 2, 3}
    assert told.given <= 9.0


def test_hours_nobody_named_are_counted_by_operator() -> None:
    assert advise(FOUND, FIGURES, PLANS).hours == 12.0
    assert advise(FOUND, FIGURES, {}).hours == 6.0


def test_the_hour_best_spent_comes_first_and_a_farewell_keeps_nobody() -> None:
    told = advise(FOUND, FIGURES, PLANS, hours=100)
    assert [row.place for row in told.rows] == [1, 2, 3, 4, 5]
    worth = [row.worth for row in told.rows]
    assert worth == sorted(worth, reverse=True)
    assert [row.group_key for row in told.let_go] == [3]
    assert told.let_go[0].people == 0


def test_a_forecast_says_better_who_is_at_stake() -> None:
    low, high = (advise(FOUND, FIGURES, PLANS, p_silent={1: p}).rows for p in (0.05, 0.95))
    assert next(row.people for row in low if row.group_key == 1) < next(row.people for row in high if row.group_key == 1)


def test_it_can_be_stored_as_plain_values() -> None:
    told = advise(FOUND, FIGURES, PLANS, hours=3).as_json()
    assert told["rows"][0]["place"] == 1
    assert {row["action"] for row in told["rows"]} == {total["action"] for total in told["totals"]}


@pytest.mark.method("A17")
def test_no_groups_need_no_hours() -> None:
    told = advise({}, {}, {}, hours=5)
    assert (told.asked, told.given, told.rows) == (0, 0, ())


# Gaps in the record


def lively(last: int, *, rate: int = 1) -> list[tuple[int, int, int]]:
    return [(ago, 5, 1) for ago in range(last + 40, last - 1, -rate)]


def gaps(groups: dict[int, list[tuple[int, int, int]]], sources: dict[int, str] | None = None) -> set[int]:
    series = {key: days(*rows) for key, rows in groups.items()}
    around = context_of(series, {}, sources or {}, as_of=TODAY)
    return {key for key, seen in around.items() if seen.gap_since}


def test_lively_groups_of_one_account_that_stop_together_are_a_gap() -> None:
    stopped = {key: lively(9 + key % 2) for key in range(1, 6)}
    going_on = {key: lively(0) for key in range(10, 14)}
    assert gaps(stopped | going_on) == set(stopped)


def test_groups_that_stop_one_after_another_or_were_slow_are_none() -> None:
    assert gaps({key: lively(5 * key) for key in range(2, 8)} | {99: lively(0)}) == set()
    assert gaps({key: lively(9, rate=4) for key in range(1, 8)} | {99: lively(0)}) == set()


def test_two_groups_are_a_gap_only_where_they_are_all_the_account_has() -> None:
    two = {1: lively(9), 2: lively(9)}
    assert gaps(two | {3: lively(0)}) == set()
    assert gaps(two | {3: lively(0)}, {1: "qq", 2: "qq", 3: "wecom"}) == {1, 2}
    assert gaps({1: lively(1), 2: lively(0)}) == set()


def test_where_the_house_or_newcomers_were_still_heard_the_record_is_whole() -> None:
    series = {key: days(*lively(9), (4, 0, 3)) for key in range(1, 6)}
    assert all(seen.gap_since is None for seen in context_of(series, {}, {}, as_of=TODAY).values())


# Merging


def small(key: int, said: int, members: int = 12) -> dict[str, object]:
    return {"group_key": key, "members": members, "speakers_90d": 6, "messages_30d": said, "state": "steady"}


def overlaps(*rows: tuple[int, int, int]) -> pa.Table:
    a, b, shared = zip(*rows, strict=True)
    return pa.table({"group_a": a, "group_b": b, "shared": shared})


@pytest.mark.method("A16", "C11")
def test_a_small_group_goes_where_its_people_are() -> None:
    rows = {1: small(1, 2), 2: small(2, 60), 3: small(3, 90), 4: small(4, 500, members=365)}
    found = partners_of(rows, overlaps((1, 2, 5), (1, 3, 1), (1, 4, 6)), {}, {})
    assert (found[1].group_key, found[1].shared) == (2, 5)
    assert 4 not in found


def test_a_livelier_group_of_any_size_may_take_them_in_where_it_has_room() -> None:
    rows = {1: small(1, 2), 2: small(2, 60, members=150)}
    met = overlaps((1, 2, 3))
    assert partners_of(rows, met, {}, {})[1].group_key == 2
    assert partners_of(rows, met, {2: PlanSeen(capacity=170)}, {}) == {}


def test_strangers_and_people_who_came_for_something_else_are_not_merged() -> None:
    rows = {1: small(1, 2), 2: small(2, 60)}
    met = overlaps((1, 2, 4))
    assert partners_of(rows, None, {1: PURPOSE, 2: PURPOSE}, {}) == {}
    assert partners_of(rows, met, {1: PURPOSE, 2: PlanSeen(connects="goods")}, {}) == {}
    assert partners_of(rows, met, {1: PURPOSE, 2: PURPOSE}, {1: "wecom", 2: "qq"}) == {}
    assert partners_of(rows, met, {1: PURPOSE, 2: PURPOSE}, {1: "qq", 2: "qq"})[1].shared == 4


def test_nobody_is_sent_into_a_dying_group_or_one_that_ends_as_planned() -> None:
    rows = {1: small(1, 2), 2: {**small(2, 60), "state": "declining"}, 3: small(3, 90)}
    plans = {3: PlanSeen("flash", TODAY)}
    assert partners_of(rows, overlaps((1, 2, 6), (1, 3, 6)), plans, {}) == {}


# A whole audit


def tables() -> tuple[pa.Table, pa.Table]:
    keys = [1, 2]
    groups = pa.Table.from_pylist([{**FELL, **ILL["ad_fatigue"], "group_key": 1}, {**FELL, "state": "steady", "group_key": 2}])
    ago = list(range(30))
    rows = [{"group_key": key, "day": TODAY - timedelta(days=day), "messages": 4, "joins": 1} for key in keys for day in ago]
    return groups, pa.Table.from_pylist(rows)


def test_a_portfolio_is_diagnosed_from_an_audits_tables() -> None:
    groups, series = tables()
    found = diagnose_all(groups, series, {}, as_of=TODAY)
    assert [cause.code for cause in found[1].causes] == ["ad_fatigue"]
    assert found[2].action.code == "leave_alone"


def test_days_after_the_audits_day_are_not_known() -> None:
    groups, series = tables()
    cases = cases_of(groups, series, {}, as_of=TODAY - timedelta(days=5))
    assert cases[1].days.last_with(cases[1].days.messages) == TODAY - timedelta(days=5)
    assert int(cases[2].days.messages.sum()) == 25 * 4


def test_days_may_be_dates_or_numbers_and_none_at_all() -> None:
    _, series = tables()
    numbers = series.set_column(1, "day", series["day"].cast(pa.int32()))
    assert np.array_equal(days_of(numbers, as_of=TODAY)[2].day, days_of(series, as_of=TODAY)[2].day)
    assert days_of(series.slice(0, 0), as_of=date(2026, 1, 1)) == {}
