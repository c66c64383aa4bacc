"""Making the log shorter again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from huoqun.inbox.models import Cursor, Entry, Parked
from huoqun.inbox.types import Subscription

_ONE_TRANSACTION = 5000


def forget(before: datetime, *, subscriptions: Iterable[Subscription]) -> int:
    """Delete entries stored before `before` which every subscriber has passed and nobody has parked. Returns how many.

    A redelivery older than that would count as new: keep the log longer than any carrier delivers again.
    """
    floor = _passed_by_all(list(subscriptions))
    after = gone = 0
    while True:
        with transaction.atomic():
            old = list(_next(after, floor))
            going = [position for position, stored_at in old if stored_at < before]
            gone += _delete(going, before)
        if len(going) < _ONE_TRANSACTION:
            return gone
        after = going[-1]


def _next(after: int, floor: int) -> Iterable[tuple[int, datetime]]:
    entries = Entry.objects.filter(position__gt=after, position__lte=floor).order_by("position")
    return entries.values_list("position", "stored_at")[:_ONE_TRANSACTION]


def _delete(positions: list[int], before: datetime) -> int:
    if not positions:
        return 0
    kept = Parked.objects.filter(entry_id__gte=positions[0], entry_id__lte=positions[-1])
    kept.filter(settled_at__isnull=False).delete()
    open_ones = set(kept.filter(settled_at__isnull=True).values_list("entry_id", flat=True))
    between = Entry.objects.filter(position__gte=positions[0], position__lte=positions[-1], stored_at__lt=before)
    doomed = between.exclude(position__in=open_ones)
    return doomed._raw_delete(doomed.db)


def _passed_by_all(subscriptions: list[Subscription]) -> int:
    """0 where a subscriber has not begun."""
    lowest = []
    for each in subscriptions:
        cursors = Cursor.objects.filter(subscriber=each.name, shard__in=each.shards)
        lowest.append(cursors.aggregate(low=Min("position"))["low"] if cursors.count() == len(each.shards) else 0)
    return min(lowest, default=0)
