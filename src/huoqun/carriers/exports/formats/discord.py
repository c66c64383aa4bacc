"""Discord, one channel as JSON by DiscordChatExporter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from huoqun.carriers.base import Parsed, Unreadable
from huoqun.carriers.exports import json_items, problems
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.json_items import Item, NotDecoded
from huoqun.carriers.exports.local_times import iso
from huoqun.carriers.exports.said import PRIVATE_CHAT
from huoqun.vocabulary.events import (
    GroupEvent,
    GroupRenamed,
    MemberJoined,
    MemberLeft,
    MessageKind,
    MessagePosted,
    NoticePosted,
    Person,
)
from huoqun.vocabulary.ids import Account

NAME = "discord"
TITLE = gettext_noop("Discord JSON by DiscordChatExporter (.json)")
CARRIER = "discord"
NEEDS_ZONE = False
LOOKS_FOR = gettext_noop("an object with guild, channel and messages")


class _Author(msgspec.Struct):
    id: str | int = ""
    name: str | None = None
    nickname: str | None = None
    is_bot: bool | None = msgspec.field(default=None, name="isBot")


class _File(msgspec.Struct):
    name: str | None = msgspec.field(default=None, name="fileName")


class _Reference(msgspec.Struct):
    message_id: str | int | None = msgspec.field(default=None, name="messageId")
    channel_id: str | int | None = msgspec.field(default=None, name="channelId")


class _Message(msgspec.Struct):
    id: str | int = ""
    type: str | int | None = "Default"
    timestamp: str | None = None
    content: str | None = None
    author: _Author | None = None
    attachments: list[_File] | None = None
    stickers: list[Any] | None = None
    embeds: list[Any] | None = None
    mentions: list[_Author] | None = None
    reference: _Reference | None = None


class _Place(msgspec.Struct):
    id: str | int = ""
    name: str | None = None


_MESSAGE = msgspec.json.Decoder(_Message)
_PLACE = msgspec.json.Decoder(_Place)


@dataclass(frozen=True, slots=True)
class _Channel:
    account: Account
    id: str
    name: str
    guild: str


def recognise(entries: list[Entry]) -> bool:
    return any(_is_ours(entry) for entry in entries)


def _is_ours(entry: Entry) -> bool:
    head = entry.head(4000)
    return re.search(rb'^[^"]{0,20}"guild"\s*:\s*\{', head) is not None and b'"channel"' in head


def read(entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
    account = Account(setting.community, CARRIER, setting.account)
    for entry in entries:
        if _is_ours(entry):
            yield from _read(entry, account)


def _read(entry: Entry, account: Account) -> Iterator[Parsed]:
    for found in json_items.lists(json_items.open_json(entry), "messages"):
        guild, channel = _place(found.fields.get("guild")), _place(found.fields.get("channel"))
        where = _Channel(account, str(channel.id), f"{guild.name or guild.id} / {channel.name or channel.id}", guild.name or "")
        if not where.id or str(guild.id) in ("0", ""):
            fault = ("chat", PRIVATE_CHAT) if where.id else ("channel", problems.NO_GROUP)
            yield problems.unreadable(entry.path, None, *fault, f"{channel.name or where.name}: {_count(found.elements)}")
            continue
        for item in found.elements:
            yield from _record(entry, item, where)


def _count(elements: Iterator[Item]) -> int:
    return sum(1 for _ in elements)


def _place(raw: bytes | None) -> _Place:
    try:
        return json_items.decode(_PLACE, raw or b"{}")
    except NotDecoded:
        return _Place()


def _record(entry: Entry, item: Item, where: _Channel) -> Iterator[GroupEvent | Unreadable]:
    try:
        message = json_items.decode(_MESSAGE, item.raw)
    except NotDecoded as fault:
        yield problems.unreadable(entry.path, item.line, fault.field, fault.problem, item.raw)
        return
    at = iso(message.timestamp or "")
    if at is None:
        yield problems.unreadable(entry.path, item.line, "timestamp", problems.NO_TIME, item.raw)
    elif message.id == "":
        yield problems.unreadable(entry.path, item.line, "id", problems.NO_ID, item.raw)
    elif message.author is None or message.author.id == "":
        yield problems.unreadable(entry.path, item.line, "author", problems.NO_AUTHOR, item.raw)
    else:
        tell = _SERVICE.get(str(message.type), _notice if str(message.type) not in _TALK else _posted)
        yield from tell(_common(where, message, at), message, _person(message.author), where)


_TALK = ("Default", "Reply", "Call", "None", "0", "19", "20", "23")
"""20 and 23 answer commands; DiscordChatExporter has no word for them and writes the number."""


def _common(where: _Channel, message: _Message, at: datetime) -> dict[str, Any]:
    return {
        "account": where.account,
        "source_id": str(message.id),
        "at": at,
        "group_id": where.id,
        "group_name": where.name,
    }


def _person(author: _Author) -> Person:
    return Person(id=str(author.id), name=author.nickname or author.name or "")


def _posted(common: dict[str, Any], message: _Message, author: Person, where: _Channel) -> Iterator[GroupEvent]:
    answered = message.reference if str(message.type) in ("Reply", "19") else None
    yield MessagePosted(
        **common,
        message_id=str(message.id),
        author=author,
        kind=_kind(message),
        text=message.content or None,
        reply_to=str(answered.message_id) if answered and answered.message_id else None,
        mentions=tuple(str(person.id) for person in message.mentions or () if person.id != ""),
        house=bool(message.author and message.author.is_bot),
    )


def _kind(message: _Message) -> MessageKind:
    if message.type == "Call":
        return MessageKind.CALL
    for attachment in message.attachments or ():
        ending = (attachment.name or "").lower().rpartition(".")[2]
        return next((kind for kind, endings in _ENDINGS.items() if ending in endings), MessageKind.FILE)
    if message.stickers:
        return MessageKind.STICKER
    return MessageKind.LINK if message.embeds and not message.content else MessageKind.TEXT


_ENDINGS = {
    MessageKind.IMAGE: ("png", "jpg", "jpeg", "gif", "webp", "bmp", "heic", "avif"),
    MessageKind.VIDEO: ("mp4", "mov", "webm", "mkv", "avi", "m4v"),
    MessageKind.VOICE: ("ogg", "mp3", "wav", "m4a", "flac", "opus"),
}


def _arrived(common: dict[str, Any], message: _Message, author: Person, where: _Channel) -> Iterator[GroupEvent]:
    yield MemberJoined(**common, member=author)


def _added(common: dict[str, Any], message: _Message, author: Person, where: _Channel) -> Iterator[GroupEvent]:
    for part, member in _people(common, message, author):
        own = member.id == author.id
        yield MemberJoined(**part, member=member, way="" if own else "added", inviter=None if own else author)


def _removed(common: dict[str, Any], message: _Message, author: Person, where: _Channel) -> Iterator[GroupEvent]:
    for part, member in _people(common, message, author):
        yield MemberLeft(**part, member=member, removed_by=None if member.id == author.id else author)


def _people(common: dict[str, Any], message: _Message, author: Person) -> Iterator[tuple[dict[str, Any], Person]]:
    """Those the message is about, each with an id of their own; the author where it names nobody."""
    people = [_person(one) for one in message.mentions or () if one.id != ""] or [author]
    for number, person in enumerate(people):
        yield common | ({"source_id": f"{common['source_id']}:{number}"} if number else {}), person


def _renamed(common: dict[str, Any], message: _Message, author: Person, where: _Channel) -> Iterator[GroupEvent]:
    found = re.search(r"name: ?\*{0,2}(.+?)\*{0,2}\.?$", (message.content or "").strip()[:500])
    if found is None:
        yield from _notice(common, message, author, where)
        return
    yield GroupRenamed(**(common | {"group_name": f"{where.guild} / {found[1]}"}), by=author)


def _notice(common: dict[str, Any], message: _Message, author: Person, where: _Channel) -> Iterator[GroupEvent]:
    yield NoticePosted(**common, text=message.content or str(message.type), by=author)


_SERVICE: dict[str, Callable[[dict[str, Any], _Message, Person, _Channel], Iterator[GroupEvent]]] = {
    "GuildMemberJoin": _arrived,
    "RecipientAdd": _added,
    "RecipientRemove": _removed,
    "ChannelNameChange": _renamed,
}
