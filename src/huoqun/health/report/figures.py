"""Numbers as people read them."""

from __future__ import annotations

UNKNOWN = "–"


def share(value: float | None) -> str:
    """A fraction in per cent; few enough digits to be read, enough that a small share is not nothing."""
    if value is None:
        return UNKNOWN
    per_cent = value * 100
    if 0 < per_cent < 0.05:
        return "< 0.1 %"
    return f"{per_cent:.0f} %" if per_cent in (0, 100) else f"{per_cent:.1f} %"


def chance(value: float | None) -> str:
    """A probability: never quite 0 or 1."""
    if value is None:
        return UNKNOWN
    if value < 0.01:
        return "< 1 %"
    return "> 99 %" if value > 0.99 else f"{value * 100:.0f} %"


def whole(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:,.0f}"
