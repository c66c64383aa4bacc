"""Slack: the zip of a workspace export, or its folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from huoqun.carriers.base import Parsed
from huoqun.carriers.exports import json_items, problems
from huoqun.carriers.exports.entry_by_entry import entry_by_entry
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.json_items import NotDecoded
from huoqun.carriers.exports.roster import by_name
from huoqun.carriers.exports.said import PRIVATE_CHAT
from huoqun.vocabulary.events import (
    GroupEvent,
    GroupRenamed,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    MessageRecalled,
    NoticePosted,
    Person,
)
from huoqun.vocabulary.ids import Account

from .slack_directory import Channel, Directory, directory_of
from .slack_markup import plain, text_of
from .slack_record import RECORD, Profile, Record, kind

NAME = "slack-export"
TITLE = gettext_noop("Slack export zip")
CARRIER = "slack"
LOOKS_FOR = gettext_noop("channels.json or groups.json beside folders of YYYY-MM-DD.json")
NEEDS_ZONE = False

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.json")
_LISTS = frozenset({"channels.json", "groups.json", "mpims.json", "dms.json"})
_NAMED_FIRST = re.compile(r"<@([A-Z0-9]+)")
_TALK = frozenset(
    {"", "thread_broadcast", "reply_broadcast", "file_share", "file_comment", "file_mention", "bot_message", "me_message"}
)
_CALLS = frozenset({"huddle_thread", "sh_room_created"})


def recognise(entries: list[Entry]) -> bool:
    lists = {entry.path.parent for entry in entries if entry.path.name in _LISTS and entry.head(64).lstrip().startswith(b"[")}
    days = (entry for entry in entries if _DAY.fullmatch(entry.path.name) and entry.path.parent.parent in lists)
    return any(b'"ts"' in entry.head() or entry.head(16).strip() == b"[]" for entry in days)


def read(entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
    directory = yield from directory_of([entry for entry in entries if entry.path.name in {*_LISTS, "users.json"}])
    account = Account(setting.community, CARRIER, setting.account)
    days = [entry for entry in entries if _DAY.fullmatch(entry.path.name)]
    for folder in dict.fromkeys(entry.path.parent for entry in days):
        channel = directory.channel(folder.name)
        mine = [entry for entry in days if entry.path.parent == folder]
        if channel.private:
            yield problems.unreadable(folder, None, "chat", PRIVATE_CHAT, folder.name)
            continue
        teller = _Teller(channel, directory, account)
        yield from entry_by_entry(mine, teller.read)


class _Teller:
    """Makes events of the messages of one channel."""

    def __init__(self, channel: Channel, directory: Directory, account: Account) -> None:
        self._channel = channel
        self._directory = directory
        self._account = account

    def read(self, entry: Entry) -> Iterator[Parsed]:
        for item in json_items.items(json_items.open_json(entry)):
            try:
                record = json_items.decode(RECORD, item.raw)
                yield self._event(record)
            except NotDecoded as fault:
                yield problems.unreadable(entry.path, item.line, fault.field, fault.problem, item.raw)

    def _event(self, record: Record) -> GroupEvent:
        common: dict[str, Any] = {
            "account": self._account,
            "at": sent_at(record.ts),
            "group_id": self._channel.id,
            "group_name": self._channel.name,
        }
        subtype = record.subtype or ""
        if subtype in _TALK or subtype in _CALLS:
            return self._message(record, common)
        return self._happening(subtype, record, common)

    def _message(self, record: Record, common: dict[str, Any]) -> MessagePosted:
        said = record.text or text_of(record.blocks, record.attachments)
        text, mentions = plain(said, self._directory.name)
        root = record.thread_ts if record.thread_ts != record.ts else None
        return MessagePosted(
            **common,
            source_id=f"m:{record.ts}",
            message_id=record.ts,
            author=self._author(record),
            kind=kind(record),
            text=text or None,
            reply_to=root,
            reply_to_author=record.parent_user_id if root else None,
            mentions=mentions,
            house=record.subtype == "bot_message" or bool(record.bot_id) or record.user in self._directory.bots,
        )

    def _happening(self, subtype: str, record: Record, common: dict[str, Any]) -> GroupEvent:
        if subtype in ("channel_join", "group_join"):
            inviter = self._person(record.inviter) if record.inviter else None
            way = "invited" if inviter else ""
            return MemberJoined(**common, source_id=f"j:{record.ts}", member=self._author(record), way=way, inviter=inviter)
        if subtype in ("channel_leave", "group_leave"):
            return MemberLeft(**common, source_id=f"l:{record.ts}", member=self._author(record))
        if subtype == "tombstone":
            return MessageRecalled(**common, source_id=f"m:{record.ts}:recall", message_id=record.ts)
        by = self._person(record.user) if record.user else None
        if subtype in ("channel_name", "group_name") and record.name:
            named = {**common, "group_name": record.name}
            return GroupRenamed(**named, source_id=f"r:{record.ts}", before=record.old_name or "", by=by)
        text, _ = plain(record.text or subtype, self._directory.name)
        return NoticePosted(**common, source_id=f"n:{record.ts}", text=text, by=by)

    def _author(self, record: Record) -> Person:
        who = record.user or record.bot_id or _commenter(record)
        if who is None and record.username is None:
            raise NotDecoded(problems.NO_AUTHOR, "user")
        if who is None:
            return Person(id=by_name(record.username or ""), name=record.username or "")
        profile = record.user_profile or Profile()
        own = record.username or profile.display_name or profile.real_name or profile.name
        return Person(id=who, name=self._directory.names.get(who) or own or who)

    def _person(self, who: str) -> Person:
        return Person(id=who, name=self._directory.name(who))


def _commenter(record: Record) -> str | None:
    """ "<@U1> commented on <@U2>'s file": who says it stands only there, if not in the comment."""
    if record.subtype != "file_comment":
        return None
    named = _NAMED_FIRST.match(record.text or "")
    return (record.comment and record.comment.user) or (named.group(1) if named else None)


def sent_at(ts: str) -> datetime:
    """ "1517559148.000044": seconds and microseconds. The fraction only keeps the order within a second."""
    seconds, _, fraction = ts.partition(".")
    try:
        return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(fraction[:6].ljust(6, "0") or 0))
    except (ValueError, OverflowError, OSError):
        raise NotDecoded(problems.NO_TIME, "ts") from None
