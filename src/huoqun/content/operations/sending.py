"""From a draft to requests in the outbox."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from huoqun.community.parts import parts
from huoqun.console.models import Staff
from huoqun.content.errors import CannotSend, NobodyToReach, TimeIsPast, ValuesMissing
from huoqun.content.models import Broadcast, Recipient
from huoqun.content.operations.following import close_if_settled
from huoqun.content.operations.locking import locked, locked_draft
from huoqun.content.queries.audience import Audience, Target, audience, with_text
from huoqun.content.rules.choosing import LeftOut
from huoqun.content.rules.filling import day_values
from huoqun.content.rules.timing import LIFETIME, Dice, offsets
from huoqun.jobs import operations as jobs
from huoqun.outbox.operations import ask_many
from huoqun.outbox.rules.quiet import first_allowed
from huoqun.outbox.types import Ask

ROOM = "content"
JOB = "broadcast"
BATCH = 500
BEHIND_THE_REST = 7
"""Priority in the outbox: a welcome or an answer goes before a broadcast."""

Progress = Callable[[int, int], None]


def check(broadcast: Broadcast, *, by: Staff, now: datetime) -> Audience:
    """Whom it reaches when it is sent now, or at its time. Raises CannotSend, saying what to mend; nothing is changed."""
    everybody = audience(broadcast, by=by, at=broadcast.send_at or now)
    judge(broadcast, everybody, now=now)
    return everybody


def judge(broadcast: Broadcast, everybody: Audience, *, now: datetime) -> None:
    """Raises CannotSend where it must not go out to them as it is."""
    if broadcast.send_at is not None and broadcast.send_at <= now:
        raise TimeIsPast
    if not everybody.reached:
        raise NobodyToReach
    if everybody.unfilled:
        raise ValuesMissing(everybody.missing, len(everybody.unfilled))


def send(broadcast: Broadcast, *, by: Staff, now: datetime) -> Broadcast:
    """It goes out: a worker plans it (`plan`). Raises CannotSend, NotADraft; nothing is changed then."""
    check(broadcast, by=by, now=now)
    with transaction.atomic():
        row = locked_draft(broadcast)
        row.state, row.sent_by, row.sent_at = Broadcast.State.PLANNED, by, now
        row.save(update_fields=["state", "sent_by", "sent_at"])
        jobs.ask(JOB, {"broadcast": row.pk}, key=str(row.pk), by=by, now=now)
    return row


def _back_to_draft(pk: int) -> None:
    with transaction.atomic():
        broadcast = locked(pk)
        if not broadcast.recipients.exists():
            broadcast.state, broadcast.sent_by, broadcast.sent_at = Broadcast.State.DRAFT, None, None
            broadcast.save(update_fields=["state", "sent_by", "sent_at"])


@dataclass(frozen=True, slots=True)
class _Due:
    target: Target
    at: datetime


def plan(pk: int, *, now: datetime, dice: Dice = random.random, progress: Progress = lambda done, total: None) -> int:
    """Writes down everybody it goes to and everybody left out, and asks the outbox, batch by batch; returns how many were new.

    May be repeated, also by two at once and after a crash between any two lines: recipients and their requests are written in
    one transaction, and each has a key that stays the same. Ends early where somebody stops the broadcast. Raises CannotSend
    where it can no longer go out as it was checked: it is a draft again, and its page says what to mend.
    """
    broadcast = Broadcast.objects.select_related("community", "sent_by").get(pk=pk)
    if broadcast.sent_by is None or not broadcast.is_open:
        return 0
    try:
        everybody = audience(broadcast, by=broadcast.sent_by, at=broadcast.send_at or now)
    except CannotSend:
        _back_to_draft(pk)
        raise
    planned = list(_due(broadcast, everybody, start=max(broadcast.send_at or now, now), dice=dice))
    new = done = 0
    for batch in parts(planned, BATCH):
        added = _add(pk, batch, now)
        if added is None:
            return new
        new, done = new + added, done + len(batch)
        progress(done, len(planned))
    _all_planned(pk, now)
    return new


def _due(broadcast: Broadcast, everybody: Audience, *, start: datetime, dice: Dice) -> Iterator[_Due]:
    """When each is due, and its text as of that day."""
    reached, zone = everybody.reached, ZoneInfo(broadcast.community.zone)
    for target, offset in zip(reached, offsets(len(reached), broadcast.spread_minutes, dice), strict=True):
        at = first_allowed(start + offset, broadcast.quiet)
        yield _Due(with_text(broadcast, target, day_values(at.astimezone(zone).date())), start + offset)
    for target in everybody.without:
        yield _Due(target, start)


def _add(pk: int, batch: Sequence[_Due], now: datetime) -> int | None:
    """None: it was stopped meanwhile."""
    with transaction.atomic():
        broadcast = locked(pk)
        if not broadcast.is_open:
            return None
        keys = {_key(broadcast, each.target): each for each in batch}
        known = set(Recipient.objects.filter(request_key__in=keys).values_list("request_key", flat=True))
        fresh = {key: each for key, each in keys.items() if key not in known}
        Recipient.objects.bulk_create([_recipient(broadcast, key, each) for key, each in fresh.items()])
        pictures = tuple(broadcast.pictures.values_list("upload_id", flat=True))
        going = {key: each for key, each in fresh.items() if _left_out(each.target) is None}
        ask_many([_wish(broadcast, key, each, pictures) for key, each in going.items()], now=now)
    return len(going)


def _key(broadcast: Broadcast, target: Target) -> str:
    return f"{broadcast.run}/{target.kind}/{target.key}"


def _left_out(target: Target) -> LeftOut | None:
    # Somebody may have taken a value away since it was checked.
    return LeftOut.UNFILLED if target.missing else target.left_out


def _recipient(broadcast: Broadcast, key: str, due: _Due) -> Recipient:
    target, left_out = due.target, _left_out(due.target)
    return Recipient(
        broadcast=broadcast,
        kind=target.kind,
        key=target.key,
        group=target.group,
        identity=target.identity,
        name=target.name[:200],
        text=target.text,
        by_hand=target.by_hand,
        request_key=key,
        due_at=None if left_out else due.at,
        left_out=left_out or "",
    )


def _wish(broadcast: Broadcast, key: str, due: _Due, pictures: tuple[str, ...]) -> Ask:
    return Ask(
        action=due.target.action(broadcast, pictures),
        key=key,
        room=ROOM,
        about=broadcast.run,
        by=broadcast.sent_by,
        not_before=due.at,
        expires=first_allowed(due.at, broadcast.quiet) + LIFETIME,
        quiet=broadcast.quiet,
        priority=BEHIND_THE_REST,
        run=broadcast.run,
    )


def _all_planned(pk: int, now: datetime) -> None:
    with transaction.atomic():
        broadcast = locked(pk)
        if broadcast.planned_at is None:
            broadcast.planned_at = now
            broadcast.save(update_fields=["planned_at"])
        close_if_settled(broadcast, now=now)
