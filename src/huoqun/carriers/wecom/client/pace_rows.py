"""What all processes of an installation have called of late, as rows: each process writes its own, and reads everybody's."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from huoqun.carriers.wecom.models import Closed, Spent

from .budget import SLOT, Closing, Told

KEPT = timedelta(days=1, minutes=10)


def exchange(whose: str, by: str, news: Told, *, now: datetime) -> Told:
    """Write down what this process tells, and give what all the others have told."""
    with transaction.atomic():
        Spent.objects.bulk_create(
            (Spent(whose=whose, path=path, slot=slot, by=by, calls=calls) for path, slot, calls in news.calls),
            update_conflicts=True,
            unique_fields=["whose", "path", "slot", "by"],
            update_fields=["calls"],
        )
        Closed.objects.bulk_create(
            (Closed(whose=whose, path=each.path, until=each.until, times=each.times) for each in news.closings),
            update_conflicts=True,
            unique_fields=["whose", "path"],
            update_fields=["until", "times"],
        )
    others = Spent.objects.filter(whose=whose, slot__gte=_slot(now - KEPT)).exclude(by=by)
    closed = Closed.objects.filter(whose=whose, until__gt=now).values_list("path", "until", "times")
    return Told(tuple(others.values_list("path", "slot", "calls")), tuple(Closing(*row) for row in closed))


def forget(*, now: datetime) -> None:
    Spent.objects.filter(slot__lt=_slot(now - KEPT)).delete()


def _slot(moment: datetime) -> int:
    return int(moment.timestamp() // SLOT)
