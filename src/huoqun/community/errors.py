"""What can go wrong here, named after what to do about it."""

from __future__ import annotations


class NotTheSameCommunity(ValueError):
    """Two people of different communities are never one person."""


class NothingToSplit(ValueError):
    """The person has one identity only."""


class SlugTaken(ValueError):
    """Another community has this short name."""


class ErasedMeanwhile(Exception):
    """Somebody in the batch was erased while it was being written: take it in again."""


class BadList(ValueError):
    """A list file has lines that cannot be used; nothing of it was applied. `problems` says which and why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems[:5]))
        self.problems = problems
