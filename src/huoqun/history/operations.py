"""Work on history that takes its time: called by jobs, safe to repeat after a crash, safe beside writers and readers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from .store import Store, open_store

LONGEST_QUERY = timedelta(hours=6)
"""How long a reader may take before the files it began with are deleted under it. An erasure does not wait for readers."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    merged: int
    """Small files that became part of large ones."""
    deleted: int
    """Files deleted: no longer part of the table, or left by a writer that died."""


def maintain(store: Store | None = None) -> Upkeep:
    """Merges small files and deletes what is no longer needed. Once a day is enough: writers merge as they go."""
    store = store or open_store()
    merged = store.compact()
    return Upkeep(merged, store.vacuum(keep=LONGEST_QUERY))


def erase_people(people: Collection[int], *, community: str, store: Store | None = None) -> int:
    """Takes people out of the history of a community, old files included; returns how many of their rows went."""
    return (store or open_store()).erase(people, community)


def undo_import(import_id: int, *, community: str, store: Store | None = None) -> int:
    """Takes out the rows an import brought in, and the files that held them; returns how many rows."""
    store = store or open_store()
    removed = store.remove_import(import_id, community)
    store.vacuum(keep=LONGEST_QUERY)
    return removed
