"""What can go wrong here, named after what to do about it."""

from __future__ import annotations

from datetime import datetime


class NotGivable(ValueError):
    """The to-do cannot be kept as it is: the room that gives it must mend it. Nothing of its batch was kept."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"to-do {key!r}: {problem}")
        self.key = key


class NotEvidence(ValueError):
    """What was shown is not what was asked for; `wanted` is what was."""

    def __init__(self, wanted: str) -> None:
        super().__init__(f"this is no {wanted}")
        self.wanted = wanted


class CannotWorkHere(ValueError):
    """Whoever this should go to is not active, only looks, or has no seat in the community: choose somebody else."""


class CannotTakeOver(ValueError):
    """Whoever should take over is the same person, or of another community or carrier: choose another colleague."""


class NotAnAbsence(ValueError):
    """It ends before it begins, is over already, or somebody would stand in for themselves."""


class AwayAlready(ValueError):
    """Somebody is away in part of this time already: end that absence first."""

    def __init__(self, start: datetime, end: datetime) -> None:
        super().__init__(f"away already from {start} to {end}")
        self.start, self.end = start, end
