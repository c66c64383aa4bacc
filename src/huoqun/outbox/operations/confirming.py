"""Requests which the carrier has and a colleague must still confirm: asked after, reminded of, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from huoqun.carriers.base import Confirmation
from huoqun.console.models import Staff
from huoqun.outbox.models import Request
from huoqun.outbox.operations.recording import add_stages, cut
from huoqun.outbox.operations.spending import spent_before, write_down
from huoqun.outbox.rules.confirming import Standing
from huoqun.outbox.rules.endings import LEASE
from huoqun.outbox.rules.paces import Book, Limit
from huoqun.outbox.rules.states import State
from huoqun.vocabulary.ids import Account

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Task:
    """What the carrier holds under one id, with every request of it that still waits."""

    account: Account
    message_id: str
    rows: tuple[Request, ...]

    def is_over(self, now: datetime) -> bool:
        """The carrier takes back a task as a whole, so all of it must be over."""
        return all(standing(row).is_over(now) and row.withdrawable for row in self.rows)


def standing(row: Request) -> Standing:
    if row.confirm_by is None:
        raise ValueError(f"{row.key} waits for a confirmation, and nobody wrote down until when")
    return Standing(row.confirm_by, row.withdrawable, not row.unwanted, row.looks)


def to_follow(most: int, *, now: datetime) -> list[Task]:
    """The next tasks to be asked after. Nobody else is given them meanwhile; if this worker dies, they come up again later."""
    due = Request.objects.filter(state=State.CONFIRMING, next_try_at__lte=now).order_by("next_try_at", "id")
    if not due.exists():
        return []
    with transaction.atomic():
        first = list(due.select_for_update(skip_locked=True)[:most])
        names = dict.fromkeys((row.through, row.message_id) for row in first)
        return [task for account, message in names if (task := _taken(account, message, now)) is not None]


def _taken(account: Account, message_id: str, now: datetime) -> Task | None:
    """None where somebody else has part of it in hand at this moment."""
    there = _of_task(account, message_id)
    rows = list(there.order_by("pk").select_for_update(skip_locked=True))
    if len(rows) != there.count():
        return None
    _update_parts(rows, next_try_at=now + LEASE + timedelta(seconds=30))
    return Task(account, message_id, tuple(rows))


def _of_task(account: Account, message_id: str) -> QuerySet[Request]:
    names = {"community": account.community, "carrier": account.carrier, "account": account.name}
    return Request.objects.filter(state=State.CONFIRMING, message_id=message_id, **names)


def still_waiting(rows: Iterable[tuple[Request, datetime]]) -> None:
    """They stand as they stood; asked again at that time."""
    by_time: dict[datetime, list[Request]] = {}
    for row, again in rows:
        by_time.setdefault(again, []).append(row)
    for again, those in by_time.items():
        _update_parts(those, next_try_at=again, looks=F("looks") + 1)


def _update_parts(rows: Sequence[Request], **values: object) -> None:
    ids = [row.pk for row in rows]
    for start in range(0, len(ids), _AT_ONCE):
        Request.objects.filter(pk__in=ids[start : start + _AT_ONCE], state=State.CONFIRMING).update(**values)


# Reminders


def due_reminder(task: Task, *, now: datetime) -> bool:
    """Somebody asked for it, or it is time."""
    return any(row.remind_at is not None and row.remind_at <= now for row in task.rows)


def spend_reminder(task: Task, confirmation: Confirmation, *, now: datetime) -> datetime | None:
    """Counted before it goes out, so that a crash never makes them too many. Otherwise the time when one is free."""
    scope = f"remind|{task.account}|{task.message_id}"[:700]
    limit = Limit(scope, confirmation.every, confirmation.reminders)
    with transaction.atomic():
        book = Book(spent_before([scope], now=now), now=now)
        blocked = book.blocked_by([limit])
        if blocked is not None:
            return blocked[1]
        book.spend([limit])
        write_down(book.fresh)
    return None


def note_reminded(task: Task, *, at: datetime, next_at: datetime | None) -> None:
    with transaction.atomic():
        _update_parts(task.rows, reminders=F("reminders") + 1, reminded_at=at, remind_at=next_at)
        add_stages([(row.pk, at, "reminded", row.waits_for_staff, None) for row in task.rows])


def put_off_reminder(task: Task, until: datetime | None, *, now: datetime, reason: str = "") -> None:
    """None: they are not reminded any more; the reason is shown."""
    with transaction.atomic():
        _update_parts(task.rows, remind_at=until)
        if until is None:
            add_stages([(row.pk, now, "not_reminded", cut(reason), None) for row in task.rows])


def remind(requests: Iterable[Request], *, by: Staff | None, now: datetime) -> int:
    """Who has not confirmed is reminded as soon as the carrier lets it. Returns of how many; others wait for nobody."""
    ids = [request.pk for request in requests]
    with transaction.atomic():
        there = Request.objects.filter(pk__in=ids, state=State.CONFIRMING, unwanted=False)
        rows = list(there.select_for_update().order_by("pk"))
        _update_parts(rows, remind_at=now, next_try_at=now)
    return len(rows)


def take_back(requests: Iterable[Request], *, by: Staff | None, now: datetime) -> int:
    """Nobody wants them any more: the carrier is asked to take back the whole task, once nobody wants any of it. They end as
    cancelled, or as sent where somebody was quicker. Returns of how many; what cannot be taken back stays.
    """
    ids = [request.pk for request in requests]
    with transaction.atomic():
        there = Request.objects.filter(pk__in=ids, state=State.CONFIRMING, unwanted=False, withdrawable=True)
        rows = list(there.select_for_update().order_by("pk"))
        _update_parts(rows, unwanted=True, next_try_at=now, remind_at=None)
        add_stages([(row.pk, now, "withdrawing", "", by.pk if by else None) for row in rows])
    return len(rows)
