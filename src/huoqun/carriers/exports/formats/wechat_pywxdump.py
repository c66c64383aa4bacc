"""WeChat, one chat as CSV by PyWxDump, cut into files of some thousand rows."""

from __future__ import annotations

import json
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

NAME = "wechat-pywxdump"
TITLE = gettext_noop("WeChat CSV by PyWxDump (.csv)")
CARRIER = "wechat"
NEEDS_ZONE = True
LOOKS_FOR = gettext_noop("a heading with MsgSvrID, type_name, is_sender, talker and room_name")

_COLUMNS = {"MsgSvrID", "type_name", "is_sender", "talker", "room_name", "CreateTime"}
_CHAT_IN_NAME = re.compile(r"(?:^|_)(?P<id>[^_]+@chatroom)_")


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
            records = _records(entry, setting)
            yield from retell(records, account=account, file=str(entry.path), roster=Roster(ME))


def _records(entry: Entry, setting: Setting) -> Iterator[Said | Unreadable]:
    in_name = _CHAT_IN_NAME.search(entry.path.name)
    for row in rows(entry, more=1):
        if isinstance(row, Unreadable):
            yield row
            continue
        room = row["room_name"].strip()
        is_id = room.endswith(wechat_records.ROOM) or in_name is None
        # Where the column holds the group's name, its id is in the file's name.
        chat = wechat_records.chat(room) if is_id or in_name is None else wechat_records.chat(in_name["id"], room)
        yield _record(entry, row, chat, setting)


def _record(entry: Entry, row: Row, chat: Chat, setting: Setting) -> Said | Unreadable:
    at = unix(row["CreateTime"]) or written(row["CreateTime"], setting.zone)
    if at is None:
        return problems.unreadable(entry.path, row.line, "CreateTime", problems.NO_TIME, row.raw)
    if not chat.id:
        return problems.unreadable(entry.path, row.line, "room_name", problems.NO_GROUP, row.raw)
    said = wechat_records.record(
        chat=chat,
        at=at,
        line=row.line,
        sender=_sender(row),
        sort=wechat_kinds.by_words(row["type_name"]),
        content=row["msg"] or _content(row["content"]),
        own_id=wechat_records.own_id(row["MsgSvrID"]),
    )
    return said or problems.unreadable(entry.path, row.line, "talker", problems.NO_AUTHOR, row.raw)


def _sender(row: Row) -> Person | None:
    talker = row["talker"].strip()
    if talker == ME.name or (row["is_sender"].strip() == "1" and not wechat_records.is_person_id(talker)):
        return ME
    # In raw exports the group itself stands here, and the sender in front of the content.
    if not talker or talker.endswith(wechat_records.ROOM):
        return None
    return Person(id=talker, name=talker) if talker.isascii() else Person(id=by_name(talker), name=talker)


def _content(content: str) -> str:
    """Older versions put text and file together as JSON: {"src": "", "msg": "早"}."""
    if not content.startswith("{"):
        return content
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return content
    return str(told.get("msg") or "") if isinstance(told, dict) and "msg" in told else content
