"""Making it less again: what is long settled, what counts no more, and people who asked to be forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from huoqun.outbox.models import Request, Spent, Stage
from huoqun.outbox.rules.states import SETTLED
from huoqun.vocabulary.ids import person_key

_AT_ONCE = 2000


def forget(before: datetime, *, now: datetime) -> int:
    """Delete requests settled before `before`, with their stages, and counts that are over. Returns how many requests went."""
    Spent.objects.filter(ends_at__lte=now).delete()
    gone = after = 0
    while True:
        old = Request.objects.filter(pk__gt=after, state__in=SETTLED, settled_at__lt=before, asked_at__lt=before)
        ids = list(old.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
        if not ids:
            return gone
        gone += _delete(ids)
        after = ids[-1]


def erase(people: Collection[int], community: str) -> int:
    """Delete what was to be sent, or was sent, to these people alone. Returns how many requests went."""
    keys, gone = frozenset(people), 0
    theirs = Request.objects.filter(community=community, target__startswith="person/")
    rows = theirs.only("pk", "community", "carrier", "account", "target").iterator(chunk_size=_AT_ONCE)
    ids = [row.pk for row in rows if person_key(row.through, row.target.removeprefix("person/")) in keys]
    for start in range(0, len(ids), _AT_ONCE):
        gone += _delete(ids[start : start + _AT_ONCE])
    return gone


def _delete(ids: list[int]) -> int:
    with transaction.atomic():
        Stage.objects.filter(request_id__in=ids).delete()
        return Request.objects.filter(pk__in=ids).delete()[0]
