"""What can go wrong here, named after what to do about it."""

from __future__ import annotations


class NotAskable(ValueError):
    """The request cannot be kept as it is: the room that asks must mend it. Nothing of its batch was kept."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"request {key!r}: {problem}")
        self.key = key


class Overtaken(Exception):
    """Meanwhile it has gone out, or somebody else decided: look again."""
