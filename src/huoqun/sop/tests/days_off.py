"""Days off as a reader of the State Council's notices counts them: from the shipped files alone, by lists of days."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

import huoqun.sop.holidays

COUNTED = ("move", "next_workday")
"""Days of a run are counted without days off."""
LEAVES_OUT = ("skip", "workdays")
REACH = 40
DAY = timedelta(days=1)


@cache
def notices() -> tuple[frozenset[date], frozenset[date]]:
    """Holidays, and weekend days on which people work."""
    off, work = set[date](), set[date]()
    for path in sorted((Path(huoqun.sop.holidays.__file__).parent / "cn").glob("*.yaml")):
        for holiday in yaml.safe_load(path.read_text(encoding="utf-8"))["holidays"]:
            last = holiday.get("last") or holiday["first"]
            days = {holiday["first"] + DAY * number for number in range((last - holiday["first"]).days + 1)}
            made_up = set(holiday.get("work", ()))
            off, work = (off - made_up) | days, (work - days) | made_up
    return frozenset(off), frozenset(work)


def is_on(day: date, holidays: str) -> bool:
    """Something that says so of days off happens on this day."""
    off, work = notices()
    if holidays in {"", "as_usual"}:
        return True
    if holidays in {"skip", "move"}:
        return day not in off
    return day in work or (day.weekday() < 5 and day not in off)


@cache
def counted(day: date, number: int, holidays: str, *, named: bool) -> date:
    """So many days on. `named`: somebody has named the day itself, so it counts whatever it is."""
    if holidays not in COUNTED:
        return day + DAY * number
    around = [day + DAY * each for each in range(-REACH, REACH)]
    after = [each for each in around if each > day and is_on(each, holidays)]
    before = [each for each in around if each < day and is_on(each, holidays)]
    if number < 0:
        return before[number]
    coming = after if not named and not is_on(day, holidays) else [day, *after]
    return coming[number]


def ruled(days: list[date], rule: str, holidays: str) -> list[date]:
    """Days of a rule (`days`: all there are), without those left out; those that move where they move to."""
    if holidays not in {*COUNTED, *LEAVES_OUT}:
        return [day for day in days if falls(day, days[0], rule)]
    mondays_to_fridays = rule == WORKING and holidays in {"workdays", "next_workday"}
    found = [day for day in days if falls(day, days[0], rule) or (mondays_to_fridays and is_on(day, holidays))]
    if holidays in COUNTED:
        return sorted({counted(day, 0, holidays, named=False) for day in found})
    return [day for day in found if is_on(day, holidays)]


WORKING = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def falls(day: date, first: date, rule: str) -> bool:
    match rule:
        case "FREQ=DAILY":
            return True
        case "FREQ=DAILY;INTERVAL=2":
            return (day - first).days % 2 == 0
        case "FREQ=WEEKLY;BYDAY=MO,SU":
            return day.weekday() in {0, 6}
        case "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR":
            return day.weekday() < 5
        case "FREQ=MONTHLY;BYMONTHDAY=-1":
            return (day + DAY).day == 1
        case "FREQ=MONTHLY;BYMONTHDAY=31":
            return day.day == 31
    raise ValueError(rule)
