"""Appending to the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from uuid import uuid4

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from huoqun.inbox import codec, turnstile
from huoqun.inbox.errors import NotStorable
from huoqun.inbox.rules import shard_of
from huoqun.vocabulary.events import Event
from huoqun.vocabulary.facts import Fact
from huoqun.vocabulary.ids import Account

_Moment = datetime | str
_Row = tuple[str, str, str, str, int, str, _Moment, _Moment]
_COLUMNS = "community, account, source_id, name, shard, payload, at, stored_at"
_ONE_STATEMENT = 500
_LONGEST = {"community": 64, "account": 300, "source_id": 500}
_ONCE = "ON CONFLICT (account, source_id) DO NOTHING"


def store(events: Iterable[Event], *, now: datetime) -> int:
    """Keep what a carrier reported; returns how many were new. What is there already stays as it is: deliver as often as
    you like. All or nothing: raises NotStorable, naming the event, where one cannot be kept.
    """
    kept_at, names, rows = _on_disk(now), dict[Account, str](), list[_Row]()
    for event in events:
        name = names.get(event.account)
        if name is None:
            name = names[event.account] = _checked(event.source_id, event.account.community, str(event.account))
        rows.append(_row(event.account.community, name, event.source_id, event, kept_at))
    return _append(rows)


def announce(facts: Iterable[Fact], *, now: datetime) -> None:
    """Tell every room, in the caller's transaction: if that is undone, nothing was said."""
    kept_at, rows = _on_disk(now), list[_Row]()
    for fact in facts:
        # A fact has no id from outside that could come twice; its transaction alone makes it happen once.
        source_id = uuid4().hex
        name = _checked(source_id, fact.community, f"house/{fact.community}")
        rows.append(_row(fact.community, name, source_id, fact, kept_at))
    _append(rows)


def _on_disk(moment: datetime) -> _Moment:
    return moment if connection.vendor == "postgresql" else _as_text(moment)


def _as_text(moment: datetime) -> str:
    """What Django's adapter for SQLite gives, in a quarter of its time."""
    return str(moment if moment.tzinfo is UTC else moment.astimezone(UTC))[: -len("+00:00")]


def _checked(source_id: str, community: str, account: str) -> str:
    """The account's name, where both can be kept."""
    for column, text in (("community", community), ("account", account)):
        if not text or len(text) > _LONGEST[column] or "\0" in text:
            raise _unfit(source_id, column)
    return account


def _unfit(source_id: str, column: str) -> NotStorable:
    return NotStorable(source_id, f"its {column} is empty, holds a null character or is over {_LONGEST[column]} long")


def _row(community: str, account: str, source_id: str, what: Event | Fact, kept_at: _Moment) -> _Row:
    """`community` and `account` have been checked."""
    if what.at.tzinfo is None:
        raise NotStorable(source_id, "its time has no zone; give it one (times are kept in UTC)")
    if not source_id or len(source_id) > _LONGEST["source_id"] or "\0" in source_id:
        raise _unfit(source_id, "source_id")
    try:
        payload = codec.written(what)
    except UnicodeEncodeError as broken:
        raise NotStorable(source_id, f"it holds text that is no Unicode ({broken.reason}); replace it") from broken
    at = what.at if isinstance(kept_at, datetime) else _as_text(what.at)
    return (community, account, source_id, type(what).__name__, shard_of(what), payload, at, kept_at)


def _append(rows: Sequence[_Row]) -> int:
    if not rows:
        return 0
    with turnstile.ahead(), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The transaction must have its id before it draws positions: `horizon.py` rests on that.
            cursor.execute("SELECT pg_current_xact_id()")
        return sum(_insert(cursor, rows[start : start + _ONE_STATEMENT]) for start in range(0, len(rows), _ONE_STATEMENT))


def _insert(cursor: CursorWrapper, rows: Sequence[_Row]) -> int:
    # Plain SQL because the ORM cuts SQLite's inserts at 999 values and cannot say how many rows were new.
    cursor.execute(_values(len(rows)), list(chain.from_iterable(rows)))
    return int(cursor.rowcount)


@cache
def _values(rows: int) -> str:
    one = f"({', '.join(['%s'] * (_COLUMNS.count(',') + 1))})"
    return f"INSERT INTO inbox_entry ({_COLUMNS}) VALUES {', '.join([one] * rows)} {_ONCE}"  # noqa: S608
