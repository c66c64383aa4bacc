"""Zulip: the JSON tree that zulip-archive writes, as a folder or a zip."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from urllib.parse import unquote

import msgspec

from huoqun.carriers.base import Parsed
from huoqun.carriers.exports import json_items, problems
from huoqun.carriers.exports.entry_by_entry import entry_by_entry
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.json_items import NotDecoded
from huoqun.carriers.exports.roster import by_name
from huoqun.vocabulary.events import MessagePosted, Person
from huoqun.vocabulary.ids import Account

from .zulip_html import understood

NAME = "zulip-archive"
TITLE = gettext_noop("Zulip archive")
CARRIER = "zulip"
LOOKS_FOR = gettext_noop('stream_index.json beside folders such as "375707-general" with a JSON file for each topic')
NEEDS_ZONE = False

_FOLDER = re.compile(r"([0-9]+)-(.+)")
_LARGEST_INDEX = 256 << 20
_RESOLVED = "✔ "
_HOUSE = frozenset({"Notification Bot", "Welcome Bot", "Zulip"})


class _Message(msgspec.Struct):
    id: int
    timestamp: float
    sender_full_name: str
    content: str = ""


_MESSAGE = msgspec.json.Decoder(_Message)


class _Stream(msgspec.Struct):
    id: int


class _Index(msgspec.Struct):
    streams: dict[str, _Stream]


_INDEX = msgspec.json.Decoder(_Index)


def recognise(entries: list[Entry]) -> bool:
    return any(entry.path.name == "stream_index.json" and b'"streams"' in entry.head(4096) for entry in entries)


def read(entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
    account = Account(setting.community, CARRIER, setting.account)
    index = next(entry for entry in entries if entry.path.name == "stream_index.json")
    names = yield from _stream_names(index)
    topics = [entry for entry in entries if entry.path.parent.parent == index.path.parent and entry.path.suffix == ".json"]
    yield from entry_by_entry(
        (entry for entry in topics if _FOLDER.fullmatch(entry.path.parent.name)), lambda entry: _topic(entry, names, account)
    )


def _stream_names(index: Entry) -> Generator[Parsed, None, dict[str, str]]:
    """Names by number. Without them the names in the folders do, which lack what a file name cannot hold."""
    with index.open() as stream:
        raw = stream.read(_LARGEST_INDEX)
    try:
        return {str(stream.id): name for name, stream in json_items.decode(_INDEX, raw).streams.items()}
    except NotDecoded as fault:
        yield problems.unreadable(index.path, None, fault.field, fault.problem, raw)
        return {}


def _topic(entry: Entry, names: dict[str, str], account: Account) -> Iterator[Parsed]:
    number, _, written = entry.path.parent.name.partition("-")
    # A topic that was settled gets a tick before its name, and is the same topic.
    topic = _plain(entry.path.stem).removeprefix(_RESOLVED)
    name = names.get(number) or _plain(written)
    for item in json_items.items(json_items.open_json(entry)):
        try:
            yield _posted(json_items.decode(_MESSAGE, item.raw), account, number, name, topic)
        except NotDecoded as fault:
            yield problems.unreadable(entry.path, item.line, fault.field, fault.problem, item.raw)


def _posted(message: _Message, account: Account, group: str, name: str, topic: str) -> MessagePosted:
    said = understood(message.content)
    return MessagePosted(
        account=account,
        source_id=f"m:{message.id}",
        at=_sent_at(message.timestamp),
        group_id=group,
        group_name=name,
        message_id=str(message.id),
        author=_author(message),
        kind=said.kind,
        text=said.text or None,
        reply_to=said.answers,
        reply_to_author=by_name(said.answered) if said.answered else None,
        mentions=tuple(by_name(person) for person in said.mentioned),
        topic=topic,
        house=message.sender_full_name in _HOUSE,
    )


def _author(message: _Message) -> Person:
    if not message.sender_full_name:
        raise NotDecoded(problems.NO_AUTHOR, "sender_full_name")
    # The archive leaves the numbers of people out, also where it tells whom a message addresses.
    return Person(id=by_name(message.sender_full_name), name=message.sender_full_name)


def _sent_at(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise NotDecoded(problems.NO_TIME, "timestamp") from None


def _plain(written: str) -> str:
    """ "rules.20.2F.20ideas": a dot and two digits stand for a character that is awkward in a file's name."""
    return unquote(written.replace("%", "%25").replace(".", "%"))
