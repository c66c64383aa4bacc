"""Not the group fell silent but the record of it: a connection or an import stopped."""

from __future__ import annotations

from ..case import Case
from ..findings import Finding

CODE = "record_gap"
SOURCES = ("last_conversation",)


def look(case: Case) -> Finding:
    gap = case.around.gap_since
    if gap is None:
        return Finding(0.0)
    figures = {"gap_since": gap.isoformat(), "gap_days": (case.as_of - gap).days + 1, "gap_groups": case.around.gap_groups}
    return Finding(1.0, figures)
