"""QQ for PC, chat history saved as MHT: one table whose rows are headings, days and messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import IO
from zoneinfo import ZoneInfo

from huoqun.carriers.base import Parsed, Unreadable
from huoqun.carriers.exports import errors, problems
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.local_times import CLOCK, DAY, moment
from huoqun.carriers.exports.roster import Roster, by_name
from huoqun.carriers.exports.said import Chat, Said, retell
from huoqun.vocabulary.ids import Account

from . import qq_people
from .mht_parts import html_pieces
from .qq_people import Speaker, Titles, speaker

NAME = "qq-mht"
TITLE = gettext_noop("QQ PC MHT (.mht)")
CARRIER = "qq"
NEEDS_ZONE = True
LOOKS_FOR = gettext_noop("a MIME head with “Tencent IM Message” or “Tencent MsgMgr”")

_LONGEST_ROW = 4 * 1024 * 1024
_ROW_ENDS = re.compile(r"</tr\s*>", re.IGNORECASE)
_LABEL = re.compile(r"(?P<label>消息分组|消息对象|日期) ?[:：](?P<value>.*)", re.DOTALL)
_DAY = re.compile(DAY, re.ASCII)
_HEADER = re.compile(rf"(?P<who>.*?)\s?{CLOCK}", re.DOTALL | re.ASCII)
_LONGEST_HEADER = 1000

NO_DAY = gettext_noop("No row with a date stands before this message. Export the chat again.")


def recognise(entries: list[Entry]) -> bool:
    return any(_is_ours(entry) for entry in entries)


def _is_ours(entry: Entry) -> bool:
    head = entry.head()[:2000]
    return b"Tencent IM Message" in head or b"Tencent MsgMgr" in head


def read(entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
    zone = setting.zone
    if zone is None:
        raise errors.ZoneNeeded(problems.NO_ZONE)
    account = Account(setting.community, CARRIER, setting.account)
    for entry in entries:
        if _is_ours(entry):
            roster, titles = _people(entry)
            records = _records(entry, zone, titles)
            yield from retell(records, account=account, file=str(entry.path), roster=roster)


def _people(entry: Entry) -> tuple[Roster, Titles]:
    """A first look through the file: who somebody is that joins long before they first speak, stands further below."""
    roster, titles, seen = Roster(), Titles(), set[tuple[str, str, str]]()
    for message in _messages(entry, entry.look_through):
        if isinstance(message, _Message) and not (who := message.speaker).is_system:
            known = (message.chat.id, who.id, who.name)
            if known not in seen:
                seen.add(known)
                titles.add(who)
                roster.add(message.chat.id, titles.person(who), who.name, who.bare_name)
    return roster, titles


def _records(entry: Entry, zone: ZoneInfo, titles: Titles) -> Iterator[Said | Unreadable]:
    for message in _messages(entry, entry.open):
        if isinstance(message, Unreadable):
            yield message
            continue
        try:
            at = moment(message.when, zone)
        except (ValueError, OverflowError):
            yield problems.unreadable(entry.path, message.row, "time", problems.NO_TIME, message.raw)
            continue
        yield Said(
            chat=message.chat,
            at=at,
            line=message.row,
            sender=titles.person(message.speaker),
            text=message.text,
            system=message.speaker.is_system,
        )


@dataclass(frozen=True, slots=True)
class _Message:
    chat: Chat
    row: int
    when: dict[str, str | None]
    speaker: Speaker
    text: str
    raw: str


class _Place:
    """Where in the table we are: under which chat and on which day."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._label = ""
        self._chat_name = ""
        self._numbered: bool | None = None
        self._day: dict[str, str | None] | None = None

    def take(self, number: int, cell: _Cell, raw: str) -> _Message | Unreadable | None:
        """The message in this row, if it is one; None for headings and empty rows."""
        label = _LABEL.fullmatch(cell.whole.strip())
        if label and len(cell.parts) < 2:
            self._turn(label["label"], label["value"].strip())
            return None
        words = cell.parts[0].strip() if cell.parts else ""
        header = _HEADER.fullmatch(words) if len(words) <= _LONGEST_HEADER else None
        if header is None:
            return self._other(number, cell, raw)
        who = speaker(header["who"])
        if self._day is None:
            return problems.unreadable(self._file, number, "date", NO_DAY, raw)
        when = self._day | {part: found for part, found in header.groupdict().items() if part != "who"}
        return _Message(self._chat(who), number, when, who, "\n".join(cell.parts[1:]).strip(), raw)

    def _other(self, number: int, cell: _Cell, raw: str) -> Unreadable | None:
        # The title stands in a row of its own before each chat.
        if cell.whole.strip() in ("", "消息记录"):
            return None
        return problems.unreadable(self._file, number, "", problems.NOT_UNDERSTOOD, raw)

    def _turn(self, label: str, value: str) -> None:
        if label == "消息分组":
            self._label = value
        elif label == "消息对象":
            self._chat_name, self._day = value, None
            is_group = qq_people.is_group_label(self._label)
            self._numbered = qq_people.has_numbers(self._label) if is_group else None
        else:
            found = _DAY.fullmatch(value)
            self._day = found.groupdict() if found else None

    def _chat(self, who: Speaker) -> Chat:
        if self._numbered is None:
            self._numbered = bool(who.id)
        group = self._numbered or qq_people.is_group_label(self._label)
        return Chat(id=by_name(self._chat_name), name=self._chat_name, private=not group)


def _messages(entry: Entry, opener: Callable[[], IO[bytes]]) -> Iterator[_Message | Unreadable]:
    place = _Place(str(entry.path))
    for number, row in enumerate(_rows(opener), 1):
        if len(row) > _LONGEST_ROW:
            yield problems.unreadable(entry.path, number, "", problems.TOO_LONG, row)
            continue
        if (taken := place.take(number, _cell(row), row)) is not None:
            yield taken


def _rows(opener: Callable[[], IO[bytes]]) -> Iterator[str]:
    """The table's rows, cut at their ends: whatever is wrong in one, the next begins anew."""
    rest = ""
    with opener() as stream:
        for piece in html_pieces(stream):
            *whole, rest = _ROW_ENDS.split(rest + piece)
            yield from whole
            if len(rest) > _LONGEST_ROW:
                yield rest
                rest = ""
    if re.search(r"<td", rest, re.IGNORECASE):
        yield rest


@dataclass(frozen=True, slots=True)
class _Cell:
    """The words of a row: of each block directly in the cell, and of the whole."""

    parts: list[str]
    loose: str

    @property
    def whole(self) -> str:
        return self.loose + "".join(self.parts)


_CELL_STARTS = re.compile(r"<td\b[^<>]*>", re.IGNORECASE)
# Not html.parser: QQ's markup is plain, and a damaged row of some megabytes must not cost the square of its length.
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)[^<>]*>|<![^<>]*>")


def _cell(row: str) -> _Cell:
    start = _CELL_STARTS.search(row)
    # Everything before the cell belongs to the page, not to the row.
    at, depth = start.end() if start else len(row), 0
    blocks: list[list[str]] = []
    loose: list[str] = []
    for tag in _TAG.finditer(row, at):
        (blocks[-1] if depth else loose).append(_text(row[at : tag.start()]))
        at, name = tag.end(), (tag["name"] or "").lower()
        if name == "div" and not tag["close"]:
            depth += 1
            if depth == 1:
                blocks.append([])
        elif name == "div":
            depth = max(0, depth - 1)
        elif name in _SAID_BY_TAG:
            (blocks[-1] if depth else loose).append(_SAID_BY_TAG[name])
    (blocks[-1] if depth else loose).append(_text(row[at:]))
    return _Cell(["".join(block) for block in blocks], "".join(loose))


_SAID_BY_TAG = {"br": "\n", "img": "[图片]"}


def _text(source: str) -> str:
    return unescape(source).replace("\u00a0", " ")
