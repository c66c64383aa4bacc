"""The world's news as events. A line that is not understood is kept and shown; the lines around it go on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TypedDict

import msgspec

from huoqun.carriers.base import Parsed, Unreadable, gettext_noop
from huoqun.vocabulary import events
from huoqun.vocabulary.events import GroupEvent, Person
from huoqun.vocabulary.ids import Account

from .world.deeds import US

DAMAGED = gettext_noop("This update of the carrier cannot be read. Report it with the record shown here.")
NOT_KNOWN = gettext_noop("The carrier reports a kind of happening we do not know. Report it with the record shown here.")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Somebody(msgspec.Struct):
    id: str
    name: str = ""
    bot: bool = False


class _Room(msgspec.Struct):
    id: str
    name: str = ""


class _News(msgspec.Struct):
    """Fields we do not know are passed over: carriers add some without telling."""

    what: str
    at: int
    room: _Room
    who: _Somebody | None = None
    by: _Somebody | None = None
    post: str = ""
    text: str = ""
    kind: str = events.MessageKind.TEXT
    answering: int | str | None = None
    to: list[str] = msgspec.field(default_factory=list)
    way: str = ""
    before: str = ""


class _Where(TypedDict):
    """What every event has."""

    account: Account
    source_id: str
    at: datetime
    group_id: str
    group_name: str


_decoder = msgspec.json.Decoder(_News)


def read(seq: int, payload: str, account: Account) -> Parsed:
    """One line of news. The same line is the same event, however often it comes."""
    try:
        told = _decoder.decode(payload)
    except msgspec.DecodeError as broken:
        return _unreadable(seq, payload, str(broken)[:80], DAMAGED)
    return _event(seq, told, account) or _unreadable(seq, payload, "what", NOT_KNOWN)


def _event(seq: int, told: _News, account: Account) -> GroupEvent | None:
    where: _Where = {
        "account": account,
        "source_id": f"m:{told.post}" if told.what == "said" else f"u:{seq}",
        "at": _EPOCH + timedelta(milliseconds=told.at),
        "group_id": told.room.id,
        "group_name": told.room.name,
    }
    by = _person(told.by)
    match told:
        case _News(what="said", who=_Somebody() as who):
            return events.MessagePosted(
                **where,
                message_id=told.post,
                author=Person(id=who.id, name=who.name),
                kind=_kind(told.kind),
                text=told.text,
                reply_to=None if told.answering is None else str(told.answering),
                mentions=tuple(told.to),
                house=who.bot or who.id == US,
            )
        case _News(what="unsaid"):
            return events.MessageRecalled(**where, message_id=told.post or None, by=by)
        case _News(what="joined", who=_Somebody() as who):
            return events.MemberJoined(**where, member=Person(id=who.id, name=who.name), way=told.way, inviter=by)
        case _News(what="left", who=_Somebody() as who):
            return events.MemberLeft(**where, member=Person(id=who.id, name=who.name), removed_by=by)
        case _News(what="renamed"):
            return events.GroupRenamed(**where, before=told.before, by=by)
        case _News(what="board"):
            return events.NoticePosted(**where, text=told.text, by=by)
    return None


def _kind(word: str) -> events.MessageKind:
    try:
        return events.MessageKind(word)
    except ValueError:
        return events.MessageKind.OTHER


def _person(somebody: _Somebody | None) -> Person | None:
    return None if somebody is None else Person(id=somebody.id, name=somebody.name)


def _unreadable(seq: int, payload: str, field: str, problem: str) -> Unreadable:
    return Unreadable(file="pretend", line=seq, field=field, problem=problem, raw=payload[:4000])
