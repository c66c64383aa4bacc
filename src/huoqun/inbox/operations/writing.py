"""Appending to the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import uuid4

from django.db import connection, transaction

from huoqun.inbox import codec
from huoqun.inbox.errors import NotStorable
from huoqun.inbox.rules import shard_of
from huoqun.vocabulary.events import Event
from huoqun.vocabulary.facts import Fact

_Row = tuple[str | int | None, ...]
_COLUMNS = ("community", "account", "source_id", "name", "shard", "payload", "at", "stored_at")
_ONE_STATEMENT = 500
_LONGEST = {"community": 64, "account": 300, "source_id": 500}


def store(events: Iterable[Event], *, now: datetime) -> int:
    """Keep what a carrier reported; returns how many were new. What is there already stays as it is: deliver as often as
    you like. All or nothing: raises NotStorable, naming the event, where one cannot be kept.
    """
    kept_at = _on_disk(now)
    return _append([_row(event.account.community, str(event.account), event.source_id, event, kept_at) for event in events])


def announce(facts: Iterable[Fact], *, now: datetime) -> None:
    """Tell every room, in the caller's transaction: if that is undone, nothing was said."""
    kept_at = _on_disk(now)
    # A fact has no id from outside that could come twice; its transaction alone makes it happen once.
    _append([_row(fact.community, f"house/{fact.community}", uuid4().hex, fact, kept_at) for fact in facts])


def _on_disk(moment: datetime) -> str | None:
    return connection.ops.adapt_datetimefield_value(moment)


def _row(community: str, account: str, source_id: str, what: Event | Fact, kept_at: str | None) -> _Row:
    if what.at.tzinfo is None:
        raise NotStorable(source_id, "its time has no zone; give it one (times are kept in UTC)")
    for column, text in (("community", community), ("account", account), ("source_id", source_id)):
        if not text or len(text) > _LONGEST[column] or "\0" in text:
            raise NotStorable(source_id, f"its {column} is empty, holds a null character or is over {_LONGEST[column]} long")
    try:
        payload = codec.written(what)
    except UnicodeEncodeError as broken:
        raise NotStorable(source_id, f"it holds text that is no Unicode ({broken.reason}); replace it") from broken
    return (community, account, source_id, type(what).__name__, shard_of(what), payload, _on_disk(what.at), kept_at)


def _append(rows: Sequence[_Row]) -> int:
    if not rows:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The transaction must have its id before it draws positions: `horizon.py` rests on that.
            cursor.execute("SELECT pg_current_xact_id()")
        new = 0
        for part in _parts(rows):
            # Plain SQL because the ORM cuts SQLite's inserts at 999 values and cannot say how many rows were new.
            cursor.execute(
                f"INSERT INTO inbox_entry ({', '.join(_COLUMNS)}) VALUES {_places(len(part))}"  # noqa: S608
                " ON CONFLICT (account, source_id) DO NOTHING",
                [value for row in part for value in row],
            )
            new += cursor.rowcount
    return new


def _parts(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    for start in range(0, len(rows), _ONE_STATEMENT):
        yield rows[start : start + _ONE_STATEMENT]


def _places(rows: int) -> str:
    one = f"({', '.join(['%s'] * len(_COLUMNS))})"
    return ", ".join([one] * rows)
