"""WeChat, one chat as CSV by newer versions of MemoTrace (留痕): the chat's id is in the folder's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huoqun.carriers.base import Parsed, Unreadable
from huoqun.carriers.exports import errors, problems
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

NAME = "wechat-memotrace-chat"
TITLE = gettext_noop("WeChat CSV by MemoTrace 留痕, one chat (.csv)")
CARRIER = "wechat"
NEEDS_ZONE = True
LOOKS_FOR = gettext_noop("a heading with 消息ID, 类型, 发送人, 时间, 内容")

_COLUMNS = {"消息ID", "类型", "发送人", "时间", "内容"}
_FOLDER = re.compile(r"(?P<name>.*)\((?P<id>[^()]+)\)")


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
            records = _records(entry, _chat(entry), setting)
            yield from retell(records, account=account, file=str(entry.path), roster=Roster(ME))


def _chat(entry: Entry) -> Chat:
    """The tool writes 聊天记录/阳台种菜群(123@chatroom)/阳台种菜群.csv; a file taken out of there has only its name."""
    for folder in (entry.path.parent.name, entry.path.stem):
        found = _FOLDER.fullmatch(folder)
        if found and (found["id"].endswith(wechat_records.ROOM) or wechat_records.is_person_id(found["id"])):
            return wechat_records.chat(found["id"], found["name"])
    return Chat(id=by_name(entry.path.stem), name=entry.path.stem)


def _records(entry: Entry, chat: Chat, setting: Setting) -> Iterator[Said | Unreadable]:
    for row in rows(entry, more=1):
        yield row if isinstance(row, Unreadable) else _record(entry, row, chat, setting)


def _record(entry: Entry, row: Row, chat: Chat, setting: Setting) -> Said | Unreadable:
    at = written(row["时间"], setting.zone) or unix(row["时间"])
    if at is None:
        return problems.unreadable(entry.path, row.line, "时间", problems.NO_TIME, row.raw)
    name = row["发送人"].strip() or row["昵称"].strip()
    said = wechat_records.record(
        chat=chat,
        at=at,
        line=row.line,
        sender=Person(id=by_name(name), name=name) if name else None,
        sort=wechat_kinds.by_words(row["类型"]),
        content=row["内容"],
        own_id=wechat_records.own_id(row["消息ID"]),
    )
    return said or problems.unreadable(entry.path, row.line, "发送人", problems.NO_AUTHOR, row.raw)
