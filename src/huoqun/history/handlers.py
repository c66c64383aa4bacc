"""What history does when something happened: it writes it down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from huoqun.vocabulary.events import GroupEvent

from .rows import rows_of
from .store import open_store


class Entry(Protocol):
    """An entry of the log as a subscriber is handed it."""

    @property
    def what(self) -> object: ...


def record(batch: Sequence[Entry], *, now: datetime) -> None:
    """Writes the events of the batch, in whatever portions and however often they come, each once.

    The table decides by (group_key, source_id), not by position: a parked entry that is replayed long after its neighbours
    has an old position and is new all the same, and two accounts in one group report one happening twice.
    """
    open_store().record(rows_of(entry.what for entry in batch if isinstance(entry.what, GroupEvent)))
