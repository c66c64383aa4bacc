"""What people decide about single requests."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from huoqun.console.models import Staff
from huoqun.outbox.models import Request
from huoqun.outbox.operations.confirming import take_back
from huoqun.outbox.operations.recording import add_stages, announce_settled, cut
from huoqun.outbox.rules.endings import Effect
from huoqun.outbox.rules.states import STOPPABLE, State, Why


def cancel(requests: Iterable[Request], *, by: Staff | None, now: datetime, reason: str = "") -> int:
    """They will not go out. Returns how many; what is on its way, or settled, stays as it is. Where an earlier call was cut off
    and may have done it, the request is at the end of its time instead: it is looked up, and ends as sent, expired or unknown.
    What waits for a colleague at the carrier is taken back there, where the carrier can.
    """
    requests = list(requests)
    over = Effect(State.WAITING, reason, next_try_at=now)
    doubtful = Request.objects.filter(pk__in=[each.pk for each in requests], in_doubt=True, state__in=STOPPABLE)
    with transaction.atomic():
        in_doubt = list(doubtful.select_for_update())
        Request.objects.filter(pk__in=[each.pk for each in in_doubt]).update(expires_at=now)
        stopped = _turn(in_doubt, STOPPABLE, over, by=by, now=now, stage=State.CANCELLED)
        others = [each for each in requests if each not in in_doubt]
        stopped += take_back(others, by=by, now=now)
        return stopped + _turn(others, STOPPABLE, Effect(State.CANCELLED, reason), by=by, now=now)


def hold(requests: Iterable[Request], *, by: Staff | None, now: datetime) -> int:
    """They stay until somebody lets them go on. Returns how many were waiting."""
    return _turn(requests, (State.WAITING,), Effect(State.HELD), by=by, now=now)


def release(requests: Iterable[Request], *, by: Staff | None, now: datetime) -> int:
    """Held ones go on when they are due."""
    return _turn(requests, (State.HELD,), Effect(State.WAITING, next_try_at=now), by=by, now=now, stage="released")


def try_again(requests: Iterable[Request], *, by: Staff | None, now: datetime) -> int:
    """Refused ones are tried once more: somebody has mended what was in the way. What is past its time will expire."""
    return _turn(requests, (State.REFUSED,), Effect(State.WAITING, next_try_at=now), by=by, now=now, stage="again")


def settle_done(requests: Iterable[Request], *, by: Staff | None, now: datetime) -> int:
    """Somebody has looked: an unknown one is there after all."""
    return _turn(requests, (State.UNKNOWN,), Effect(State.SENT), by=by, now=now, stage="confirmed")


def settle_not_done(requests: Iterable[Request], *, again: bool, by: Staff | None, now: datetime) -> int:
    """Somebody has looked: an unknown one is not there. `again`: send it now, else leave it."""
    effect = Effect(State.WAITING, next_try_at=now) if again else Effect(State.CANCELLED)
    return _turn(requests, (State.UNKNOWN,), effect, by=by, now=now, stage="again" if again else "")


def confirm(requests: Iterable[Request], *, by: Staff | None, now: datetime) -> int:
    """Somebody has done by hand what was handed over."""
    return _turn(requests, (State.HANDED,), Effect(State.SENT), by=by, now=now, stage="confirmed")


def _turn(
    requests: Iterable[Request],
    from_states: Collection[State],
    effect: Effect,
    *,
    by: Staff | None,
    now: datetime,
    stage: str = "",
) -> int:
    ids = [request.pk for request in requests]
    with transaction.atomic():
        there = Request.objects.select_for_update().filter(pk__in=ids, state__in=from_states).order_by("pk")
        rows = list(there)
        Request.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=effect.state,
            # A new fence: a worker that comes back from the dead no longer overrules what somebody has decided.
            fence=F("fence") + 1,
            reason=cut(effect.reason),
            next_try_at=effect.next_try_at,
            waits_for=Why.NOT,
            looks=0,
            unwanted=False,
            settled_at=now if effect.state in {State.SENT, State.CANCELLED} else None,
        )
        what, who = stage or effect.state.value, by.pk if by else None
        add_stages([(row.pk, now, what, cut(effect.reason), who) for row in rows])
        announce_settled([(row, effect) for row in rows], now=now)
    return len(rows)
