"""Live accounts: whose turn it is to be asked, and how far each has told everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Case, F, Q, Value, When

from huoqun.carriers.base import Unreadable
from huoqun.carriers.by_hand import NAME as BY_HAND
from huoqun.carriers.models import BadRecord, Connection
from huoqun.carriers.operations.bad_records import as_row
from huoqun.carriers.rules import due_before
from huoqun.vocabulary.ids import Account

KEPT_STRANGE_RECORDS = 10_000
"""A carrier that changed its ways overnight may send nothing else: all are counted, this many are kept to look at."""

_LOOKED_AT = 10


def connect(account: Account, *, now: datetime) -> Connection:
    """From now on this account is listened to. Connecting it again changes nothing."""
    if account.name == BY_HAND:
        raise ValueError(f"{account} is a person's hand: there is nothing to listen to")
    place = {"community": account.community, "carrier": account.carrier, "name": account.name}
    return Connection.objects.get_or_create(**place, defaults={"made_at": now, "next_at": now})[0]


def disconnect(account: Account) -> None:
    """It is no longer listened to. What it told stays; connected again it begins at its own beginning."""
    Connection.objects.filter(community=account.community, carrier=account.carrier, name=account.name).delete()


def take_turn(*, now: datetime, until: datetime) -> Connection | None:
    """The account that has waited longest to be asked; until `until` nobody else gets it. None: none is due."""
    due = Connection.objects.filter(Q(next_at__lte=now) | Q(next_at__gt=due_before(now))).order_by("next_at", "pk")
    for connection in due[:_LOOKED_AT]:
        free = Connection.objects.filter(pk=connection.pk, next_at=connection.next_at)
        if free.update(next_at=until, busy_until=until, woken=False):
            connection.next_at = connection.busy_until = until
            return connection
    return None


def heard(connection: Connection, cursor: str, *, wait: timedelta, now: datetime) -> None:
    """Everything up to `cursor` is kept: call it in the transaction in which that happened, after it.

    Where somebody else has moved the cursor meanwhile, theirs stays: what is told twice is kept once.
    """
    at_once_if_woken = Case(When(woken=True, then=Value(now)), default=Value(now + wait))
    Connection.objects.filter(pk=connection.pk, cursor=connection.cursor).update(
        cursor=cursor, heard_at=now, trouble="", failures=0, next_at=at_once_if_woken, busy_until=None, woken=False
    )


def not_heard(connection: Connection, trouble: str, *, wait: timedelta, now: datetime) -> None:
    """It is asked again after `wait`, with the cursor it had."""
    Connection.objects.filter(pk=connection.pk).update(
        trouble=trouble[:300], failures=F("failures") + 1, next_at=now + wait, busy_until=None, woken=False
    )


def wake(account: Account, *, now: datetime) -> None:
    """Something new is there: it is asked at once, or as soon as whoever is asking it has ended."""
    place = {"community": account.community, "carrier": account.carrier, "name": account.name}
    at_once_if_free = Case(When(busy_until__gt=now, then=F("next_at")), default=Value(now))
    Connection.objects.filter(**place).update(woken=True, next_at=at_once_if_free)


def keep_strange(connection: Connection, records: Sequence[Unreadable]) -> None:
    """Keep what could not be read, to look at; delivered twice it is kept once."""
    rows = {(row.line, row.raw): row for row in map(as_row, records)}
    mine = BadRecord.objects.filter(connection=connection)
    for known in mine.filter(raw__in={raw for _, raw in rows}).values_list("line", "raw"):
        rows.pop(known, None)
    if not rows:
        return
    for row in rows.values():
        row.connection = connection
    room = max(0, KEPT_STRANGE_RECORDS - mine.count())
    BadRecord.objects.bulk_create(list(rows.values())[:room], batch_size=500)
    Connection.objects.filter(pk=connection.pk).update(bad=F("bad") + len(rows))
