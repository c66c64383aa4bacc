"""China's days off: which days count, what is left out, what moves, and that nothing piles up on the day after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoqun.sop.holidays.arrangement import NOTHING_KNOWN, Calendar
from huoqun.sop.holidays.reading import read as read_year
from huoqun.sop.holidays.years import SHIPPED
from huoqun.sop.parts.shape import Base
from huoqun.sop.playbooks.plain import of_plain
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.playbooks.reading import Unreadable, read
from huoqun.sop.rules.days_off import days_of, first_that, fits, is_asked, is_meant, open_days, rule_of
from huoqun.sop.rules.moments import fixed, moment
from huoqun.sop.rules.states import Why

CHINA = Calendar.of({year.year: year for year in (read_year(path.read_text("utf-8")) for path in SHIPPED.glob("*.yaml"))})
SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 9, 30, 9, 30, tzinfo=SHANGHAI)
"""The day before National Day: 1 to 7 October are off, Saturday the 10th is a working day."""


def book(holidays: str = "as_usual", starts: object = ({"when": "hand"},), **steps: Any) -> Playbook:
    made = [{"do": "post", "key": key, "words": {"text": "早"}, **step} for key, step in steps.items()]
    return of_plain({"name": "a", "title": "A", "holidays": holidays, "starts": starts, "steps": made})


def on(day: int, time: str = "10:00", **more: Any) -> dict[str, Any]:
    return {"at": {"day": day, "time": time, "spread": "0m"}, **more}


def comes(what: Playbook, step: Base, *, anchor: datetime = WEDNESDAY, before: datetime = WEDNESDAY) -> str:
    days = days_of(what, CHINA)
    at = moment(step, anchor=anchor, before=before, zone=SHANGHAI, seed="1/2", days=days)
    if (why := days.left_out(step, at, SHANGHAI)) is not None:
        return " ".join(filter(None, (str(why[0]), why[1])))
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}"


def test_each_day_of_a_run_over_national_day() -> None:
    steps = {f"day-{day}": on(day) for day in (0, 1, 2, 7, 8)}
    told = {
        holidays: [comes(made, step) for step in made.steps]
        for holidays in ("as_usual", "skip", "move", "workdays", "next_workday")
        if (made := book(holidays, **steps))
    }
    assert told == {
        "as_usual": ["09-30 10:00", "10-01 10:00", "10-02 10:00", "10-07 10:00", "10-08 10:00"],
        "skip": ["09-30 10:00", "holiday 国庆节", "holiday 国庆节", "holiday 国庆节", "10-08 10:00"],
        "move": ["09-30 10:00", "10-08 10:00", "10-09 10:00", "10-14 10:00", "10-15 10:00"],
        "workdays": ["09-30 10:00", "holiday 国庆节", "holiday 国庆节", "holiday 国庆节", "10-08 10:00"],
        "next_workday": ["09-30 10:00", "10-08 10:00", "10-09 10:00", "10-15 10:00", "10-16 10:00"],
    }, "Saturday the 10th makes up, so the eighth working day is the 16th"


def test_a_weekend_is_no_working_day_and_no_public_holiday() -> None:
    friday = datetime(2026, 9, 18, 9, 30, tzinfo=SHANGHAI)
    assert [comes(made, made.steps[0], anchor=friday) for made in (book("skip", a=on(1)), book("workdays", a=on(1)))] == [
        "09-19 10:00", "no_workday",
    ]  # fmt: skip
    sunday = [comes(book(each, a=on(2)), book(a=on(2)).steps[0], anchor=friday) for each in ("workdays", "next_workday")]
    assert sunday == ["09-20 10:00", "09-21 10:00"], "the 20th, a Sunday, makes up for National Day, and is one of two"


def test_one_step_says_for_itself() -> None:
    made = book("skip", talk=on(1, holidays="as_usual"), plain=on(1))
    assert [comes(made, step) for step in made.steps] == ["10-01 10:00", "holiday 国庆节"]
    made = book(work=on(3, holidays="workdays"), plain=on(3))
    saturday = WEDNESDAY - timedelta(days=14)
    assert [comes(made, step, anchor=saturday) for step in made.steps] == ["no_workday", "09-19 10:00"]


def test_what_decides_how_it_goes_on_is_never_left_out() -> None:
    made = of_plain(
        {"name": "a", "title": "A", "holidays": "workdays", "starts": [{"when": "hand"}], "steps": [
            {"do": "wait", "key": "w", "limit": "1d", **on(1)}, {"do": "end", "key": "e", "dissolve": True, **on(1)},
            {"do": "approval", "key": "y", "question": "?", **on(1)},
        ]}
    )  # fmt: skip
    assert [comes(made, step) for step in made.steps] == ["10-01 10:00"] * 3


def test_what_counts_from_an_event_keeps_its_distance_and_its_eve_is_a_day_that_counts() -> None:
    around = ({"when": "event"},)
    made = book("next_workday", around, eve=on(-1), before={"at": {"offset": "-30m", "spread": "0m"}}, after=on(1))
    holiday = datetime(2026, 10, 3, 20, tzinfo=SHANGHAI)
    assert [comes(made, step, anchor=holiday) for step in made.steps] == ["09-30 10:00", "10-03 19:30", "10-08 10:00"]


def test_stretches_move_over_holidays_too_and_in_order() -> None:
    made = book("move", soon={"at": {"after": "10m", "spread": "0m"}}, later={"at": {"after": "1d", "spread": "0m"}})
    joined = datetime(2026, 10, 1, 15, tzinfo=SHANGHAI)
    assert comes(made, made.steps[0], anchor=joined, before=joined) == "10-08 15:10"
    after = datetime(2026, 10, 8, 15, 10, tzinfo=SHANGHAI)
    assert comes(made, made.steps[1], anchor=joined, before=after) == "10-09 15:10"
    night = book("move", late={"at": {"day": 0, "time": "23:30", "spread": "0m"}, "window": "08:00-22:00"})
    assert comes(night, night.steps[0]) == "10-08 08:00", "its hours put it past midnight into the holiday"


@given(
    st.dates(date(2025, 1, 1), date(2026, 12, 1)), st.sampled_from(["move", "next_workday"]),
    st.lists(st.integers(0, 40), min_size=2, max_size=6, unique=True),
)  # fmt: skip
def test_moved_days_keep_their_order_never_meet_and_are_days_that_count(first: date, holidays: str, numbers: list[int]) -> None:
    made = book(holidays, **{f"d{day}": on(day) for day in sorted(numbers)})
    anchor = datetime(first.year, first.month, first.day, 9, tzinfo=SHANGHAI)
    days = days_of(made, CHINA)
    found = [fixed(step, anchor=anchor, zone=SHANGHAI, days=days) for step in made.steps]
    on_days = [at.astimezone(SHANGHAI).date() for at in found if at is not None]
    assert all(one < other for one, other in pairwise(on_days))
    assert all(fits(holidays, day, CHINA) for day in on_days)


def test_rules_of_a_calendar() -> None:
    october = [date(2026, 10, 1) + timedelta(days=number) for number in range(12)]

    def days(holidays: str, ruled: list[date] = october) -> list[int]:
        return [day.day for day in open_days(ruled, holidays, CHINA)]

    assert days("as_usual") == list(range(1, 13))
    assert days("skip") == [8, 9, 10, 11, 12]
    assert days("workdays") == [8, 9, 10, 12], "Saturday the 10th makes up"
    assert days("move") == [8, 9, 10, 11, 12], "seven days of holiday come to one run, not to eight on one day"
    thursdays = [date(2026, 10, 1), date(2026, 10, 8)]
    assert days("skip", thursdays) == [8]
    saturdays = [date(2026, 10, 3), date(2026, 10, 10), date(2026, 10, 17)]
    assert [days(each, saturdays) for each in ("move", "next_workday", "workdays")] == [[8, 10, 17], [8, 10, 19], [10]]


@pytest.mark.parametrize(
    ("rule", "holidays", "meant"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "workdays", "FREQ=DAILY"),
        ("RRULE:FREQ=DAILY;BYDAY=FR,MO,TU,WE,TH", "next_workday", "FREQ=DAILY"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "skip", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR", "workdays", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR"),
        ("FREQ=WEEKLY;BYDAY=FR", "workdays", "FREQ=WEEKLY;BYDAY=FR"),
    ],
)
def test_monday_to_friday_means_working_days_where_they_are_asked_for(rule: str, holidays: str, meant: str) -> None:
    assert rule_of(rule, holidays) == meant


def test_a_year_nobody_knows_has_its_weekends() -> None:
    assert first_that(lambda day: fits("next_workday", day, NOTHING_KNOWN), date(2027, 1, 2)) == date(2027, 1, 4)
    assert fits("skip", date(2027, 1, 1), CHINA)
    assert CHINA.unknown(date(2026, 12, 1), date(2028, 1, 1)) == [2027, 2028]


def test_what_cannot_be_counted_is_said_with_its_field() -> None:
    with pytest.raises(Unreadable) as told:
        read(
            "name: a\ntitle: A\nholidays: move\nstarts: [{when: every, rule: FREQ=DAILY, holidays: as_usual}]\n"
            "steps:\n  - {do: post, key: b, holidays: as_usual, words: {text: x}}\n"
        )
    assert [(wrong.line, wrong.field) for wrong in told.value.mistakes] == [(4, "starts[0].holidays"), (6, "steps[0].holidays")]


def test_only_playbooks_that_ask_hear_of_unknown_years() -> None:
    every = {"when": "every", "rule": "FREQ=DAILY"}
    assert not is_asked(book(a=on(0)))
    asking = (book("skip", a=on(0)), book(a=on(0, holidays="skip")), book(starts=[{**every, "holidays": "skip"}], a=on(0)))
    assert all(map(is_asked, asking))


def test_the_moment_is_the_groups_own_day() -> None:
    made = book("skip", a=on(0, "07:00"))
    at = datetime(2026, 9, 30, 23, tzinfo=UTC)
    assert days_of(made, CHINA).left_out(made.steps[0], at, SHANGHAI) == (Why.HOLIDAY, "国庆节")
    assert days_of(made, CHINA).left_out(made.steps[0], at, ZoneInfo("Europe/Berlin")) == (Why.HOLIDAY, "国庆节")
    assert days_of(made, CHINA).left_out(made.steps[0], at, ZoneInfo("America/New_York")) is None


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (date(2026, 2, 1), False),  # a Sunday; moved to Monday it would come after a rule's last day
        (date(2026, 2, 14), True),  # a Saturday on which people make up for Spring Festival
        (date(2026, 2, 17), True),  # a Tuesday of it: what falls on it moves
    ],
)
def test_weekends_are_no_days_of_monday_to_friday(day: date, is_one: bool) -> None:
    assert is_meant("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "next_workday", day, CHINA) is is_one
    assert is_meant("FREQ=WEEKLY;BYDAY=SU", "next_workday", day, CHINA)
