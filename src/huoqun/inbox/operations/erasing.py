"""Taking a person out of the log."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator

import msgspec
from django.db import transaction

from huoqun.inbox import codec
from huoqun.inbox.models import Entry, Parked
from huoqun.inbox.rules import whose
from huoqun.vocabulary.events import EVENTS

log = logging.getLogger(__name__)

_ONE_LOOK = 5000


def erase(people: Collection[int], community: str, *, before: int) -> int:
    """Delete what these people said and did, as far as it came before position `before`; returns how many entries went.

    Also where a subscriber has not read it yet: it would bring back somebody who has just been erased.
    """
    keys, gone = frozenset(people), 0
    for part in _parts(community, before):
        theirs = [row.position for row in part if _is_theirs(row, keys)]
        with transaction.atomic():
            Parked.objects.filter(entry_id__in=theirs).delete()
            gone += Entry.objects.filter(position__in=theirs).delete()[0]
    return gone


def _parts(community: str, before: int) -> Iterator[list[Entry]]:
    after = 0
    events = Entry.objects.filter(community=community, name__in=EVENTS, position__lt=before).order_by("position")
    while part := list(events.filter(position__gt=after).only("name", "payload")[:_ONE_LOOK]):
        yield part
        after = part[-1].position


def _is_theirs(row: Entry, keys: frozenset[int]) -> bool:
    try:
        return not keys.isdisjoint(whose(codec.read(row.name, row.payload)))
    except msgspec.ValidationError as unreadable:
        log.warning("entry %s cannot be read, so nobody knows whose it is; it stays until it is old: %s", row.pk, unreadable)
        return False
