"""QQ NT, one chat as JSON by qq-chat-exporter (version 4 and its close successors)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from huoqun.carriers.base import Parsed, Unreadable
from huoqun.carriers.exports import json_items, problems
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.json_items import Item, NotDecoded
from huoqun.carriers.exports.local_times import iso, unix
from huoqun.carriers.exports.placeholders import kind_of
from huoqun.carriers.exports.roster import Roster, by_name
from huoqun.carriers.exports.said import Chat, Said, retell
from huoqun.vocabulary.events import MessageKind, Person
from huoqun.vocabulary.ids import Account

from .qq_people import SYSTEM_NUMBERS

NAME = "qq-chat-exporter"
TITLE = gettext_noop("QQ NT JSON by qq-chat-exporter (.json)")
CARRIER = "qq"
NEEDS_ZONE = False
LOOKS_FOR = gettext_noop("an object with metadata, chatInfo and messages")

_Number = str | int | None


class _Sender(msgspec.Struct):
    uid: _Number = None
    uin: _Number = None
    name: str | None = None


class _Element(msgspec.Struct):
    type: str | int | None = None
    data: Any = None


class _Content(msgspec.Struct):
    text: str | None = None
    elements: list[_Element] | None = None
    resources: list[_Element] | None = None
    emojis: list[Any] | None = None


class _Raw(msgspec.Struct, rename="camel"):
    sender_uin: _Number = None
    sender_uid: _Number = None
    send_nick_name: str | None = None
    send_member_name: str | None = None
    msg_time: _Number = None


class _Message(msgspec.Struct, rename="camel"):
    message_id: _Number = None
    id: _Number = None
    timestamp: _Number = None
    time: _Number = None
    sender: _Sender | None = None
    message_type: _Number = None
    is_system_message: bool | None = None
    system: bool | None = None
    is_recalled: bool | None = None
    recalled: bool | None = None
    content: _Content | str | None = None
    raw_message: _Raw | None = None

    @property
    def inside(self) -> _Content:
        return _Content(text=self.content) if isinstance(self.content, str) else self.content or _Content()


_MESSAGE = msgspec.json.Decoder(_Message)
_CHAT = msgspec.json.Decoder(dict[str, Any])
_CHAT_IDS = ("groupCode", "groupId", "peerUin", "peerUid", "id")


def recognise(entries: list[Entry]) -> bool:
    return any(_is_ours(entry) for entry in entries)


def _is_ours(entry: Entry) -> bool:
    head = entry.head()
    named = b"QQChatExporter" in head or b"qq-chat-exporter" in head or b'"metadata"' in head
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and named and b'"chatInfo"' in head


def read(entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
    account = Account(setting.community, CARRIER, setting.account)
    for entry in entries:
        if _is_ours(entry):
            yield from retell(_records(entry), account=account, file=str(entry.path), roster=_roster(entry))


def _path(entry: Entry) -> tuple[str, ...]:
    """A long chat may have been cut into pieces inside the file."""
    return ("chunks", "*", "messages") if b'"chunkInfo"' in entry.head() else ("messages",)


def _chat_info(before: dict[str, bytes], entry: Entry) -> dict[str, Any]:
    # Some tools sort the keys; then what is told of the chat may stand behind its messages.
    return _named(before) or _named(json_items.fields(json_items.look_through_json(entry), *_path(entry)))


def _named(fields: dict[str, bytes]) -> dict[str, Any]:
    raw = next((value for key, value in fields.items() if key.rpartition(".")[2] == "chatInfo"), b"{}")
    try:
        return json_items.decode(_CHAT, raw)
    except NotDecoded:
        return {}


def _chat(info: dict[str, Any], entry: Entry) -> Chat:
    name = str(info.get("name") or entry.path.stem)
    id = next((str(info[key]) for key in _CHAT_IDS if info.get(key)), by_name(name))
    return Chat(id=id, name=name, private=info.get("type") in ("private", "friend", "temp"))


def _roster(entry: Entry) -> Roster:
    """A first look through the file: who somebody is that joins long before they first speak, stands further below."""
    roster = Roster()
    for found in json_items.lists(json_items.look_through_json(entry), *_path(entry)):
        info = _chat_info(found.fields, entry)
        chat = _chat(info, entry)
        if info.get("selfUin"):
            roster.me = Person(id=str(info["selfUin"]), name=str(info.get("selfName") or "我"))
        for item in found.elements:
            try:
                message = json_items.decode(_MESSAGE, item.raw)
            except NotDecoded:
                # The second look reports it.
                continue
            if (person := _person(message)) is not None and not _is_system(message, person):
                roster.add(chat.id, person)
    return roster


def _records(entry: Entry) -> Iterator[Said | Unreadable]:
    for found in json_items.lists(json_items.open_json(entry), *_path(entry)):
        chat = _chat(_chat_info(found.fields, entry), entry)
        for item in found.elements:
            yield _record(entry, item, chat)


def _record(entry: Entry, item: Item, chat: Chat) -> Said | Unreadable:
    try:
        message = json_items.decode(_MESSAGE, item.raw)
    except NotDecoded as fault:
        return problems.unreadable(entry.path, item.line, fault.field, fault.problem, item.raw)
    at, person = _time(message), _person(message)
    system = _is_system(message, person)
    if at is None:
        return problems.unreadable(entry.path, item.line, "timestamp", problems.NO_TIME, item.raw)
    if person is None and not system:
        return problems.unreadable(entry.path, item.line, "sender", problems.NO_AUTHOR, item.raw)
    kind, text = _kind_and_text(message)
    return Said(
        chat=chat,
        at=at,
        line=item.line,
        sender=Person(id="") if system or person is None else person,
        text=(message.inside.text or "") if system else text,
        kind=kind,
        own_id=_given(message.message_id) or _given(message.id),
        system=system,
        recalled=bool(message.is_recalled or message.recalled),
        reply_to=_told(message, "reply", "messageId", "replyMsgId") or None,
        reply_to_author=_told(message, "reply", "senderUin") or None,
        mentions=_mentions(message),
    )


def _given(*values: _Number) -> str:
    return next((str(value) for value in values if value not in (None, "", "0", 0)), "")


def _time(message: _Message) -> datetime | None:
    raw = message.raw_message.msg_time if message.raw_message else None
    written = [str(value) for value in (message.timestamp, message.time, raw) if value is not None]
    return next((at for text in written if (at := iso(text) or unix(text))), None)


def _person(message: _Message) -> Person | None:
    """The number, else the uid. The group's name for the person, else the account's, else what stands there."""
    sender, raw = message.sender or _Sender(), message.raw_message or _Raw()
    id = _given(sender.uin, raw.sender_uin, sender.uid, raw.sender_uid)
    name = raw.send_member_name or raw.send_nick_name or sender.name or id
    return Person(id=id, name=name) if id else Person(id=by_name(name), name=name) if name else None


def _is_system(message: _Message, person: Person | None) -> bool:
    return bool(message.is_system_message or message.system) or (person is not None and person.id in SYSTEM_NUMBERS)


_ELEMENT_KINDS = {
    "image": MessageKind.IMAGE,
    "pic": MessageKind.IMAGE,
    "face": MessageKind.STICKER,
    "market_face": MessageKind.STICKER,
    "audio": MessageKind.VOICE,
    "voice": MessageKind.VOICE,
    "video": MessageKind.VIDEO,
    "file": MessageKind.FILE,
    "forward": MessageKind.LINK,
    "json": MessageKind.LINK,
    "location": MessageKind.LOCATION,
    "wallet": MessageKind.RED_PACKET,
}
_MESSAGE_TYPES = {"3": MessageKind.IMAGE, "7": MessageKind.VIDEO}
_WITH_A_NAME = (MessageKind.FILE, MessageKind.LINK)


def _kind_and_text(message: _Message) -> tuple[MessageKind | None, str]:
    inside = message.inside
    text, elements = inside.text or "", inside.elements or []
    if any(element.type == "text" and _of(element, "text").strip() for element in elements):
        return MessageKind.TEXT, text
    found = [element for element in [*elements, *(inside.resources or [])] if element.type in _ELEMENT_KINDS]
    if found:
        kind = _ELEMENT_KINDS[str(found[0].type)]
        seen, words = kind_of(text)
        if elements or seen is not MessageKind.TEXT:
            return kind, (_of(found[0], "filename", "title") or words or "") if kind in _WITH_A_NAME else ""
        return kind, text
    if inside.emojis and not text:
        return MessageKind.STICKER, ""
    if not text and str(message.message_type) in _MESSAGE_TYPES:
        return _MESSAGE_TYPES[str(message.message_type)], ""
    return None, text


def _of(element: _Element, *names: str) -> str:
    data = element.data if isinstance(element.data, dict) else {}
    return next((str(data[name]) for name in names if data.get(name) not in (None, "", "0", 0)), "")


def _told(message: _Message, kind: str, *names: str) -> str:
    return next((_of(element, *names) for element in message.inside.elements or () if element.type == kind), "")


def _mentions(message: _Message) -> tuple[str, ...]:
    ids = (_of(element, "uin", "qq", "uid") for element in message.inside.elements or () if element.type == "at")
    return tuple(dict.fromkeys(id for id in ids if id and id != "all"))
