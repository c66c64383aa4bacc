"""It is always the same few who speak; nobody new comes in, and the others stopped (A11)."""

from __future__ import annotations

from statistics import fmean

from ..case import Case, fade, ramp
from ..findings import Finding
from ..thresholds import CHECKIN_TOP3, CORE_LOST, CROWD, NEW_FACES, TOP5_RISE, TOP5_SHARE

CODE = "same_old_faces"
SOURCES = ("last_conversation", "check_ins")


def look(case: Case) -> Finding | None:
    """The core stayed while the rest fell away. Where the core itself is gone this is another story."""
    kept, crowd, top = case.number("core_kept"), case.number("speakers_90d"), case.number("top5_share_now")
    if kept is None or crowd is None or top is None:
        return None
    faces = case.number("new_faces_share")
    if crowd < CROWD or kept <= CORE_LOST:
        return Finding(0.0)
    closed = fade(faces, *NEW_FACES) if faces is not None else 0.5
    return Finding((closed + fmean(_narrowed(case, top))) / 2, _figures(case))


def _narrowed(case: Case, top: float) -> list[float]:
    """How far the talk narrowed to a few."""
    before, check_ins = case.number("top5_share_before"), case.number("checkin_top3_share")
    found = [ramp(top, *TOP5_SHARE)]
    if before is not None:
        found.append(ramp(top - before, *TOP5_RISE))
    if check_ins is not None and (case.number("checkin_people") or 0) >= CROWD:
        found.append(ramp(check_ins, *CHECKIN_TOP3))
    return found


def _figures(case: Case) -> dict[str, float | int]:
    return case.known(
        "top5_share_before", "top5_share_now", "new_faces_share", "core_kept", "checkin_top3_share", "speakers_90d"
    )
