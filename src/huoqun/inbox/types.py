"""Who hears what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from huoqun.inbox.rules import SHARDS, WHOLE_LOG
from huoqun.vocabulary.events import Event
from huoqun.vocabulary.facts import Fact
from huoqun.vocabulary.log import Batch, Stored

Horizon = Callable[[], int]
"""Up to which position the log may be read: below it nothing can appear any more."""


class Handler(Protocol):
    """Takes a batch inside the transaction that moves the cursor; it may be called again with the same entries, but what it
    did in the database before is then undone. What it does elsewhere goes by `Batch.writer` and `Batch.version`.
    """

    def __call__(self, batch: Batch, /, *, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscriber: a name that stays (its cursors are kept under it), what it hears, and who takes it."""

    name: str
    hears: tuple[type[Event] | type[Fact], ...]
    handler: Handler
    batch: int = 500
    whole_log: bool = False
    """One cursor over all shards instead of one a shard: fewer, larger batches, for a handler to whom a call is dear."""
    outside: bool = False
    """The handler writes outside the database and goes by `Batch.writer` and `Batch.version`: where a batch ends is noted
    before it is called. One that looks for itself what is there already needs no note.
    """
    apart: bool = False
    """The handler writes outside the database only and looks for itself what is there already: on SQLite it is called before
    the transaction that moves the cursor, so that nobody who wants to write waits for it.
    """
    urgent: bool = False
    """It has seconds: it goes before the others, and between any two batches of theirs."""
    waits_for: tuple[type[Exception], ...] = ()
    """Errors that are never an entry's fault (a full disk, a store somebody else holds): the batch waits, nothing is parked."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(kind.__name__ for kind in self.hears)

    @property
    def shards(self) -> tuple[int, ...]:
        return (WHOLE_LOG,) if self.whole_log else tuple(range(SHARDS))


__all__ = ["Batch", "Handler", "Horizon", "Stored", "Subscription"]
