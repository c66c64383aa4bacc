"""People come in, say something, and nobody picks it up."""

from __future__ import annotations

from ..case import Case, ramp
from ..findings import Finding
from ..thresholds import FIRST_WORDS, FIRST_WORDS_IGNORED, INFERRED, WEIGHT_OF_DOUBT

CODE = "newcomers_ignored"
SOURCES = ("first_words_unanswered",)


def look(case: Case) -> Finding | None:
    said, answered = case.number("first_words"), case.number("first_words_answered")
    if said is None or answered is None or said < FIRST_WORDS:
        return None
    doubtful = (1 - INFERRED) * (case.number("first_words_inferred") or 0.0)
    share = (said - answered + doubtful) / (said + WEIGHT_OF_DOUBT)
    figures = {"ignored": int(said - answered), **case.known("first_words", "first_words_answered", "newcomers_90d")}
    return Finding(ramp(share, *FIRST_WORDS_IGNORED), figures)
