"""Lively for some days after its birth, then nothing, because nothing was done to go on with (A05)."""

from ..case import Case, ramp
from ..findings import Finding
from ..thresholds import BURST, BURST_AGE, BURST_MESSAGES

CODE = "burst_then_silence"
SOURCES = ("opening", "last_conversation")


def look(case: Case) -> Finding | None:
    share, said, age = case.number("first_weeks_share"), case.number("messages_ever"), case.age
    if share is None or said is None or age is None or age < BURST_AGE or not case.birth_seen:
        return None
    if said < BURST_MESSAGES or not (case.silent or case.state == "declining"):
        return Finding(0.0)
    return Finding(ramp(share, *BURST), case.known("first_weeks_share", "life_days", "messages_ever", "days_silent"))
