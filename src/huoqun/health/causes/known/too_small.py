"""So few members that a few busy days leave it silent (C11)."""

from __future__ import annotations

from ..case import Case, fade
from ..findings import Finding
from ..thresholds import SMALL

CODE = "too_small"
SOURCES = ("last_conversation",)


def look(case: Case) -> Finding | None:
    """Only where joins are reported: members nobody listed are not missing members."""
    members = case.number("members")
    if members is None or case.number("joins_30d") is None:
        return None
    ever = max(members, float(case.days.joins.sum()))
    return Finding(fade(ever, *SMALL), case.known("members", "speakers_90d"))
