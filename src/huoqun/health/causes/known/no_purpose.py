"""The group was made by reflex: nobody wrote down what it is for, and it never took root (A06, A14)."""

from ..case import Case, ramp
from ..findings import Finding
from ..thresholds import BURST_AGE, BURST_MESSAGES, ROOTED

CODE = "no_purpose"
SOURCES = ("asked_what_for", "opening")


def look(case: Case) -> Finding | None:
    """Where purposes are written down here, this one's is missing, and its beginning was seen."""
    share, age, said = case.number("first_weeks_share"), case.age, case.number("messages_ever")
    if case.plan.purpose is None or not case.around.purposes_kept or share is None or not case.birth_seen:
        return None
    if age is None or age < BURST_AGE or said is None:
        return None
    if case.plan.purpose.strip():
        return Finding(0.0)
    strength = ramp(share, *ROOTED) if said >= BURST_MESSAGES else 1.0
    return Finding(strength, case.known("first_weeks_share", "life_days", "messages_ever"))
