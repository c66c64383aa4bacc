"""To-dos as cards with buttons: what a card is called, and what a tap on it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Tap(StrEnum):
    DONE = "done"
    SKIP = "skip"
    """They cannot, or need not: the leads see to it."""


class Answer(StrEnum):
    """What becomes of a tap."""

    DONE = "done"
    SKIPPED = "skipped"
    CLOSED = "closed"
    """It was closed before."""
    NOT_THEIRS = "not theirs"
    """It has gone to somebody else meanwhile."""
    UNSHOWN = "unshown"
    """Something has to be shown, which a tap cannot."""


_NAMED = re.compile(r"todo-(\d{1,18})-(\d{1,18})-(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Card:
    """One message to one colleague about one to-do. `handed`: how often it had changed hands before."""

    todo: int
    staff: int
    handed: int

    @property
    def task(self) -> str:
        """Carriers allow letters, digits, "-", "_" and "@" here."""
        return f"todo-{self.todo}-{self.staff}-{self.handed}"

    @property
    def key(self) -> str:
        """Of the request by which it is sent."""
        return f"todo/{self.todo}/{self.staff}/{self.handed}"


def card_of(task: str) -> Card | None:
    """None: it is no card of ours."""
    found = _NAMED.fullmatch(task)
    return Card(*map(int, found.groups())) if found else None


def answer_to(tap: str, *, is_open: bool, assigned: int | None, by: int, unshown: bool = False) -> Answer:
    """`assigned`: who has it now; None: the leads, so anybody who was asked may still do it."""
    if not is_open:
        return Answer.CLOSED
    if assigned not in {by, None}:
        return Answer.NOT_THEIRS
    if tap != Tap.DONE:
        return Answer.SKIPPED
    return Answer.UNSHOWN if unshown else Answer.DONE
