"""An objection that was kept, shown with what came after it: who was right is left to the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

ENOUGH_DAYS = 14
"""Before so many days nothing much can have come after."""
MORE, LESS = 1.25, 0.8
"""Talk above or below this part of what it was is more, or less."""
SILENT = frozenset({"dormant", "dead"})
WORSE = {"thriving": 0, "steady": 1, "bubbling": 2, "declining": 3, "dormant": 4, "dead": 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A group on one day: at the objection, or now. None: not known."""

    on: date
    state: str
    messages_30d: int | None = None
    speakers_7d: int | None = None
    codes: tuple[str, ...] = ()
    """What the audit says of the matter objected to: its causes, its action, its state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What came after: `code` for the words, with the figures they need."""

    code: str
    days: int
    figures: Mapping[str, Any]
    still_said: bool
    """Whether the audit still says what was objected to."""


def what_came_after(objected: str, then: Seen, now: Seen) -> After:
    """`objected` is what the audit said then. Only what was seen is said; a change is no proof of either side."""
    days = (now.on - then.on).days
    figures = {
        "state_then": then.state,
        "state_now": now.state,
        "messages_then": then.messages_30d,
        "messages_now": now.messages_30d,
        "days": days,
    }
    return After(code=_code(then, now, days), days=days, figures=figures, still_said=objected in now.codes)


def _code(then: Seen, now: Seen, days: int) -> str:
    if days < ENOUGH_DAYS:
        return "too_early"
    if now.state in SILENT and then.state not in SILENT:
        return "fell_silent"
    if then.state in SILENT and now.state not in SILENT and now.state in WORSE:
        return "came_back"
    if then.messages_30d is None or now.messages_30d is None:
        return "not_known"
    if now.messages_30d > MORE * then.messages_30d:
        return "more_talk"
    return "less_talk" if now.messages_30d < LESS * then.messages_30d else "about_the_same"
