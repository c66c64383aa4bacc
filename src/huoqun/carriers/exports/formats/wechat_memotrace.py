"""WeChat, all chats of an account as one CSV by MemoTrace (留痕, WeChatMsg), with and without the sender's columns."""

from __future__ import annotations

from collections.abc import Iterator

from huoqun.carriers.base import Parsed, Unreadable
from huoqun.carriers.exports import problems
from huoqun.carriers.exports.csv_rows import Row, heading, rows
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.local_times import unix, written
from huoqun.carriers.exports.roster import Roster, by_name
from huoqun.carriers.exports.said import Chat, Said, retell
from huoqun.vocabulary.events import Person
from huoqun.vocabulary.ids import Account

from . import wechat_kinds, wechat_records
from .wechat_records import ME

NAME = "wechat-memotrace"
TITLE = gettext_noop("WeChat CSV by MemoTrace 留痕, all chats (.csv)")
CARRIER = "wechat"
NEEDS_ZONE = False
LOOKS_FOR = gettext_noop("a heading with localId, TalkerId, IsSender and StrContent")

_COLUMNS = {"localId", "TalkerId", "Type", "IsSender", "CreateTime", "StrContent"}
_WAITS = 500
"""A chat in which so many rows have come from nobody but the account and its one contact is a private one."""


def recognise(entries: list[Entry]) -> bool:
    return any(_is_ours(entry) for entry in entries)


def _is_ours(entry: Entry) -> bool:
    return set(heading(entry)) >= _COLUMNS


def read(entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
    account = Account(setting.community, CARRIER, setting.account)
    for entry in entries:
        if _is_ours(entry):
            records = _records(entry, setting)
            yield from retell(records, account=account, file=str(entry.path), roster=Roster(ME))


def _records(entry: Entry, setting: Setting) -> Iterator[Said | Unreadable]:
    chats = _Chats()
    # Older versions write one field more than they name in the heading: the message's own id.
    for row in rows(entry, more=1):
        if isinstance(row, Unreadable):
            yield row
            continue
        for ready, chat in chats.take(row):
            yield _record(entry, ready, chat, setting)
    for ready, chat in chats.rest():
        yield _record(entry, ready, chat, setting)


def _record(entry: Entry, row: Row, chat: Chat, setting: Setting) -> Said | Unreadable:
    at = unix(row["CreateTime"]) or written(row["StrTime"], setting.zone)
    if at is None:
        return problems.unreadable(entry.path, row.line, "CreateTime", problems.NO_TIME, row.raw)
    said = wechat_records.record(
        chat=chat,
        at=at,
        line=row.line,
        sender=_sender(row),
        sort=wechat_kinds.by_number(row["Type"], row["SubType"]),
        content=row["StrContent"],
        own_id=wechat_records.own_id(row["MsgSvrID"] or (row.more[0] if row.more else "")),
    )
    if said is None and chat.private:
        return Said(chat=chat, at=at, line=row.line, sender=Person(id=chat.id), text="")
    return said or problems.unreadable(entry.path, row.line, "Sender", problems.NO_AUTHOR, row.raw)


def _sender(row: Row) -> Person | None:
    if row["IsSender"].strip() == "1" or row["Sender"] == ME.name:
        return ME
    name = row["Sender"].strip()
    if not name:
        return None
    return Person(id=name if wechat_records.is_person_id(name) else by_name(name), name=name)


class _Chats:
    """Which chats are groups. The file does not say: a third voice does, or a sentence of WeChat's about the group."""

    def __init__(self) -> None:
        self._known: dict[str, Chat] = {}
        self._waiting: dict[str, list[Row]] = {}

    def take(self, row: Row) -> Iterator[tuple[Row, Chat]]:
        """The rows that can be told now, each with its chat; none while the chat is undecided."""
        talker = row["TalkerId"].strip()
        if talker not in self._known:
            waiting = self._waiting.setdefault(talker, [])
            waiting.append(row)
            if not (shows_group := _shows_group(row)) and len(waiting) < _WAITS:
                return
            yield from self._decide(talker, private=not shows_group)
            return
        yield row, self._known[talker]

    def rest(self) -> Iterator[tuple[Row, Chat]]:
        """At the end of the file: what has shown no third voice is private."""
        for talker in list(self._waiting):
            yield from self._decide(talker, private=True)

    def _decide(self, talker: str, *, private: bool) -> Iterator[tuple[Row, Chat]]:
        waiting = self._waiting.pop(talker)
        name = next((row["NickName"] or row["Remark"] for row in waiting if row["NickName"] or row["Remark"]), "").strip()
        chat = self._known[talker] = Chat(
            id=by_name(name) if name else f"talker:{talker}", name=name or talker, private=private
        )
        for row in waiting:
            yield row, chat


def _shows_group(row: Row) -> bool:
    if wechat_kinds.by_number(row["Type"]).system:
        return "群" in row["StrContent"] or "group chat" in row["StrContent"]
    ours = ("", ME.name, row["NickName"].strip(), row["Remark"].strip())
    return row["Sender"].strip() not in ours or wechat_records.has_prefix(row["StrContent"])
