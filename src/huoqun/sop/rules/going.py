"""How a run goes from one step to the next."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.steps import End, HandOver, Step

DECIDED = frozenset({"wait", "approval", "branch", "pin"})
"""These end when they are settled; what is said ends at its moment, however late it went out."""


class Line(Protocol):
    kind: str
    way: str
    at: datetime
    settled_at: datetime | None


def ended(line: Line) -> datetime:
    """From here the next step counts."""
    return (line.settled_at if line.kind in DECIDED else None) or line.at


def ends(step: Step, line: Line) -> bool:
    """The run is over with it."""
    if isinstance(step, End | HandOver) or line.way == "end":
        return True
    return line.way == "limit" and getattr(step, "otherwise", "go_on") == "end"


def next_place(book: Playbook, place: int, line: Line) -> int:
    """Number of the step to go on with."""
    key = getattr(book.steps[place], line.way, "") if line.kind == "branch" and line.way in {"yes", "no"} else ""
    if not key:
        return place + 1
    return next((number for number, each in enumerate(book.steps) if each.key == key and number > place), place + 1)
