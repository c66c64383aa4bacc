"""How a run goes from one step to the next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.rules.states import LineState
from huoqun.sop.steps import End, HandOver, Step

DECIDED = frozenset({"wait", "approval", "branch", "pin"})
"""These end when they are settled; what is said ends at its moment, however late it went out."""


class Line(Protocol):
    kind: str
    way: str
    state: str
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


def place_in(book: Playbook, lines: Mapping[str, Line], withdrawn: Collection[str]) -> int:
    """Number of the step with which a run goes on that takes this version. `lines`: what is done or on its way, by step;
    `withdrawn`: what had only been planned. What has ended a run still ends it.
    """
    planned = [number for number, step in enumerate(book.steps) if step.key in withdrawn and step.key not in lines]
    kept = [number for number, step in enumerate(book.steps) if step.key in lines]
    return min([*planned, _after(book, kept[-1], lines[book.steps[kept[-1]].key]) if kept else 0])


def _after(book: Playbook, place: int, line: Line) -> int:
    if line.state == LineState.WAITING:
        return place
    return len(book.steps) if ends(book.steps[place], line) else next_place(book, place, line)
