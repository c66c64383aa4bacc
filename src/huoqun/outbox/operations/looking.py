"""Requests whose call was cut off, to be looked up with the carrier."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from huoqun.outbox.models import Request
from huoqun.outbox.rules.endings import LEASE
from huoqun.outbox.rules.states import State


def to_look_up(most: int, *, now: datetime) -> list[Request]:
    """The next ones. Nobody else is given them while this worker asks; if it dies, they come up again later."""
    due = Request.objects.filter(state=State.UNKNOWN, next_try_at__lte=now).order_by("next_try_at", "id")
    if not due.exists():
        return []
    with transaction.atomic():
        rows = list(due.select_for_update(skip_locked=True)[:most])
        Request.objects.filter(pk__in=[row.pk for row in rows]).update(next_try_at=now + LEASE + timedelta(seconds=len(rows)))
    return rows
