"""History without those who were erased: whoever writes events into it passes through here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from huoqun.community.forgotten import Forgotten
from huoqun.community.queries import erased_keys
from huoqun.history import handlers as history
from huoqun.history.store import Store, open_store
from huoqun.vocabulary.events import GroupEvent
from huoqun.vocabulary.log import Batch, Stored


@contextmanager
def nobody_erased(*communities: str, store: Store) -> Iterator[Forgotten]:
    """Gives what leaves erased people out of events, which are to be written into history within.

    Somebody who is erased during that may get in; they are taken out again at the end.
    """
    erased = erased_keys(*communities)
    yield Forgotten(erased)
    if meanwhile := erased_keys(*communities) - erased:
        for community in communities:
            store.erase(meanwhile, community)


def record(batch: Batch, *, now: datetime) -> None:
    """The subscriber of history: everything that happens, except what erased people say and do."""
    communities = sorted({stored.what.account.community for stored in batch if isinstance(stored.what, GroupEvent)})
    with nobody_erased(*communities, store=open_store()) as forgotten:
        history.record(list(_left(batch, forgotten)), now=now)


def _left(batch: Batch, forgotten: Forgotten) -> Iterator[Stored]:
    for stored in batch:
        left = forgotten.left_of(stored.what) if isinstance(stored.what, GroupEvent) else None
        if left is not None:
            yield stored if left is stored.what else replace(stored, what=left)
