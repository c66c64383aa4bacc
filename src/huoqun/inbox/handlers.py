"""What the log itself does when something happened."""

from __future__ import annotations

from datetime import datetime

from huoqun.inbox.operations import erase
from huoqun.vocabulary.facts import PersonErased
from huoqun.vocabulary.log import Batch


def forget_people(batch: Batch, *, now: datetime) -> None:
    """An erased person's words leave the log, too."""
    for stored in batch:
        if isinstance(stored.what, PersonErased):
            erase(stored.what.people, stored.what.community, before=stored.position)
