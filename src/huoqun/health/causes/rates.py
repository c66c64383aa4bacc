"""Figures of a group put beside one another, so that groups of any size can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from .case import Case

MONTHS = timedelta(days=90)
LATELY, LONG_AGO, LONG = 14, 45, 60
"""Talk of so many days up to today is set beside that of the `LONG` days that ended `LONG_AGO` days ago."""
HARDLY_ANY = 0.3
"""Messages a day: a group that said hardly more than this has no level to fall from."""

PLAIN = (
    "left_together",
    "key_left",
    "ads_by_house",
    "ads_by_members",
    "leavers_after_broadcast",
    "after_house_share",
    "talk_kept_without_house",
    "self_excitation",
    "house_silent_days",
    "new_faces_share",
    "first_weeks_share",
    "spoke_within_7d_share",
    "members",
    "messages_ever",
)
"""Figures that are compared as they are."""


def rates(case: Case) -> Mapping[str, float | None]:
    """By name; None where what it rests on is not known."""
    number = case.number
    said = _said_in_its_last_months(case)
    ignored = _ignored(case)
    return {
        **{name: number(name) for name in PLAIN},
        "leave_rate": _share(number("leaves_90d"), number("members"), 5),
        "join_rate": _share(number("joins_90d"), number("members"), 5),
        "asked_a_message": _share(number("questions_90d"), said, 10),
        "unanswered_a_message": _share(number("unanswered_90d"), said, 10),
        "unanswered_of_asked": _share(number("unanswered_90d"), number("questions_90d"), 2),
        "unanswered_among_many": _share(number("unanswered_in_company"), number("asked_in_company"), 2),
        "ignored": ignored,
        "ignored_of_first_words": _share(ignored, number("first_words"), 2),
        "talking": _share(number("speakers_90d"), number("members"), 0),
        "talk_kept": _talk_kept(case),
        "level_kept": _share(number("level_now"), number("level_before"), 0),
        "thriving": float(case.state == "thriving"),
        "steady": float(case.state == "steady"),
        "slow": float(case.state == "bubbling" and not case.fell),
    }


def _share(part: float | None, whole: float | None, doubt: float) -> float | None:
    """`doubt` is added to the whole, so that little does not look like much."""
    if part is None or whole is None or whole + doubt <= 0:
        return None
    return part / (whole + doubt)


def _ignored(case: Case) -> float | None:
    """First words nobody took up; an answer that is only inferred counts half."""
    said, answered = case.number("first_words"), case.number("first_words_answered")
    if said is None or answered is None:
        return None
    return said - answered + 0.5 * (case.number("first_words_inferred") or 0.0)


def _said_in_its_last_months(case: Case) -> float | None:
    last = case.day("last_message_on") or case.as_of
    said = case.days.between(case.days.messages, last - MONTHS + timedelta(days=1), last)
    return float(said) if said else None


def _talk_kept(case: Case) -> float | None:
    """What members say a day now beside what they said some weeks ago."""
    if not len(case.days.day):
        return None
    now = _a_day(case, case.as_of - timedelta(days=LATELY - 1), case.as_of)
    end = case.as_of - timedelta(days=LONG_AGO)
    return now / (_a_day(case, end - timedelta(days=LONG - 1), end) + HARDLY_ANY)


def _a_day(case: Case, first: date, last: date) -> float:
    return case.days.between(case.days.messages, first, last) / ((last - first).days + 1)
