"""What carriers call us at: the promise behind /hooks/<carrier>/<hook>."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

Query = Mapping[str, str]
"""Decoded once. A plus sign is a plus sign: what carriers put there is base64 and no form."""


class TurnedAway(Exception):
    """It is not from the carrier, or cannot be opened. The reason is for whoever sets the carrier up; it holds no secret."""


class Hook(Protocol):
    """One address that a carrier calls. May be used by several threads."""

    def greet(self, query: Query, *, now: datetime) -> bytes:
        """The answer to the question whether anybody is there. Raises TurnedAway."""
        ...

    def take(self, query: Query, body: bytes, *, now: datetime) -> bytes:
        """When it returns, what came is kept; returned is what to answer. The same may come again. Raises TurnedAway."""
        ...

    def is_behind(self) -> bool:
        """Whether something was put by that is not in the database yet: what comes now queues behind it."""
        ...

    def put_by(self, query: Query, body: bytes, *, now: datetime) -> bytes:
        """`take` while the database is busy: kept in a file, and moved into the database as soon as that may be, also after
        this process has died. Raises TurnedAway.
        """
        ...
