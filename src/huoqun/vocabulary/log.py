"""How the log hands out what it keeps. Plain Python, so that every room, also beside the inbox, can read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import overload

from .events import Event
from .facts import Fact


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry of the log. Positions grow; within a group they keep the order in which things were stored."""

    position: int
    stored_at: datetime
    what: Event | Fact


@dataclass(frozen=True, slots=True)
class Batch(Sequence[Stored]):
    """What a handler is given: up to a few hundred entries in the order of the log, never none.

    `writer` and `version` name the effect of this batch for stores outside the database that take the same writer and
    version only once. For a subscriber with `outside=True` a batch that is delivered again after a crash is cut at the same
    place and has the same writer and version; a version not above the writer's last one has been written already.
    """

    entries: tuple[Stored, ...]
    writer: str
    replayed: bool = False
    """A parked entry, delivered again at somebody's wish, behind later ones. A store outside the database may have it
    already (it was parked because something else failed), so it looks before it adds.
    """

    @property
    def version(self) -> int:
        return self.entries[-1].position

    @overload
    def __getitem__(self, index: int) -> Stored: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Stored]: ...
    def __getitem__(self, index: int | slice) -> Stored | Sequence[Stored]:
        return self.entries[index]

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Stored]:
        return iter(self.entries)
