"""WeChat as JSON by chatlog: a list of messages, alone in the file or under "items" or "messages"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from huoqun.carriers.base import Parsed, Unreadable
from huoqun.carriers.exports import json_items, problems
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.json_items import Item, NotDecoded
from huoqun.carriers.exports.local_times import iso, unix, written
from huoqun.carriers.exports.roster import Roster
from huoqun.carriers.exports.said import Chat, Said, retell
from huoqun.vocabulary.events import Person
from huoqun.vocabulary.ids import Account

from . import wechat_kinds, wechat_records
from .wechat_chatlog import SYSTEM_SENDER
from .wechat_records import ME

NAME = "wechat-chatlog-json"
TITLE = gettext_noop("WeChat JSON by chatlog (.json)")
CARRIER = "wechat"
NEEDS_ZONE = False
LOOKS_FOR = gettext_noop("messages with seq, talker, sender and isSelf")


class _Message(msgspec.Struct, rename="camel"):
    seq: str | int | None = None
    time: str | int | None = None
    talker: str | None = None
    talker_name: str | None = None
    is_chat_room: bool | None = None
    sender: str | None = None
    sender_name: str | None = None
    is_self: bool | None = None
    type: str | int | None = None
    sub_type: str | int | None = None
    content: str | None = None
    contents: Any = None


_MESSAGE = msgspec.json.Decoder(_Message)


def recognise(entries: list[Entry]) -> bool:
    return any(_is_ours(entry) for entry in entries)


def _is_ours(entry: Entry) -> bool:
    head = entry.head()
    return all(re.search(rb'"%s"\s*:' % name, head) for name in (b"talker", b"sender", b"isSelf", b"time"))


def read(entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
    account = Account(setting.community, CARRIER, setting.account)
    for entry in entries:
        if _is_ours(entry):
            records = _records(entry, setting)
            yield from retell(records, account=account, file=str(entry.path), roster=_roster(entry))


def _path(entry: Entry) -> tuple[str, ...]:
    return () if entry.head().lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") else ("items|messages",)


def _roster(entry: Entry) -> Roster:
    """A first look through the file: who somebody is that is named in a join stands in what they write later."""
    roster = Roster(ME)
    for item in json_items.items(json_items.look_through_json(entry), *_path(entry)):
        try:
            message = json_items.decode(_MESSAGE, item.raw)
        except NotDecoded:
            # The second look reports it.
            continue
        if (person := _person(message)) is not None and message.talker:
            roster.add(message.talker, person)
            roster.me = person if message.is_self else roster.me
    return roster


def _person(message: _Message) -> Person | None:
    if not message.sender or message.sender == SYSTEM_SENDER:
        return ME if message.is_self else None
    return Person(id=message.sender, name=message.sender_name or message.sender)


def _records(entry: Entry, setting: Setting) -> Iterator[Said | Unreadable]:
    for item in json_items.items(json_items.open_json(entry), *_path(entry)):
        try:
            message = json_items.decode(_MESSAGE, item.raw)
        except NotDecoded as fault:
            yield problems.unreadable(entry.path, item.line, fault.field, fault.problem, item.raw)
        else:
            yield _record(entry, item, message, setting)


def _record(entry: Entry, item: Item, message: _Message, setting: Setting) -> Said | Unreadable:
    time = str(message.time or "")
    at = iso(time) or unix(time) or written(time, setting.zone)
    if at is None:
        return problems.unreadable(entry.path, item.line, "time", problems.NO_TIME, item.raw)
    if not message.talker:
        return problems.unreadable(entry.path, item.line, "talker", problems.NO_GROUP, item.raw)
    group = message.is_chat_room or message.talker.endswith(wechat_records.ROOM)
    sort = wechat_kinds.by_number(str(message.type or ""), str(message.sub_type or ""))
    said = wechat_records.record(
        chat=Chat(id=message.talker, name=message.talker_name or "", private=not group),
        at=at,
        line=item.line,
        sender=_person(message),
        sort=wechat_kinds.SYSTEM if message.sender == SYSTEM_SENDER else sort,
        content=message.content or _of(message, "title"),
        own_id=wechat_records.own_id(str(message.seq or "")),
        reply_to_author=_of(message, "refer", "sender") or None,
    )
    return said or problems.unreadable(entry.path, item.line, "sender", problems.NO_AUTHOR, item.raw)


def _of(message: _Message, *path: str) -> str:
    value = message.contents
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
