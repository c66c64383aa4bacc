"""How two values differ, in words. The second is told beside the first."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huoqun.console.figures import count_words

SAME_POINTS = 0.005
SAME_RATIO = 1.1
TWICE = 2.0


def words(first: float | None, second: float | None, unit: str) -> str:
    if first is None or second is None:
        return _("known on one side only")
    return _points(second - first) if unit == "fraction" else _times(first, second)


def weight(first: float | None, second: float | None, unit: str) -> float:
    """How much a difference stands out, so that the largest can be named first."""
    if first is None or second is None:
        return 0.0
    if unit == "fraction":
        return abs(second - first) * 3
    low, high = sorted((abs(first), abs(second)))
    return min((high + 1) / (low + 1) - 1, 5.0) / 2


def _points(points: float) -> str:
    if abs(points) < SAME_POINTS:
        return _("about the same")
    told = {"points": f"{abs(points) * 100:.1f}"}
    return (_("%(points)s points more") if points > 0 else _("%(points)s points less")) % told


def _times(first: float, second: float) -> str:
    if first == second:
        return _("the same")
    if first <= 0 or second <= 0:
        told = {"n": count_words(round(abs(second - first), 1))}
        return (_("%(n)s more") if second > first else _("%(n)s fewer")) % told
    ratio = second / first
    if 1 / SAME_RATIO <= ratio <= SAME_RATIO:
        return _("about the same")
    if ratio >= TWICE:
        return _("%(times)s times as much") % {"times": f"{ratio:.1f}"}
    told = {"part": f"{abs(ratio - 1):.0%}"}
    return (_("%(part)s more") if ratio > 1 else _("%(part)s less")) % told
