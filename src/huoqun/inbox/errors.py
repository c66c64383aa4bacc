"""What can go wrong here, named after what to do about it."""

from __future__ import annotations


class NotStorable(ValueError):
    """The event cannot be kept as it is: the carrier's reader must mend it. Nothing of its batch was stored."""

    def __init__(self, source_id: str, problem: str) -> None:
        super().__init__(f"entry {source_id!r}: {problem}")
        self.source_id = source_id
