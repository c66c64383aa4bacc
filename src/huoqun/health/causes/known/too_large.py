"""So many members that nobody feels addressed (C02)."""

from __future__ import annotations

from ..case import Case, fade, ramp
from ..findings import Finding
from ..thresholds import FULL, LARGE, TALKING_SHARE

CODE = "too_large"
SOURCES = ()


def look(case: Case) -> Finding | None:
    members, speakers = case.number("members"), case.number("speakers_90d")
    if members is None or case.number("joins_30d") is None or speakers is None:
        return None
    size = ramp(members, *LARGE)
    if case.plan.capacity:
        size = min(size, max(ramp(members / case.plan.capacity, *FULL), ramp(members, LARGE[1], 2 * LARGE[1])))
    quiet = fade(speakers / members, *TALKING_SHARE) if members else 0.0
    strength = min(size, 0.5 + quiet)
    return Finding(strength, {**case.known("members", "speakers_90d"), **_capacity(case)})


def _capacity(case: Case) -> dict[str, int]:
    return {"capacity": case.plan.capacity} if case.plan.capacity else {}
