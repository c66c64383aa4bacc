"""WeChat as CSV by chatlog: one or more chats, with the ids of people and groups."""

from __future__ import annotations

from collections.abc import Iterator

from huoqun.carriers.base import Parsed, Unreadable
from huoqun.carriers.exports import errors, problems
from huoqun.carriers.exports.csv_rows import Row, heading, look_through_rows, rows
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.local_times import iso, unix, written
from huoqun.carriers.exports.roster import Roster
from huoqun.carriers.exports.said import Said, retell
from huoqun.vocabulary.events import Person
from huoqun.vocabulary.ids import Account

from . import wechat_kinds, wechat_records
from .wechat_records import ME

NAME = "wechat-chatlog"
TITLE = gettext_noop("WeChat CSV by chatlog (.csv)")
CARRIER = "wechat"
NEEDS_ZONE = True
LOOKS_FOR = gettext_noop("a heading with Time, SenderName, Sender, TalkerName, Talker, Content")

SYSTEM_SENDER = "系统消息"
_COLUMNS = {"Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"}


def recognise(entries: list[Entry]) -> bool:
    return any(_is_ours(entry) for entry in entries)


def _is_ours(entry: Entry) -> bool:
    return set(heading(entry)) >= _COLUMNS


def read(entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
    if setting.zone is None:
        raise errors.ZoneNeeded(problems.NO_ZONE)
    account = Account(setting.community, CARRIER, setting.account)
    for entry in entries:
        if _is_ours(entry):
            yield from retell(_records(entry, setting), account=account, file=str(entry.path), roster=_roster(entry))


def _roster(entry: Entry) -> Roster:
    """A first look through the file: who somebody is that is named in a join stands in the rows they write later."""
    roster = Roster(ME)
    for row in look_through_rows(entry, more=1):
        if isinstance(row, Row) and row["Sender"] not in ("", SYSTEM_SENDER):
            roster.add(row["Talker"].strip(), _person(row))
    return roster


def _records(entry: Entry, setting: Setting) -> Iterator[Said | Unreadable]:
    for row in rows(entry, more=1):
        yield row if isinstance(row, Unreadable) else _record(entry, row, setting)


def _record(entry: Entry, row: Row, setting: Setting) -> Said | Unreadable:
    at = written(row["Time"], setting.zone) or iso(row["Time"]) or unix(row["Time"])
    if at is None:
        return problems.unreadable(entry.path, row.line, "Time", problems.NO_TIME, row.raw)
    if not row["Talker"].strip():
        return problems.unreadable(entry.path, row.line, "Talker", problems.NO_GROUP, row.raw)
    said = wechat_records.record(
        chat=wechat_records.chat(row["Talker"].strip(), row["TalkerName"].strip()),
        at=at,
        line=row.line,
        sender=_person(row) if row["Sender"].strip() else None,
        sort=wechat_kinds.SYSTEM if row["Sender"].strip() == SYSTEM_SENDER else wechat_kinds.UNKNOWN,
        content=row["Content"],
        own_id=wechat_records.own_id(row["MessageID"]),
    )
    return said or problems.unreadable(entry.path, row.line, "Sender", problems.NO_AUTHOR, row.raw)


def _person(row: Row) -> Person:
    id = row["Sender"].strip()
    return Person(id=id, name=row["SenderName"].strip() or id)
