"""What the pages read: how far behind each subscriber is, and what is parked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from huoqun.inbox.models import Cursor, Entry, Parked
from huoqun.inbox.rules import WHOLE_LOG
from huoqun.inbox.words import subscriber_words

COUNTED = 10_000
"""Counting stops here: who is this far behind needs no exact figure."""


@dataclass(frozen=True, slots=True)
class Loop:
    """One subscriber: how many entries it has not looked at yet, and since when the oldest of them waits."""

    subscriber: str
    unread: int
    waiting_since: datetime | None
    moved_at: datetime | None
    parked: int

    @property
    def words(self) -> str:
        return subscriber_words(self.subscriber)

    @property
    def most(self) -> int:
        return COUNTED

    @property
    def uncounted(self) -> bool:
        return self.unread > COUNTED


def loops() -> list[Loop]:
    positions: dict[str, list[tuple[int, int]]] = defaultdict(list)
    moved: dict[str, list[datetime]] = defaultdict(list)
    for subscriber, shard, position, moved_at in Cursor.objects.values_list("subscriber", "shard", "position", "moved_at"):
        positions[subscriber].append((shard, position))
        moved[subscriber] += filter(None, [moved_at])
    waiting = still_parked(None).select_related(None).order_by().values("subscriber").annotate(number=Count("pk"))
    parked = dict(waiting.values_list("subscriber", "number"))
    return [
        _loop(subscriber, lanes, max(moved[subscriber], default=None), parked.get(subscriber, 0))
        for subscriber, lanes in sorted(positions.items())
    ]


def _loop(subscriber: str, lanes: list[tuple[int, int]], moved_at: datetime | None, parked: int) -> Loop:
    unread = Entry.objects.filter(_ahead_of(lanes))
    number = unread[: COUNTED + 1].count()
    oldest = unread.order_by("position").values_list("stored_at", flat=True).first() if number else None
    return Loop(subscriber, number, oldest, moved_at, parked)


def _ahead_of(lanes: list[tuple[int, int]]) -> Q:
    ahead = Q(pk__in=[])
    for shard, position in lanes:
        ahead |= Q(position__gt=position) if shard == WHOLE_LOG else Q(shard=shard, position__gt=position)
    return ahead


def still_parked(communities: Collection[str] | None) -> QuerySet[Parked]:
    """Open parked entries of these communities (by slug); None means of all."""
    rows = Parked.objects.filter(settled_at__isnull=True).select_related("entry").order_by("-pk")
    return rows if communities is None else rows.filter(entry__community__in=communities)
