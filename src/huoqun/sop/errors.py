"""What stands in the way of putting a playbook to work."""

from __future__ import annotations

from enum import StrEnum


class CannotLaunch(ValueError):
    """Says what is missing."""


class NotOpen(ValueError):
    """The run, or the line, is over: nothing can be changed any more."""


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
