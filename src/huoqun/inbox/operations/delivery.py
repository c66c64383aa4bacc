"""Handing entries to a subscriber: the handler's rows and the cursor move in one transaction, so each effect happens once."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from huoqun.inbox import codec
from huoqun.inbox.models import Cursor, Entry, Parked
from huoqun.inbox.rules import WHOLE_LOG, ends_of_halves, reason
from huoqun.inbox.types import Batch, Stored, Subscription

log = logging.getLogger(__name__)

NOT_THE_ENTRYS_FAULT: tuple[type[Exception], ...] = (OperationalError, InterfaceError)
"""The database is locked, full, or has gone away: the batch is left where it is and tried again later."""

BUSY = -1
"""Somebody else is at this cursor."""


class _Failed(Exception):
    """The handler could not take these entries; what it did is undone."""

    def __init__(self, positions: Sequence[int]) -> None:
        super().__init__(positions)
        self.positions = positions


def open_cursors(subscriptions: Iterable[Subscription]) -> dict[tuple[str, int], int]:
    """Make sure every subscriber has its cursors (a new one starts at the oldest entry kept). Returns where all stand."""
    wanted = [Cursor(subscriber=each.name, shard=shard) for each in subscriptions for shard in each.shards]
    Cursor.objects.bulk_create(wanted, ignore_conflicts=True)
    rows = Cursor.objects.values_list("subscriber", "shard", "position")
    return {(subscriber, shard): position for subscriber, shard, position in rows}


def deliver(
    subscription: Subscription,
    shard: int,
    *,
    upto: int,
    now: datetime,
    left_alone: tuple[type[Exception], ...] = NOT_THE_ENTRYS_FAULT,
) -> int:
    """Hand the next batch up to position `upto` to the handler. Returns where the cursor stands then, or BUSY.

    A batch that fails is halved until the entry at fault is found; that one is parked and the rest goes on. An error of
    the kinds `left_alone`, or one the subscription waits for, is raised instead and leaves the cursor where it was.
    """
    if subscription.outside:
        upto = _planned(subscription, shard, upto)
    return _narrow_down(subscription, shard, upto, now, (*left_alone, *subscription.waits_for))


def _narrow_down(
    subscription: Subscription, shard: int, upto: int, now: datetime, left_alone: tuple[type[Exception], ...]
) -> int:
    try:
        return _attempt(subscription, shard, upto, now, left_alone)
    except _Failed as error:
        failed = error
    if len(failed.positions) == 1:
        return _park(subscription, shard, failed, now)
    reached = BUSY
    for end in ends_of_halves(failed.positions):
        if subscription.outside:
            _plan_instead(subscription, shard, end, failed.positions[-1])
        reached = _narrow_down(subscription, shard, end, now, left_alone)
        if reached == BUSY:
            break
    return reached


def _attempt(subscription: Subscription, shard: int, upto: int, now: datetime, left_alone: tuple[type[Exception], ...]) -> int:
    """One transaction: lock the cursor, read, call the handler, move the cursor. Apart: read, call the handler, and then the
    cursor in a transaction of its own.
    """
    rows: list[Entry] = []
    try:
        if subscription.apart and connection.vendor == "sqlite":
            return _attempt_apart(subscription, shard, upto, now, rows)
        with transaction.atomic():
            cursor = _locked(subscription, shard)
            if cursor is None:
                return BUSY
            if cursor.position >= upto:
                return cursor.position
            rows += _unread(subscription, cursor, upto)
            if subscription.outside and rows and cursor.planned != upto:
                return BUSY  # between our note and this lock somebody else noted another end
            if rows:
                subscription.handler(_batch(subscription, shard, rows), now=now)
            reached = _reached(subscription, rows, upto)
            _move(cursor, reached, now)
            return reached
    except left_alone:
        raise
    except Exception as error:
        # The loop is where an unexpected error of a handler ends: it is kept with the entry and shown, never swallowed.
        # A commit that fails (a deferred foreign key) is the handler's doing too, so the whole transaction is inside.
        if not rows:
            raise
        raise _Failed([row.position for row in rows]) from error


def _attempt_apart(subscription: Subscription, shard: int, upto: int, now: datetime, rows: list[Entry]) -> int:
    """`rows` receives what was read. A death before the cursor moves has the same entries come once more; so does a second
    worker, of whom one only moves the cursor.
    """
    cursor = Cursor.objects.filter(subscriber=subscription.name, shard=shard).first()
    if cursor is None:
        return BUSY
    if cursor.position >= upto:
        return cursor.position
    rows += _unread(subscription, cursor, upto)
    if rows:
        subscription.handler(_batch(subscription, shard, rows), now=now)
    reached = _reached(subscription, rows, upto)
    still = Cursor.objects.filter(pk=cursor.pk, position=cursor.position)
    return reached if still.update(position=reached, planned=None, moved_at=now) else BUSY


def _reached(subscription: Subscription, rows: Sequence[Entry], upto: int) -> int:
    return rows[-1].position if len(rows) == subscription.batch else upto


def _locked(subscription: Subscription, shard: int) -> Cursor | None:
    """On SQLite the transaction itself is the lock (BEGIN IMMEDIATE)."""
    cursors = Cursor.objects.select_for_update(skip_locked=True)
    return cursors.filter(subscriber=subscription.name, shard=shard).first()


def _unread(subscription: Subscription, cursor: Cursor, upto: int) -> list[Entry]:
    entries = Entry.objects.filter(position__gt=cursor.position, position__lte=upto, name__in=subscription.names)
    if cursor.shard != WHOLE_LOG:
        entries = entries.filter(shard=cursor.shard)
    return list(entries.only("name", "payload", "stored_at").order_by("position")[: subscription.batch])


def _batch(subscription: Subscription, shard: int, rows: Iterable[Entry]) -> Batch:
    return Batch(tuple(stored(row) for row in rows), writer=f"{subscription.name}/{shard}")


def stored(row: Entry) -> Stored:
    return Stored(row.position, row.stored_at, codec.read(row.name, row.payload))


def _move(cursor: Cursor, position: int, now: datetime) -> None:
    cursor.position, cursor.planned, cursor.moved_at = position, None, now
    cursor.save(update_fields=["position", "planned", "moved_at"])


def _planned(subscription: Subscription, shard: int, upto: int) -> int:
    """Where the next batch ends. What was noted before a crash is kept, so that the same batch has the same version."""
    with transaction.atomic():
        cursor = _locked(subscription, shard)
        if cursor is None:
            return upto  # the attempt will find the cursor busy as well
        if cursor.planned is not None and cursor.planned > cursor.position:
            return cursor.planned
        rows = _unread(subscription, cursor, upto)
        end = rows[-1].position if rows else upto
        if rows:
            Cursor.objects.filter(pk=cursor.pk).update(planned=end)
        return end


def _plan_instead(subscription: Subscription, shard: int, end: int, failed_end: int) -> None:
    """Note the end of a half, where nobody else has noted another one meanwhile."""
    cursors = Cursor.objects.filter(subscriber=subscription.name, shard=shard, position__lt=end)
    cursors.filter(Q(planned=failed_end) | Q(planned__isnull=True)).update(planned=end)


def _park(subscription: Subscription, shard: int, failed: _Failed, now: datetime) -> int:
    """Set one entry aside and go past it."""
    position, error = failed.positions[0], failed.__cause__ or failed
    log.error("%s could not take entry %s: it is parked", subscription.name, position, exc_info=error)
    with transaction.atomic():
        cursor = _locked(subscription, shard)
        if cursor is None or cursor.position >= position:
            return BUSY
        Parked.objects.get_or_create(
            subscriber=subscription.name,
            entry_id=position,
            defaults={"reason": reason(error), "error": "".join(traceback.format_exception(error)), "parked_at": now},
        )
        _move(cursor, position, now)
    return position


def pass_over(subscription: Subscription, shards: Collection[int], *, upto: int, now: datetime) -> None:
    """Move the cursors of these shards, in which nothing up to `upto` concerns the subscriber any more."""
    idle = Cursor.objects.filter(subscriber=subscription.name, shard__in=shards, position__lt=upto, planned__isnull=True)
    with transaction.atomic():
        free = list(idle.select_for_update(skip_locked=True).values_list("pk", flat=True))
        Cursor.objects.filter(pk__in=free).update(position=upto, moved_at=now)
