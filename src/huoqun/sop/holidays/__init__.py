"""Public holidays and make-up working days, by year and with their source."""

from __future__ import annotations

from datetime import date

from .arrangement import NOTHING_KNOWN, Arrangement, Calendar, Day
from .words import day_words, name_words, note_of
from .years import known, years


def holiday_of(day: date, country: str = "CN") -> Day | None:
    """None: a day like any other of its weekday, or one of a year or country nobody knows here."""
    return known().days.get(day) if country == "CN" else None


__all__ = [
    "NOTHING_KNOWN",
    "Arrangement",
    "Calendar",
    "Day",
    "day_words",
    "holiday_of",
    "known",
    "name_words",
    "note_of",
    "years",
]
