"""People ask, and no member answers (A25)."""

from __future__ import annotations

from statistics import fmean

from ..case import Case, fade, ramp
from ..findings import Finding
from ..thresholds import HELPED_BY_MEMBERS, QUESTIONS, QUESTIONS_IGNORED, WEIGHT_OF_DOUBT

CODE = "questions_unanswered"
SOURCES = ("unanswered",)


def look(case: Case) -> Finding | None:
    asked, nobody = case.number("questions_30d"), case.number("unanswered")
    if asked is None or nobody is None or asked < QUESTIONS:
        return None
    signs = [ramp(nobody / (asked + WEIGHT_OF_DOUBT), *QUESTIONS_IGNORED)]
    helped = case.number("answered_share")
    signs += [fade(helped, *HELPED_BY_MEMBERS)] if helped is not None else []
    return Finding(fmean(signs), case.known("questions_30d", "unanswered", "answered_share"))
