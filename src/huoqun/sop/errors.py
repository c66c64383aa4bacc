"""What stands in the way of putting a playbook to work."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class CannotLaunch(ValueError):
    """Says what is missing."""


class CannotStand(CannotLaunch):
    """The saved view asks what only its own list can answer; `names` says what."""

    def __init__(self, about: str, names: Sequence[str]) -> None:
        super().__init__(f"Only the list of {about} itself can narrow by {', '.join(names)}.")
        self.about, self.names = about, names


class NotOpen(ValueError):
    """The run, or the line, is over: nothing can be changed any more."""


class StillAtWork(ValueError):
    """A playbook is not archived while something of it is at work; `launches` says how many."""

    def __init__(self, launches: int) -> None:
        super().__init__(f"at work in {launches} launches")
        self.launches = launches


class CannotDraw(ValueError):
    """Why no fair test can be drawn; `reason` is one of the words below."""

    def __init__(self, reason: NoDraw) -> None:
        super().__init__(reason.value)
        self.reason = reason


class NoDraw(StrEnum):
    NO_MEASURE = "no_measure"
    """The playbook does not say what it is meant to change."""
    BEGUN = "begun"
    """Runs have begun: whoever has them was not drawn."""
    DRAWN = "drawn"
    ENDED = "ended"
    TOO_FEW = "too_few"
    """Units, for an interval that means anything."""
    TOO_SOON = "too_soon"
    """The first wave has to start on a later day."""
    ONE_MOMENT = "one_moment"
    """It is about one moment: groups of later waves would miss it. Some have to be held back instead."""
    MISSES_IT = "misses_it"
    """The moment it is about comes before the first wave starts."""


class AlreadyDrawn(TypeError):
    """A fair test stays as it was drawn."""


class CannotMove(ValueError):
    """Why a step stays where it is in the calendar; `reason` is one of the words below."""

    def __init__(self, reason: NoMove) -> None:
        super().__init__(reason.value)
        self.reason = reason


class NoMove(StrEnum):
    ENDED = "ended"
    TOO_FAR = "too_far"
    """Not at all, or by more than two months."""
    OUT = "out"
    """Nothing of it is left that is not out."""
    NOT_PLANNED = "not_planned"
    """What is not planned yet can be put off, and cannot come before its run begins."""
    PAST = "past"
    """The time it would go to."""
    TEST = "test"
    """A fair test has not let in some of the groups by then."""
    KIND = "kind"
    """It hangs on other steps."""
