"""What became of each, from the facts of the outbox; and who is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from huoqun.community.models import Community
from huoqun.community.parts import parts
from huoqun.content.models import Broadcast, Recipient
from huoqun.content.operations.locking import locked
from huoqun.content.queries import broadcasts
from huoqun.content.rules.choosing import LeftOut
from huoqun.content.rules.counting import STILL_OPEN
from huoqun.outbox.models import Pause
from huoqun.outbox.operations import lift
from huoqun.vocabulary.facts import RequestSettled


def take_note(settled: Iterable[RequestSettled], *, now: datetime) -> None:
    """How requests ended. In any order and as often as they come: the latest word on each counts."""
    latest: dict[str, RequestSettled] = {}
    for fact in settled:
        if fact.request not in latest or latest[fact.request].at <= fact.at:
            latest[fact.request] = fact
    touched: set[int] = set()
    for keys in parts(sorted(latest), 500):
        rows = [row for row in Recipient.objects.filter(request_key__in=keys) if _is_news(row, latest[row.request_key])]
        for row in rows:
            _end(row, latest[row.request_key])
        Recipient.objects.bulk_update(rows, ["outcome", "reason", "message_id", "settled_at"], batch_size=200)
        touched.update(row.broadcast_id for row in rows)
    for pk in sorted(touched):
        with transaction.atomic():
            close_if_settled(locked(pk), now=now)


def _is_news(row: Recipient, fact: RequestSettled) -> bool:
    return row.settled_at is None or row.settled_at <= fact.at


def _end(row: Recipient, fact: RequestSettled) -> None:
    row.outcome, row.reason, row.message_id, row.settled_at = fact.outcome, fact.reason, fact.message_id, fact.at


def close_if_settled(broadcast: Broadcast, *, now: datetime) -> None:
    """Going from the first that went, done with the last. The row is locked."""
    if broadcast.state == Broadcast.State.STOPPED:
        lift_if_nothing_goes(broadcast, now=now)
    if not broadcast.is_open:
        return
    standing = broadcasts.counts([broadcast.pk])[broadcast.pk]
    if broadcast.planned_at is not None and standing.is_settled:
        broadcast.state, broadcast.ended_at = Broadcast.State.DONE, now
    elif standing.has_begun:
        broadcast.state = Broadcast.State.GOING
    broadcast.save(update_fields=["state", "ended_at"])


def lift_if_nothing_goes(broadcast: Broadcast, *, now: datetime) -> None:
    """A stopped broadcast needs its pause no longer when nothing of it can come back any more."""
    if not broadcasts.on_its_way(broadcast):
        lift(Pause.Scope.RUN, f"{broadcast.community.slug}/{broadcast.run}", by=broadcast.stopped_by, now=now)


def forget(people: Collection[int], home: Community, *, now: datetime) -> None:
    """Erased people: neither their name nor what was written to them stays."""
    for keys in parts(people):
        theirs = Recipient.objects.filter(broadcast__community=home, kind=Recipient.Kind.PERSON, key__in=keys)
        touched = set(theirs.values_list("broadcast_id", flat=True))
        theirs.update(name="", text="", identity=None, reason="")
        # The outbox deletes what had not gone out: nothing more will be heard of it.
        theirs.filter(outcome__in=STILL_OPEN).update(left_out=LeftOut.ERASED)
        for pk in sorted(touched):
            with transaction.atomic():
                close_if_settled(locked(pk), now=now)
