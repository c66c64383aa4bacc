"""Callbacks as rows: kept when they come, marked when they were told, forgotten when they are old."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q

from huoqun.carriers import operations as carriers
from huoqun.carriers.wecom.models import Corp, Delivery

from . import kinds, payload
from .spool import PutBy, Spool

SETTLES = timedelta(seconds=2)
"""What a callback about a group speaks of can be asked for only then."""

KEPT = timedelta(days=7)
"""So long a delivery can be looked at; by then nobody delivers it again."""

_FORGOTTEN_AT_ONCE = 500

OPEN = (Delivery.State.NEW, Delivery.State.OWED)


def keep(corp: Corp, body: bytes, *, now: datetime) -> None:
    """Keep what came, and have the account asked at once. Delivered again it stays as it is. What cannot be understood is
    kept as well: that is found out later.
    """
    row = _row(corp, body, now)
    told = corp.archive_account if row.kind == kinds.ARCHIVE else corp.account
    with transaction.atomic():
        Delivery.objects.bulk_create([row], ignore_conflicts=True)
        carriers.wake(told, now=now)


def keep_put_by(found: Sequence[PutBy]) -> None:
    """`keep`, for those that were put by meanwhile, in the order in which they came."""
    corps = Corp.objects.in_bulk({one.corp for one in found})
    rows = [_row(corps[one.corp], one.body, one.at) for one in found if one.corp in corps]
    told = {row.corp.archive_account if row.kind == kinds.ARCHIVE else row.corp.account: row.received_at for row in rows}
    with transaction.atomic():
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        for account, at in told.items():
            carriers.wake(account, now=at)


SPOOL = Spool(Path(settings.DATA) / "put-by" / "wecom", keep_put_by)


def _row(corp: Corp, body: bytes, now: datetime) -> Delivery:
    try:
        fields = payload.read(body)
        kind, key = kinds.kind_of(fields), kinds.key_of(fields)
    except payload.Garbled:
        kind, key = "", kinds.key_of_garbled(body)
    waits = SETTLES if kind.startswith(f"{kinds.CHAT}/") else timedelta(0)
    # A null character is no text to PostgreSQL.
    text = body.decode(errors="replace").replace("\0", "\ufffd")
    return Delivery(corp=corp, key=key, kind=kind, body=text, received_at=now, try_at=now + waits)


def due(corp: Corp, most: int, *, now: datetime) -> list[Delivery]:
    rows = Delivery.objects.filter(corp=corp, state__in=OPEN, try_at__lte=now)
    return list(rows.order_by("pk")[:most])


def next_due(corp: Corp) -> datetime | None:
    """When the first of those that are open may be read."""
    earliest: datetime | None = Delivery.objects.filter(corp=corp, state__in=OPEN).aggregate(first=Min("try_at"))["first"]
    return earliest


def told(corp: Corp, answer: str, ended: Mapping[int, Delivery.State], *, owed_at: datetime) -> None:
    """What these deliveries said is in the answer of this name; once that is kept they are in the states given."""
    by_state: dict[Delivery.State, list[int]] = defaultdict(list)
    for pk, state in ended.items():
        by_state[state].append(pk)
    for state, rows in by_state.items():
        later = {"try_at": owed_at} if state == Delivery.State.OWED else {}
        Delivery.objects.filter(corp=corp, pk__in=rows).update(told_in=answer, after=state, **later)


def put_off(corp: Corp, rows: Iterable[int], *, until: datetime) -> None:
    """Their details cannot be had now."""
    Delivery.objects.filter(corp=corp, pk__in=list(rows)).update(try_at=until, tries=F("tries") + 1)


def settle(corp: Corp, answer: str) -> None:
    """What the answer of this name told is kept."""
    if answer:
        Delivery.objects.filter(corp=corp, told_in=answer, state__in=OPEN).update(state=F("after"), told_in="", tries=0)


def forget(corp: Corp, *, now: datetime) -> int:
    """Some of those that are old; call it now and then."""
    old = Delivery.objects.filter(~Q(state__in=OPEN), corp=corp, received_at__lt=now - KEPT)
    return Delivery.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])).delete()[0]


def forget_people(community: str, native_ids: Collection[str]) -> None:
    """What has been told of these people goes at once; what is still open is told first (who was erased is left out of it),
    because it may speak of others too, and goes with its age.
    """
    rows = Delivery.objects.filter(~Q(state__in=OPEN), corp__community=community)
    for native_id in native_ids:
        rows.filter(body__contains=native_id).delete()
