"""Keeping what rooms ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from huoqun.console.models import Staff
from huoqun.outbox import codec
from huoqun.outbox.errors import NotAskable
from huoqun.outbox.models import Request
from huoqun.outbox.operations.disk import OnDisk, add_new, on_disk
from huoqun.outbox.rules.going import first_time
from huoqun.outbox.rules.quiet import QuietHours
from huoqun.outbox.rules.states import State, Why
from huoqun.outbox.types import NORMAL, Ask
from huoqun.vocabulary.actions import ACTIONS, Action, target

_Row = tuple[str | int | bool | None, ...]
_COLUMNS = (
    "community", "carrier", "account", "key", "action", "payload", "target", "room", "about", "run", "priority", "not_before",
    "expires_at", "quiet", "state", "waits_for", "next_try_at", "attempts", "looks", "fence", "in_doubt", "reason",
    "message_id", "failed", "asked_at", "asked_by_id",
)  # fmt: skip
_LONGEST = {"community": 64, "carrier": 64, "account": 170, "key": 200, "target": 300, "room": 40, "about": 200, "run": 120}
_MAY_BE_EMPTY = {"about", "run"}


def ask(
    action: Action,
    *,
    key: str,
    room: str,
    about: str,
    now: datetime,
    by: Staff | None = None,
    not_before: datetime | None = None,
    expires: datetime | None = None,
    quiet: QuietHours | None = None,
    priority: int = NORMAL,
    run: str = "",
) -> Request:
    """The request with this key, as it was first asked for: asking again changes nothing. In the caller's transaction: if that
    is undone, nothing was asked. Raises NotAskable, naming the field.
    """
    wish = Ask(
        action=action, key=key, room=room, about=about, by=by, not_before=not_before, expires=expires, quiet=quiet,
        priority=priority, run=run,
    )  # fmt: skip
    ask_many([wish], now=now)
    return Request.objects.get(community=action.account.community, key=key)


def ask_many(wishes: Iterable[Ask], *, now: datetime) -> int:
    """The same for many; returns how many were new. All or nothing."""
    written = on_disk()
    rows = [_row(wish, now, written) for wish in wishes]
    with transaction.atomic(savepoint=False):
        return add_new("outbox_request", _COLUMNS, rows, unique=("community", "key"))


def _row(wish: Ask, now: datetime, written: OnDisk) -> _Row:
    action, account = wish.action, wish.action.account
    not_before = wish.not_before or now
    _check_times(wish, not_before)
    if type(action).__name__ not in ACTIONS:
        raise NotAskable(wish.key, f"{type(action).__name__} is no action of the vocabulary")
    if not 1 <= wish.priority <= 9:
        raise NotAskable(wish.key, f"its priority is {wish.priority}; 1 goes first, 9 last")
    texts = {
        "community": account.community, "carrier": account.carrier, "account": account.name, "key": wish.key,
        "target": target(action), "room": wish.room, "about": wish.about, "run": wish.run,
    }  # fmt: skip
    _check_texts(wish.key, texts)
    return (
        texts["community"], texts["carrier"], texts["account"], wish.key, type(action).__name__, _payload(wish),
        texts["target"], wish.room, wish.about, wish.run, wish.priority, written(not_before), written(wish.expires),
        codec.written(wish.quiet) if wish.quiet else "", State.WAITING.value, Why.NOT.value,
        written(first_time(not_before, wish.quiet)), 0, 0, 0, False, "", "", "", written(now),
        wish.by.pk if wish.by else None,
    )  # fmt: skip


def _check_times(wish: Ask, not_before: datetime) -> None:
    for name, moment in (("not_before", wish.not_before), ("expires", wish.expires)):
        if moment is not None and moment.tzinfo is None:
            raise NotAskable(wish.key, f"{name} has no zone; give it one (times are kept in UTC)")
    if wish.expires is not None and wish.expires <= not_before:
        raise NotAskable(wish.key, f"it expires at {wish.expires}, before it may go out at {not_before}")


def _check_texts(key: str, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        if len(text) > _LONGEST[name] or "\0" in text or (not text and name not in _MAY_BE_EMPTY):
            raise NotAskable(key, f"its {name} is empty, holds a null character or is over {_LONGEST[name]} long")


def _payload(wish: Ask) -> str:
    try:
        return codec.written(wish.action)
    except UnicodeEncodeError as broken:
        raise NotAskable(wish.key, f"it holds text that is no Unicode ({broken.reason}); replace it") from broken
