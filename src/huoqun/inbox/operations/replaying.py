"""Parked entries, delivered again when somebody asks for it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from huoqun.console.models import Staff
from huoqun.inbox.models import Parked
from huoqun.inbox.operations.delivery import NOT_THE_ENTRYS_FAULT, stored
from huoqun.inbox.rules import reason
from huoqun.inbox.types import Batch, Subscription

log = logging.getLogger(__name__)


def ask_for_replay(ids: Iterable[int], *, by: Staff, now: datetime) -> int:
    """The worker will deliver these parked entries once more. Returns how many were still open; asking twice is once."""
    waiting = Parked.objects.filter(pk__in=list(ids), settled_at__isnull=True)
    return waiting.update(replay_asked_at=now, replay_asked_by=by)


def replay_what_was_asked(subscriptions: Mapping[str, Subscription], *, now: datetime, most: int = 100) -> int:
    """Deliver what was asked for, one entry a transaction. Returns how many were tried."""
    asked = Parked.objects.filter(replay_asked_at__isnull=False, subscriber__in=subscriptions).order_by("pk")
    chosen = list(asked.values_list("pk", "subscriber")[:most])
    return sum(_replay(pk, subscriptions[subscriber], now) for pk, subscriber in chosen)


def _replay(pk: int, subscription: Subscription, now: datetime) -> bool:
    """False where it has to wait: what was asked for stands."""
    try:
        with transaction.atomic():
            parked = _locked(pk)
            if parked is None:
                return False
            # Its own writer: versions of the ordinary one have long gone past this entry.
            batch = Batch((stored(parked.entry),), writer=f"{subscription.name}/parked/{pk}", replayed=True)
            subscription.handler(batch, now=now)
            parked.settled_at, parked.replay_asked_at = now, None
            parked.save(update_fields=["settled_at", "replay_asked_at"])
    except (*NOT_THE_ENTRYS_FAULT, *subscription.waits_for) as busy:
        log.warning("%s waits with parked entry %s: %s", subscription.name, pk, busy)
        return False
    except Exception as error:
        # As in delivery: this is where an unexpected error ends, kept with the entry and shown.
        log.warning("%s could not take parked entry %s again", subscription.name, pk, exc_info=error)
        _still_parked(pk, error)
    return True


def _locked(pk: int) -> Parked | None:
    rows = Parked.objects.select_for_update(skip_locked=True, of=("self",)).select_related("entry")
    return rows.filter(pk=pk, replay_asked_at__isnull=False).first()


def _still_parked(pk: int, error: Exception) -> None:
    Parked.objects.filter(pk=pk, settled_at__isnull=True).update(
        tries=F("tries") + 1,
        reason=reason(error),
        error="".join(traceback.format_exception(error)),
        replay_asked_at=None,
    )
