"""Those who carried the talk went, and it went with them."""

from __future__ import annotations

from ..case import Case, ramp
from ..findings import Finding
from ..thresholds import CROWD, KEY_BEFORE_OTHERS, KEY_PEOPLE, KEY_SHARE, TOGETHER

CODE = "key_people_left"
SOURCES = ("key_last_words",)


def look(case: Case) -> Finding | None:
    """Several of the five who said most are gone, and they went before the others did: where everybody fell quiet alike it
    is not the core that is missing. Plainer still where they left within days of one another."""
    left, share = case.number("key_left"), case.number("key_left_share")
    if left is None or share is None:
        return None
    together, theirs = case.number("left_together") or 0.0, case.number("left_together_share") or 0.0
    if (left < KEY_PEOPLE and together < TOGETHER) or (case.number("speakers_90d") or 0) < CROWD:
        return Finding(0.0)
    strength = ramp(share, *KEY_SHARE)
    before = _before_others(case, left)
    if before is not None:
        strength = (strength + ramp(before, *KEY_BEFORE_OTHERS)) / 2
    at_once = ramp(theirs, *KEY_SHARE) if together >= TOGETHER else 0.0
    return Finding(max(strength, at_once), _figures(case, together))


def _figures(case: Case, together: float) -> dict[str, float | int]:
    leaving = ("left_together", "left_together_share") if together >= TOGETHER else ()
    return case.known("key_left", "key_left_share", *leaving, "speakers_30d", "speakers_90d")


def _before_others(case: Case, left: float) -> float | None:
    """Unknown where nobody at all spoke lately: then there are no others to compare with."""
    lately, before = case.number("speakers_30d"), case.number("speakers_90d")
    if not lately or not before:
        return None
    return left / 5 - (1 - lately / before)
