"""Pause, go on, stop half-way."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huoqun.community.parts import parts
from huoqun.console.models import Staff
from huoqun.content.models import Broadcast
from huoqun.content.operations.following import lift_if_nothing_goes
from huoqun.content.operations.locking import locked
from huoqun.content.queries.broadcasts import requests_of
from huoqun.outbox import operations as outbox
from huoqun.outbox.models import Pause
from huoqun.outbox.rules.states import STOPPABLE, State


def pause(broadcast: Broadcast, *, by: Staff, now: datetime) -> bool:
    """Nothing more of it goes out until somebody resumes it; what comes too late then is not made up for. False where there is
    nothing to pause.
    """
    with transaction.atomic():
        row = locked(broadcast.pk)
        if not row.is_open:
            return False
        outbox.pause(Pause.Scope.RUN, _value(row), by=by, now=now)
    return True


def resume(broadcast: Broadcast, *, by: Staff, now: datetime) -> bool:
    """False where it was not paused, or is stopped for good."""
    with transaction.atomic():
        row = locked(broadcast.pk)
        return row.is_open and outbox.lift(Pause.Scope.RUN, _value(row), by=by, now=now)


def stop(broadcast: Broadcast, *, by: Staff, now: datetime) -> int:
    """What has not gone out stays here for good, with people's hands, too. Returns how many requests were cancelled; what is on
    its way at this moment ends by itself, and if it comes back it stays. What colleagues have not confirmed is taken back.
    """
    with transaction.atomic():
        row = locked(broadcast.pk)
        if not row.is_open:
            return 0
        row.state, row.stopped_by, row.ended_at = Broadcast.State.STOPPED, by, now
        row.save(update_fields=["state", "stopped_by", "ended_at"])
        outbox.pause(Pause.Scope.RUN, _value(row), by=by, now=now)
        waiting = requests_of(row).filter(state__in=[*STOPPABLE, State.CONFIRMING]).only("pk")
        stopped = sum(outbox.cancel(some, by=by, now=now) for some in parts(waiting))
        lift_if_nothing_goes(row, now=now)
    return stopped


def remind(broadcast: Broadcast, *, by: Staff, now: datetime) -> int:
    """Colleagues who have not confirmed their part are reminded, as soon as the carrier lets it. Returns of how many."""
    waiting = requests_of(broadcast).filter(state=State.CONFIRMING).only("pk")
    return sum(outbox.remind(some, by=by, now=now) for some in parts(waiting))


def _value(broadcast: Broadcast) -> str:
    return f"{broadcast.community.slug}/{broadcast.run}"
