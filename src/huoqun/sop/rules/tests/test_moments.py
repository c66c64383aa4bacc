"""When steps are due: days, zones, clock changes, hours, spread."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoqun.sop.parts.lapse import Clock, Hours, Lapse
from huoqun.sop.parts.shape import When
from huoqun.sop.rules.answers import way
from huoqun.sop.rules.conflicts import APART, placed
from huoqun.sop.rules.moments import into, local, moment
from huoqun.sop.steps import Branch, Todo
from huoqun.sop.steps.branch import Question

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""Half past nine in Shanghai."""


def step(window: str = "", **at: object) -> Todo:
    return Todo(key="k", task="x", at=When(spread=Lapse("0m"), **at), window=Hours(window) if window else None)  # type: ignore[arg-type]


def due(what: Todo, zone: ZoneInfo = SHANGHAI, anchor: datetime = MONDAY, before: datetime = MONDAY) -> datetime:
    return moment(what, anchor=anchor, before=before, zone=zone, seed="1/2")


def test_a_day_and_a_time_are_the_groups_own() -> None:
    assert due(step(day=0, time=Clock("20:00"))) == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert due(step(day=3, time=Clock("09:00"))) == datetime(2026, 3, 5, 1, tzinfo=UTC)
    assert due(step(day=-1, time=Clock("09:00"))) == datetime(2026, 3, 1, 1, tzinfo=UTC)
    late = datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert due(step(day=0, time=Clock("09:00")), anchor=late) == datetime(2026, 3, 3, 1, tzinfo=UTC), "the 3rd already"


def test_offsets_count_from_the_moment_and_after_from_the_step_before() -> None:
    earlier = MONDAY + timedelta(hours=5)
    assert due(step(offset=Lapse("-30m")), before=earlier) == MONDAY - timedelta(minutes=30)
    assert due(step(after=Lapse("1h30m")), before=earlier) == earlier + timedelta(minutes=90)
    assert due(step(), before=earlier) == earlier


def test_what_a_clock_change_skips_is_done_when_it_has_jumped_and_what_comes_twice_once() -> None:
    assert local(date(2026, 3, 29), time(2, 30), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "half past three there"
    assert local(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first of two"
    spring = [due(step(day=day, time=Clock("09:00")), BERLIN, datetime(2026, 3, 27, 12, tzinfo=UTC)) for day in range(4)]
    assert [at.astimezone(BERLIN).hour for at in spring] == [9, 9, 9, 9]


def test_months_and_years_end_like_days() -> None:
    eve = datetime(2026, 12, 31, 3, tzinfo=UTC)
    assert due(step(day=1, time=Clock("08:00")), anchor=eve) == datetime(2027, 1, 1, 0, tzinfo=UTC)
    leap = datetime(2028, 2, 28, 3, tzinfo=UTC)
    assert due(step(day=1, time=Clock("08:00")), anchor=leap).astimezone(SHANGHAI).date() == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("hour", "opens"),
    [(7, datetime(2026, 3, 2, 0, tzinfo=UTC)), (12, None), (22, datetime(2026, 3, 3, 0, tzinfo=UTC))],
)
def test_outside_its_hours_it_waits_for_them(hour: int, opens: datetime | None) -> None:
    at = datetime(2026, 3, 2, hour, 15, tzinfo=SHANGHAI).astimezone(UTC)
    assert into(Hours("08:00-22:00"), at, SHANGHAI) == (opens or at)


@given(st.integers(0, 10**6), st.sampled_from(["", "08:00-22:00", "22:00-06:00"]), st.sampled_from([SHANGHAI, BERLIN]))
def test_it_is_never_early_never_outside_its_hours_and_always_the_same(minutes: int, window: str, zone: ZoneInfo) -> None:
    before = MONDAY + timedelta(minutes=minutes)
    what = Todo(key="k", task="x", at=When(after=Lapse("10m"), spread=Lapse("1h")), window=Hours(window) if window else None)
    at = moment(what, anchor=MONDAY, before=before, zone=zone, seed="7/9")
    assert at >= before + timedelta(minutes=10)
    assert what.window is None or what.window.hold(at.astimezone(zone).time())
    assert at == moment(what, anchor=MONDAY, before=before, zone=zone, seed="7/9")
    assert at <= before + timedelta(days=1, hours=2, minutes=10)


def test_groups_do_it_at_different_minutes() -> None:
    what = Todo(key="k", task="x", at=When(spread=Lapse("30m")))
    moments = {moment(what, anchor=MONDAY, before=MONDAY, zone=SHANGHAI, seed=f"1/{group}") for group in range(300)}
    assert len(moments) > 250
    assert max(moments) - min(moments) < timedelta(minutes=30)


def test_the_hour_of_another_is_left_to_it() -> None:
    taken = [MONDAY, MONDAY + timedelta(minutes=90)]
    free = placed(MONDAY + timedelta(minutes=10), taken, latest=MONDAY + timedelta(hours=6))
    assert free == MONDAY + timedelta(minutes=150)
    assert all(abs(free - other) >= APART for other in taken)
    assert placed(MONDAY + timedelta(minutes=10), taken, latest=MONDAY + timedelta(hours=2)) is None
    assert placed(MONDAY, [], latest=MONDAY) == MONDAY


def branch(**question: object) -> Branch:
    return Branch(key="b", question=Question(**question), yes="y", no="n")  # type: ignore[arg-type]


def test_which_way_a_branch_goes() -> None:
    assert way(branch(about="members", at_least=100), {"members": 100}) == "yes"
    assert way(branch(about="members", at_least=100), {"members": 99}) == "no"
    assert way(branch(about="members", at_most=99), {"members": 99}) == "yes"
    assert way(branch(about="state", one_of=("dead", "dormant")), {"state": "dead"}) == "yes"
    assert way(branch(about="waited", of="x"), {"waited": False}) == "no"
    assert way(branch(about="state", one_of=("dead",)), {"state": ""}) == "no", "nothing is known: the way it says for that"
    assert way(Branch(key="b", question=Question(about="members", at_least=1), unknown="end"), {}) == "end"
