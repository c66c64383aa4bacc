"""What admission does when something happened."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from huoqun.admission import operations
from huoqun.admission.operations import ROOM
from huoqun.community.models import Community
from huoqun.vocabulary.events import ContactAdded
from huoqun.vocabulary.facts import PersonErased, RequestSettled
from huoqun.vocabulary.log import Batch

HEARS = (ContactAdded, RequestSettled)


def hear(batch: Batch, *, now: datetime) -> None:
    """Whoever is new is welcomed; how that ended is written down."""
    added: dict[str, list[ContactAdded]] = defaultdict(list)
    for stored in batch:
        if isinstance(stored.what, ContactAdded):
            added[stored.what.account.community].append(stored.what)
    for community in Community.objects.filter(slug__in=added):
        operations.greet(community, added[community.slug], now=now)
    settled = [stored.what for stored in batch if isinstance(stored.what, RequestSettled)]
    operations.follow(fact for fact in settled if fact.room == ROOM)


def forget_people(batch: Batch, *, now: datetime) -> None:
    """Erased people are taken out of what was said to them."""
    for stored in batch:
        if isinstance(stored.what, PersonErased):
            operations.forget(stored.what.people)
