"""People ask, and no member answers (A25)."""

from __future__ import annotations

from statistics import fmean

from ..case import Case, fade, ramp
from ..findings import Finding
from ..thresholds import HELPED_BY_MEMBERS, IN_COMPANY, QUESTIONS, QUESTIONS_IGNORED, WEIGHT_OF_DOUBT

CODE = "questions_unanswered"
SOURCES = ("unanswered",)


def look(case: Case) -> Finding | None:
    """Of the questions of the group's own last months; of those asked while people were there, where there are enough."""
    asked, nobody = _asked(case)
    if asked is None or nobody is None or asked < QUESTIONS:
        return None
    signs = [ramp(nobody / (asked + WEIGHT_OF_DOUBT), *QUESTIONS_IGNORED)]
    helped = case.number("answered_share_90d")
    signs += [fade(helped, *HELPED_BY_MEMBERS)] if helped is not None else []
    names = ("questions_90d", "unanswered_90d", "answered_share_90d", "asked_in_company", "unanswered_in_company")
    return Finding(fmean(signs), case.known(*names))


def _asked(case: Case) -> tuple[float | None, float | None]:
    among_many = case.number("asked_in_company")
    if among_many is not None and among_many >= IN_COMPANY:
        return among_many, case.number("unanswered_in_company")
    return case.number("questions_90d"), case.number("unanswered_90d")
