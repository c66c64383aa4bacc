"""Telegram Desktop: `result.json` of one chat, or of a whole account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from huoqun.carriers.base import Parsed
from huoqun.carriers.exports import json_items, problems
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.json_items import Batch, List, NotDecoded
from huoqun.carriers.exports.roster import Roster
from huoqun.carriers.exports.said import PRIVATE_CHAT
from huoqun.vocabulary.events import GroupEvent, MessagePosted
from huoqun.vocabulary.ids import Account

from .telegram_record import RECORDS, People, Record, kind, person, pieces_of, sent_at
from .telegram_service import happenings

NAME = "telegram-desktop"
TITLE = gettext_noop("Telegram Desktop JSON")
CARRIER = "telegram"
LOOKS_FOR = gettext_noop('result.json with "messages" and a type of chat such as "private_supergroup"')
NEEDS_ZONE = False

_CHAT = ("messages",)
_ACCOUNT = ("chats|left_chats", "list", "*", "messages")
_SIGNS = re.compile(
    rb'"type"\s*:\s*"(?:(?:public|private)_(?:supergroup|group|channel)|personal_chat|bot_chat|saved_messages)"'
    rb'|"(?:from_id|actor_id)"\s*:\s*"(?:user|channel|chat)[0-9]'
)
_ACCOUNT_SIGNS = re.compile(rb'"(?:personal_information|chats|left_chats)"\s*:\s*\{')
_GROUPS = re.compile("group|channel")
_NEEDS_NAMES = (b'"members"', b'"mention"', b'"inviter"')
_LOOK = 1 << 18


class Chat(NamedTuple):
    id: str
    name: str
    type: str


class _Speaker(msgspec.Struct, gc=False):
    name: str | None = msgspec.field(default=None, name="from")
    from_id: str | int | None = None
    actor: str | None = None
    actor_id: str | int | None = None


_SPEAKERS = json_items.Decoders(_Speaker)
_TEXT = msgspec.json.Decoder(str | int | float | None)


def recognise(entries: list[Entry]) -> bool:
    return any(_is_chat(entry) or _is_account(entry) for entry in entries if entry.path.suffix.lower() == ".json")


def _is_chat(entry: Entry) -> bool:
    head = entry.head()
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and b'"messages"' in head and bool(_SIGNS.search(head))


def _is_account(entry: Entry) -> bool:
    head = entry.head()
    return bool(_ACCOUNT_SIGNS.search(head)) and (b'"about"' in head or b'"list"' in head)


def read(entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
    for entry in entries:
        if entry.path.suffix.lower() != ".json":
            continue
        if _is_account(entry):
            yield from _read(entry, _ACCOUNT, setting)
        elif _is_chat(entry):
            yield from _read(entry, _CHAT, setting)


def _read(entry: Entry, path: tuple[str, ...], setting: Setting) -> Iterator[Parsed]:
    roster = _who_is_who(entry, path)
    for found in json_items.lists(json_items.open_json(entry), *path):
        chat = _chat(found.fields)
        if path == _CHAT and not (chat.id and chat.type and "name" in found.fields):
            # Some tools sort the keys: then the chat's own come behind its messages.
            chat = _chat(json_items.fields(json_items.look_through_json(entry), *path))
        if not chat.id:
            yield problems.unreadable(entry.path, None, "id", problems.NO_GROUP, f"{chat.name}: {_count(found)}")
        elif chat.type and not _GROUPS.search(chat.type):
            yield problems.unreadable(entry.path, None, "chat", PRIVATE_CHAT, f"{chat.type} {chat.name}: {_count(found)}")
        else:
            yield from _Teller(entry, chat, People(roster, chat.id), setting).tell(found.batches)


def _count(found: List) -> int:
    return sum(1 for _ in found.elements)


class _Teller:
    """Makes events of the messages of one chat."""

    def __init__(self, entry: Entry, chat: Chat, people: People, setting: Setting) -> None:
        self._entry = entry
        self._chat = chat
        self._people = people
        self._zone = setting.zone
        self._account = Account(setting.community, CARRIER, setting.account)
        self._topics: dict[int, str] = {}

    def tell(self, batches: Iterator[Batch]) -> Iterator[Parsed]:
        for batch in batches:
            for number, record in enumerate(json_items.decode_batch(RECORDS, batch)):
                try:
                    if isinstance(record, NotDecoded):
                        raise record
                    if record.type == "service":
                        yield from self._service(record)
                    else:
                        yield self._message(record)
                except NotDecoded as fault:
                    item = batch.item(number)
                    yield problems.unreadable(self._entry.path, item.line, fault.field, fault.problem, item.raw)

    def _message(self, record: Record) -> MessagePosted:
        text: str | None
        mentions: tuple[str, ...] = ()
        if type(record.text) is str and record.text:
            text = record.text
        else:
            pieces = pieces_of(record)
            text = "".join([piece.text for piece in pieces]) or None
            mentions = self._people.mentioned(pieces)
        reply_to = record.reply_to_message_id if record.reply_to_peer_id is None else None
        # A topic is the thread of answers to the message that opened it.
        topic = self._topics.get(reply_to) if reply_to is not None else None
        number = str(record.id)
        return MessagePosted(
            account=self._account,
            source_id=f"m:{number}",
            at=sent_at(record, self._zone),
            group_id=self._chat.id,
            group_name=self._chat.name,
            message_id=number,
            author=self._people.person(record.from_id, record.name),
            kind=kind(record),
            text=text,
            reply_to=str(reply_to) if reply_to is not None and topic is None else None,
            mentions=mentions,
            topic=topic,
        )

    def _service(self, record: Record) -> Iterator[GroupEvent]:
        if record.action == "topic_created" and record.title:
            self._topics[record.id] = record.title
        common = {
            "account": self._account,
            "at": sent_at(record, self._zone),
            "group_id": self._chat.id,
            "group_name": self._chat.name,
        }
        return happenings(record, common, self._people)


def _chat(fields: dict[str, bytes]) -> Chat:
    """The chat a list of messages belongs to. Its number is positive and has no -100 before it, whatever tool wrote it."""
    # The chats somebody left come last in an account's file: once there are fields of one, they are the current ones.
    inside = next((key for key in ("left_chats.list.", "chats.list.") if any(name.startswith(key) for name in fields)), "")
    id_, name, type_ = (_text(fields.get(inside + key, b"null")) for key in ("id", "name", "type"))
    return Chat(id_.removeprefix("-100").removeprefix("-"), name, type_)


def _text(raw: bytes) -> str:
    try:
        value = json_items.decode(_TEXT, raw)
    except NotDecoded:
        return ""
    return "" if value is None else str(value)


def _who_is_who(entry: Entry, path: tuple[str, ...]) -> Roster:
    """Names of those who speak, for the members and mentions that are given by name only. Costs a first look through the file,
    so it is taken only where there are such.
    """
    roster = Roster()
    if not _names_anybody(entry):
        return roster
    seen: set[tuple[str, str | int | None, str | None]] = set()
    for found in json_items.lists(json_items.look_through_json(entry), *path):
        chat = _chat(found.fields).id
        for batch in found.batches:
            for speaker in json_items.decode_batch(_SPEAKERS, batch):
                if isinstance(speaker, NotDecoded):
                    continue
                who = (chat, speaker.from_id or speaker.actor_id, speaker.name or speaker.actor)
                if who not in seen:
                    seen.add(who)
                    roster.add(chat, person(who[1], who[2]))
    return roster


def _names_anybody(entry: Entry) -> bool:
    with entry.look_through() as stream:
        before = b""
        while data := stream.read(_LOOK):
            window = before + data
            if any(sign in window for sign in _NEEDS_NAMES):
                return True
            before = data[-16:]
    return False
