"""What the outbox does when something happened."""

from __future__ import annotations

from datetime import datetime

from huoqun.outbox.operations import erase
from huoqun.vocabulary.facts import PersonErased
from huoqun.vocabulary.log import Batch


def forget_people(batch: Batch, *, now: datetime) -> None:
    """Nothing goes out to an erased person any more, and what went is forgotten."""
    for stored in batch:
        if isinstance(stored.what, PersonErased):
            erase(stored.what.people, stored.what.community)
