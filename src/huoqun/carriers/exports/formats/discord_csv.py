"""Discord, one channel as CSV by DiscordChatExporter: the channel is named by the file only, messages have no ids."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huoqun.carriers.base import Parsed, Unreadable
from huoqun.carriers.exports import problems
from huoqun.carriers.exports.csv_rows import Row, heading, rows
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.local_times import iso, written
from huoqun.carriers.exports.roster import Roster, by_name
from huoqun.carriers.exports.said import Chat, Said, retell
from huoqun.vocabulary.events import MessageKind, Person
from huoqun.vocabulary.ids import Account

NAME = "discord-csv"
TITLE = gettext_noop("Discord CSV by DiscordChatExporter (.csv)")
CARRIER = "discord"
NEEDS_ZONE = False
LOOKS_FOR = gettext_noop("a heading with AuthorID, Author, Date, Content, Attachments, Reactions")

_COLUMNS = {"AuthorID", "Author", "Date", "Content", "Attachments"}
_CHANNEL = re.compile(r"(?P<name>.*?)\s*\[(?P<id>\d+)\].*", re.DOTALL)


def recognise(entries: list[Entry]) -> bool:
    return any(_is_ours(entry) for entry in entries)


def _is_ours(entry: Entry) -> bool:
    return set(heading(entry)) >= _COLUMNS


def read(entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
    account = Account(setting.community, CARRIER, setting.account)
    for entry in entries:
        if _is_ours(entry):
            records = _records(entry, _chat(entry), setting)
            yield from retell(records, account=account, file=str(entry.path), roster=Roster())


def _chat(entry: Entry) -> Chat:
    """From "Guild - Category - channel [123].csv", the tool's own naming."""
    found = _CHANNEL.fullmatch(entry.path.stem)
    if found is None:
        return Chat(id=by_name(entry.path.stem), name=entry.path.stem)
    guild, _, rest = found["name"].partition(" - ")
    name = f"{guild} / {rest.rpartition(' - ')[2]}" if rest else guild
    return Chat(id=found["id"], name=name, private=guild == "Direct Messages")


def _records(entry: Entry, chat: Chat, setting: Setting) -> Iterator[Said | Unreadable]:
    for row in rows(entry):
        yield row if isinstance(row, Unreadable) else _record(entry, row, chat, setting)


def _record(entry: Entry, row: Row, chat: Chat, setting: Setting) -> Said | Unreadable:
    at = iso(row["Date"]) or written(row["Date"], setting.zone)
    if at is None:
        return problems.unreadable(entry.path, row.line, "Date", problems.NO_TIME, row.raw)
    if not row["AuthorID"].strip():
        return problems.unreadable(entry.path, row.line, "AuthorID", problems.NO_AUTHOR, row.raw)
    text = row["Content"]
    kind = MessageKind.FILE if row["Attachments"].strip() and not text else MessageKind.TEXT
    author = Person(id=row["AuthorID"].strip(), name=row["Author"].strip())
    return Said(chat=chat, at=at, line=row.line, sender=author, text=text, kind=kind)
