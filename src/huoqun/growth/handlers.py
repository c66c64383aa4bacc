"""What growth does when something happened."""

from __future__ import annotations

from datetime import datetime

from huoqun.growth import operations
from huoqun.vocabulary.facts import RequestSettled
from huoqun.vocabulary.log import Batch


def follow(batch: Batch, *, now: datetime) -> None:
    """What became of the codes we asked for."""
    settled = [stored.what for stored in batch if isinstance(stored.what, RequestSettled)]
    operations.take_note((fact for fact in settled if fact.room == operations.ROOM), now=now)
