"""What content does when something happened."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from huoqun.community.models import Community
from huoqun.content import operations
from huoqun.content.operations.sending import ROOM
from huoqun.vocabulary.events import GroupEvent
from huoqun.vocabulary.facts import PersonErased, RequestSettled
from huoqun.vocabulary.log import Batch


def follow(batch: Batch, *, now: datetime) -> None:
    """How each delivery of a broadcast ended."""
    settled = [stored.what for stored in batch if isinstance(stored.what, RequestSettled)]
    operations.take_note((fact for fact in settled if fact.room == ROOM), now=now)


def keep_ways(batch: Batch, *, now: datetime) -> None:
    """Through which account each group is heard, so through which it is spoken to."""
    operations.keep_ways(stored.what for stored in batch if isinstance(stored.what, GroupEvent))


def forget_people(batch: Batch, *, now: datetime) -> None:
    """Erased people are taken out of what was written to them."""
    people: dict[str, set[int]] = defaultdict(set)
    for stored in batch:
        if isinstance(stored.what, PersonErased):
            people[stored.what.community].update(stored.what.people)
    for home in Community.objects.filter(slug__in=people):
        operations.forget(people[home.slug], home, now=now)
