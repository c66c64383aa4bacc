"""QQ for PC, chat history saved as text: a head with the chat's name, then a line with time and sender before each message."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from huoqun.carriers.base import Parsed, Unreadable
from huoqun.carriers.exports import errors, problems
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.local_times import CLOCK, DAY, moment
from huoqun.carriers.exports.roster import Roster, by_name
from huoqun.carriers.exports.said import Chat, Said, retell
from huoqun.carriers.exports.text import head_text, look_through_text, open_text
from huoqun.vocabulary.ids import Account

from . import qq_people
from .qq_people import Speaker, Titles, speaker

NAME = "qq-text"
TITLE = gettext_noop("QQ PC text (.txt)")
CARRIER = "qq"
NEEDS_ZONE = True
LOOKS_FOR = gettext_noop("the lines 消息记录 and 消息对象:")

_LONGEST_MESSAGE = 1 << 20
"""What follows behind so many characters is not the message's any more: the file is damaged, and must not fill the memory."""
_BAR = re.compile(r"={16,}\s*")
_LABEL = re.compile(r"(?P<label>消息分组|消息对象)[:：](?P<value>.*)")
_HEADER = re.compile(rf"\ufeff?{DAY} {CLOCK}(?: (?P<who>.*))?", re.ASCII)
_TITLE_LINE = "消息记录（此消息记录为文本格式"


def recognise(entries: list[Entry]) -> bool:
    return any(_is_ours(entry) for entry in entries)


def _is_ours(entry: Entry) -> bool:
    head = head_text(entry)[:4000]
    return _TITLE_LINE in head[:200] or bool(re.search(r"^={16,}\s*\n消息(?:分组|对象)[:：]", head, re.MULTILINE))


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
    for block in _blocks(entry, look_through_text(entry)):
        who = block.speaker
        if who is not None and not who.is_system and (known := (block.chat.id, who.id, who.name)) not in seen:
            seen.add(known)
            titles.add(who)
            roster.add(block.chat.id, titles.person(who), who.name, who.bare_name)
    return roster, titles


def _records(entry: Entry, zone: ZoneInfo, titles: Titles) -> Iterator[Said | Unreadable]:
    for block in _blocks(entry, open_text(entry)):
        if block.speaker is None:
            yield problems.unreadable(entry.path, block.line, "", problems.NOT_UNDERSTOOD, block.text)
            continue
        try:
            at = moment(block.when, zone)
        except (ValueError, OverflowError):
            yield problems.unreadable(entry.path, block.line, "time", problems.NO_TIME, f"{block.header}\n{block.text}")
            continue
        sender = titles.person(block.speaker)
        yield Said(chat=block.chat, at=at, line=block.line, sender=sender, text=block.text, system=block.speaker.is_system)


@dataclass(slots=True)
class _Block:
    """A header line and what follows up to the next; without a speaker: lines that belong to no message."""

    chat: Chat
    line: int
    header: str = ""
    when: dict[str, str | None] = field(default_factory=dict)
    speaker: Speaker | None = None
    lines: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.size += len(line) + 1

    @property
    def text(self) -> str:
        return "\n".join(self.lines).rstrip()


@dataclass(slots=True)
class _Section:
    """The chat being read and how its senders are written."""

    label: str = ""
    name: str = ""
    numbered: bool | None = None
    """Whether senders bear numbers; None until the first header of a chat whose heading does not tell."""

    def chat(self) -> Chat:
        group = bool(self.numbered) or qq_people.is_group_label(self.label)
        return Chat(id=by_name(self.name), name=self.name, private=not group)

    def start(self, name: str) -> None:
        self.name = name
        self.numbered = qq_people.has_numbers(self.label) if qq_people.is_group_label(self.label) else None

    def accepts(self, who: Speaker) -> bool:
        """Whether these words behind a time are a sender here. In a group, a time and a name inside a message are not."""
        if self.numbered is None:
            self.numbered = bool(who.id)
        return bool(who.id) if self.numbered else bool(who.name)


def _blocks(entry: Entry, source: Iterator[tuple[int, str]]) -> Iterator[_Block]:
    lines = _Ahead(source)
    section = _Section(name=PurePosixPath(entry.path).stem)
    block = _Block(section.chat(), 1)
    after_blank = True
    for number, line in lines:
        if _BAR.fullmatch(line) and (labelled := lines.label_after()):
            yield from _filled(block)
            _turn_to(section, labelled)
            block, after_blank = _Block(section.chat(), number), True
        elif after_blank and (header := _header(line, section)):
            yield from _filled(block)
            block = _Block(section.chat(), number, line, *header)
        elif not _is_furniture(line, block):
            if block.size > _LONGEST_MESSAGE:
                yield block
                block = _Block(section.chat(), number)
            block.add(line)
        after_blank = not line.strip() or (after_blank and _is_furniture(line, block))
    yield from _filled(block)


def _filled(block: _Block) -> Iterator[_Block]:
    if block.speaker is not None or block.text.strip():
        yield block


def _turn_to(section: _Section, labelled: re.Match[str]) -> None:
    if labelled["label"] == "消息对象":
        section.start(labelled["value"].strip())
    else:
        section.label = labelled["value"].strip()


def _is_furniture(line: str, block: _Block) -> bool:
    """The bar that closes a head, and the title line: only where no message has begun yet."""
    return block.speaker is None and (bool(_BAR.fullmatch(line)) or line.lstrip("\ufeff").startswith("消息记录"))


def _header(line: str, section: _Section) -> tuple[dict[str, str | None], Speaker] | None:
    found = _HEADER.fullmatch(line)
    if found is None or found["who"] is None or not found["second"]:
        return None
    who = speaker(found["who"])
    return (found.groupdict(), who) if section.accepts(who) else None


class _Ahead(Iterator[tuple[int, str]]):
    """Numbered lines with a look at the next two: three lines together make a head."""

    def __init__(self, source: Iterator[tuple[int, str]]) -> None:
        self._source = source
        self._waiting: deque[tuple[int, str]] = deque()

    def __next__(self) -> tuple[int, str]:
        return self._waiting.popleft() if self._waiting else next(self._source)

    def label_after(self) -> re.Match[str] | None:
        """The label between this bar and the next one; takes the label's line, leaves the bar."""
        while len(self._waiting) < 2 and (line := next(self._source, None)) is not None:
            self._waiting.append(line)
        if len(self._waiting) < 2 or not _BAR.fullmatch(self._waiting[1][1]):
            return None
        found = _LABEL.fullmatch(self._waiting[0][1])
        if found:
            self._waiting.popleft()
        return found
