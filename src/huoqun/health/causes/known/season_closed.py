"""It was meant to end, and it ended: nothing went wrong (A22, L08)."""

from __future__ import annotations

from ..case import Case
from ..findings import Finding
from ..thresholds import STILL

CODE = "season_closed"
SOURCES = ("last_conversation",)


def look(case: Case) -> Finding:
    if case.plan.end is None:
        return Finding(0.0)
    silence = case.number("days_silent")
    ended = case.plan.end <= case.as_of and (silence is None or silence >= min(STILL, (case.as_of - case.plan.end).days))
    return Finding(1.0 if ended else 0.0, {"planned_end": case.plan.end.isoformat(), **case.known("days_silent")})
