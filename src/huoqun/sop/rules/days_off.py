"""Which days count for a playbook: China's public holidays and make-up working days, as it says itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from huoqun.sop.holidays.arrangement import NOTHING_KNOWN, Calendar
from huoqun.sop.parts.shape import Base
from huoqun.sop.playbooks.checks import COUNTED
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.rules.states import Why
from huoqun.sop.starts import Around
from huoqun.sop.steps import Message, Notice, Post, Todo, Topic

ON_WORKDAYS = ("workdays", "next_workday")
LEFT_OUT = (Post, Topic, Notice, Message, Todo)
"""Steps which say something or ask somebody to do something. The others decide how it goes on, or end a group in time."""
MONDAY_TO_FRIDAY = {"MO", "TU", "WE", "TH", "FR"}
SATURDAY = 5
FURTHEST = 62
"""Days until one counts again; longer than any holiday."""


@dataclass(frozen=True, slots=True)
class Days:
    """As one playbook counts them."""

    calendar: Calendar = NOTHING_KNOWN
    holidays: str = "as_usual"
    around: bool = False
    """About a moment somebody has named: that day counts whatever it is."""

    @property
    def are_counted(self) -> bool:
        """A run moves over days off; else every day is a day."""
        return self.holidays in COUNTED

    def fits(self, day: date) -> bool:
        return fits(self.holidays, day, self.calendar)

    def nth(self, day: date, number: int) -> date:
        """So many days on, or back; 0: the day itself, or the first after it that counts."""
        if not self.are_counted:
            return day + timedelta(days=number)
        if number < 0:
            return _counted(day, number, self.fits)
        start = day if self.around else first_that(self.fits, day)
        return _counted(start, number, self.fits)

    def moved(self, due: datetime, *, since: datetime, zone: ZoneInfo) -> datetime:
        """As many days after `since` that count, at the same time of day."""
        here, day = due.astimezone(zone), since.astimezone(zone).date()
        on = self.nth(day, (here.date() - day).days)
        return due if on == here.date() else datetime.combine(on, here.time(), zone)

    def left_out(self, step: Base, at: datetime, zone: ZoneInfo) -> tuple[Why, str] | None:
        """Why this step is left out on the day of `at`, with the holiday's name; None: it is not."""
        said = step.holidays or self.holidays
        day = at.astimezone(zone).date()
        if not isinstance(step, LEFT_OUT) or said in COUNTED or fits(said, day, self.calendar):
            return None
        return self._why(day)

    def in_between(self, step: Base, since: datetime, until: datetime, zone: ZoneInfo) -> tuple[Why, str] | None:
        """Why it cannot come on one of these days, which is off; None: it could come on all of them."""
        first, last = (at.astimezone(zone).date() for at in (since, until))
        for number in range(min((last - first).days, FURTHEST) + 1):
            day = first + timedelta(days=number)
            if self.are_counted and not self.around and not self.fits(day):
                return self._why(day)
            if (why := self.left_out(step, datetime.combine(day, time(12), zone), zone)) is not None:
                return why
        return None

    def _why(self, day: date) -> tuple[Why, str]:
        known = self.calendar.days.get(day)
        return (Why.HOLIDAY, known.name) if known is not None else (Why.NO_WORKDAY, "")

    def on_from(self, at: datetime, zone: ZoneInfo) -> datetime:
        """At this time of day on the first day that counts."""
        here = at.astimezone(zone)
        if not self.are_counted or self.around or self.fits(here.date()):
            return at
        return datetime.combine(first_that(self.fits, here.date()), here.time(), zone).astimezone(UTC)

    def could_be_from(self, at: datetime, zone: ZoneInfo) -> list[datetime]:
        """It, and the same time on the days off before it: what was meant for one of those comes then."""
        here, found = at.astimezone(zone), [at]
        while self.are_counted and not self.around and len(found) < FURTHEST:
            day = here.date() - timedelta(days=len(found))
            if self.fits(day):
                break
            found.append(datetime.combine(day, here.time(), zone).astimezone(UTC))
        return found


EVERY_DAY = Days()


def days_of(book: Playbook, calendar: Calendar) -> Days:
    return Days(calendar, book.holidays, any(isinstance(start, Around) for start in book.starts))


def is_asked(book: Playbook) -> bool:
    """Whether it makes a difference to this playbook what day is a day off."""
    said = {book.holidays, *(step.holidays for step in book.steps), *(getattr(start, "holidays", "") for start in book.starts)}
    return bool(said - {"", "as_usual"})


def means_workdays(rule: str, holidays: str) -> bool:
    """A rule of Monday to Friday means working days where it asks for them: those on which people make up for a holiday too."""
    parts = _parts(rule)
    days = set(parts.pop("BYDAY", "").split(","))
    parts.pop("WKST", None)
    return holidays in ON_WORKDAYS and days == MONDAY_TO_FRIDAY and parts in ({"FREQ": "WEEKLY"}, {"FREQ": "DAILY"})


def rule_of(rule: str, holidays: str) -> str:
    """As it is looked up: where it means working days, every day, of which `is_meant` takes out weekends."""
    return "FREQ=DAILY" if means_workdays(rule, holidays) else _plain(rule)


def is_meant(rule: str, holidays: str, day: date, calendar: Calendar) -> bool:
    """A weekend is no day of Monday to Friday: nothing is moved from it, unless people work on it."""
    return not means_workdays(rule, holidays) or day.weekday() < SATURDAY or calendar.is_workday(day)


def _plain(rule: str) -> str:
    return rule.upper().removeprefix("RRULE:")


def _parts(rule: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in _plain(rule).split(";") if "=" in part)


def open_days(ruled: Iterable[date], holidays: str, calendar: Calendar) -> list[date]:
    """Days of a rule without those that are left out; those that move, on the day they move to, each once."""

    def counts(day: date) -> bool:
        return fits(holidays, day, calendar)

    if holidays in COUNTED:
        return sorted({first_that(counts, day) for day in ruled})
    return [day for day in ruled if counts(day)]


def fits(holidays: str, day: date, calendar: Calendar) -> bool:
    if holidays in ON_WORKDAYS:
        return calendar.is_workday(day)
    return holidays == "as_usual" or not calendar.is_holiday(day)


def first_that(fits: Callable[[date], bool], day: date) -> date:
    """From `day` on."""
    for number in range(FURTHEST):
        if fits(found := day + timedelta(days=number)):
            return found
    return day


def _counted(day: date, number: int, fits: Callable[[date], bool]) -> date:
    way = timedelta(days=1 if number > 0 else -1)
    for _each in range(abs(number)):
        day += way
        for _off in range(FURTHEST):
            if fits(day):
                break
            day += way
    return day
