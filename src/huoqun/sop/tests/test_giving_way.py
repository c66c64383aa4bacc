"""What gives way to another playbook, or is moved, past midnight into a day off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huoqun.sop.models import Launch, Line
from huoqun.sop.operations import retiming
from huoqun.sop.operations.retiming import Wish
from huoqun.sop.rules.states import LineState

from .conftest import Life

pytestmark = pytest.mark.django_db(transaction=True)

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVE = datetime(2026, 9, 30, 9, tzinfo=SHANGHAI)
"""1 to 7 October 2026 are off; Saturday the 10th is a working day, Sunday the 11th is none."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

LATE = """\
name: {name}
title: {name}
priority: {priority}
holidays: {holidays}
starts: [{{when: date, date: {date}, time: "09:30"}}]
steps:
  - {{do: post, key: say, at: {{day: 0, time: "23:30", spread: 0m}}, expires: {expires}{window}, words: {{text: "{name}"}}}}
"""


def late(name: str, priority: int, holidays: str, expires: str = "6h", day: str = "2026-09-30", window: str = "") -> str:
    return LATE.format(name=name, priority=priority, holidays=holidays, expires=expires, date=day, window=window)


def line(name: str) -> Line:
    return Line.objects.get(step="say", run__launch__version__playbook__name=name, run__group__native_id="r1")


def here(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}" if at else ""


@pytest.fixture
def eve(life: Life) -> Life:
    life.now = EVE.astimezone(UTC)
    return life


@pytest.mark.method("G01")
@pytest.mark.parametrize(
    ("holidays", "expires", "window", "at"),
    [
        ("move", "6h", "", "holiday: 国庆节"),
        ("next_workday", "6h", "", "holiday: 国庆节"),
        ("skip", "6h", "", "holiday: 国庆节"),
        ("move", "9d", "", "10-08 00:30"),
        ("next_workday", "9d", ', window: "09:00-23:45"', "10-08 09:00"),
        ("as_usual", "6h", "", "10-01 00:30"),
    ],
)
def test_what_gives_way_past_midnight_comes_on_a_day_that_counts_or_says_why_not(
    eve: Life, holidays: str, expires: str, window: str, at: str
) -> None:
    eve.put_to_work(late("small", 8, holidays, expires, window=window))
    eve.work()
    assert here(line("small").at) == "09-30 23:30"
    eve.now += 2 * HOUR
    eve.put_to_work(late("big", 2, "as_usual"))
    eve.work()
    small = line("small")
    assert here(line("big").at) == "09-30 23:30"
    assert at == (small.reason or here(small.at))
    if not small.reason:
        assert here(small.moved_from) == "09-30 23:30"


MOVED = """\
name: moved
title: 挪动
holidays: {holidays}
starts: [{{when: date, date: 2026-09-30, time: "09:30"}}]
steps:
  - {{do: post, key: say, at: {{day: 0, time: "20:00", spread: 0m}}, words: {{text: 早}}}}
  - {{do: todo, key: ask, at: {{day: 0, time: "20:30", spread: 0m}}, task: 问一句}}
"""


def moved(life: Life, launch: Launch, step: str, day: date, minutes: int) -> retiming.Moved:
    wish = Wish(launch=launch.pk, step=step, day=day, minutes=minutes)
    there = retiming.move(wish, by=life.lin, now=life.now)
    retiming.plan_moved(wish, there.days, by=life.lin, now=life.now)
    life.work()
    return there


def places(step: str) -> set[str]:
    return {line.reason or here(line.at) for line in Line.objects.filter(step=step)}


@pytest.mark.method("G01")
@pytest.mark.parametrize(("holidays", "at"), [("move", "10-08"), ("next_workday", "10-08"), ("as_usual", "10-01")])
@pytest.mark.parametrize(("step", "time"), [("say", "20:00"), ("ask", "20:30")])
def test_what_is_moved_onto_a_day_off_comes_on_the_next_that_counts(
    eve: Life, holidays: str, at: str, step: str, time: str
) -> None:
    launch = eve.put_to_work(MOVED.format(holidays=holidays))
    eve.work()
    there = moved(eve, launch, step, date(2026, 9, 30), 1440)
    assert places(step) == {f"{at} {time}"}
    assert {date(2026, 9, 30), EVE.replace(month=10, day=int(at[-2:])).date()} <= set(there.days)


def test_what_stands_past_the_holiday_is_moved_on_from_where_it_came(eve: Life) -> None:
    launch = eve.put_to_work(MOVED.format(holidays="move"))
    eve.work()
    moved(eve, launch, "ask", date(2026, 9, 30), 1440)
    eve.until((EVE + 7 * DAY).astimezone(UTC), every=12 * HOUR)
    assert places("ask") == {"10-08 20:30"}
    there = moved(eve, launch, "ask", date(2026, 10, 8), -60)
    assert places("ask") == {"10-08 19:30"}
    back = Wish(launch=launch.pk, step="ask", day=date(2026, 10, 8), minutes=60)
    done = retiming.move_back(back, there.rows, by=eve.lin, now=eve.now)
    retiming.plan_moved(back, done.days, by=eve.lin, now=eve.now)
    eve.work()
    assert places("ask") == {"10-08 20:30"}


def test_what_gave_way_past_midnight_is_moved_from_where_it_was_meant_to_be(eve: Life) -> None:
    small = eve.put_to_work(late("small", 8, "as_usual"))
    eve.put_to_work(late("big", 2, "as_usual"))
    eve.work()
    assert here(line("small").at) == "10-01 00:30"
    moved(eve, small, "say", date(2026, 10, 1), 120)
    assert here(line("small").at) == "10-01 01:30"
    assert line("small").state == LineState.PLANNED
