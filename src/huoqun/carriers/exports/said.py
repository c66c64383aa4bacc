"""From one record of a chat to its events: the part that all exports of prose share.

A format module turns its file into `Said` records; `retell` makes events of them: placeholders become kinds, the program's
own sentences become joins and recalls, names become people, private chats are left out and reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huoqun.carriers.base import Parsed, Unreadable
from huoqun.vocabulary.events import (
    GroupCreated,
    GroupEvent,
    GroupRenamed,
    MemberJoined,
    MemberLeft,
    MessageKind,
    MessagePosted,
    MessageRecalled,
    NoticePosted,
    OwnerChanged,
    Person,
    RedPacketClaimed,
)
from huoqun.vocabulary.ids import Account

from . import problems
from .errors import gettext_noop
from .fingerprints import Fingerprints
from .placeholders import kind_of
from .roster import Roster, by_name
from .system_words import Happening, Understood, understand


@dataclass(frozen=True, kw_only=True, slots=True)
class Chat:
    id: str
    name: str = ""
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One record as the file has it. `sender` has an empty id where the chat program itself speaks (`system`)."""

    chat: Chat
    at: datetime
    line: int
    sender: Person
    text: str
    kind: MessageKind | None = None
    """None: to be seen from placeholders in the text."""
    own_id: str = ""
    """The carrier's id of the message; "" where the file has none."""
    system: bool = False
    recalled: bool = False
    recalled_id: str | None = None
    """Of a system record that tells of a recall: which message."""
    reply_to: str | None = None
    reply_to_author: str | None = None
    mentions: tuple[str, ...] = ()
    named: tuple[Person, ...] = ()
    """People a system record names with their ids."""
    house: bool = False


def retell(records: Iterable[Said | Unreadable], *, account: Account, file: str, roster: Roster) -> Iterator[Parsed]:
    """Events in the order of the records; at the end one `Unreadable` for each private chat that was left out."""
    teller = _Teller(account, roster)
    private: dict[str, tuple[Chat, int, int]] = {}
    for record in records:
        if isinstance(record, Unreadable):
            yield record
        elif record.chat.private:
            chat, line, count = private.get(record.chat.id, (record.chat, record.line, 0))
            private[record.chat.id] = (chat, line, count + 1)
        else:
            yield from teller.tell(record)
    for chat, line, count in private.values():
        yield problems.unreadable(file, line, "chat", PRIVATE_CHAT, f"{chat.name or chat.id}: {count}")


PRIVATE_CHAT = gettext_noop(
    "This is a private chat: its messages, as many as stand after its name, were left out. Only groups are read; nothing to do."
)


class _Teller:
    def __init__(self, account: Account, roster: Roster) -> None:
        self._account = account
        self._roster = roster
        self._fingerprints: dict[str, Fingerprints] = {}

    def tell(self, said: Said) -> Iterator[GroupEvent]:
        source_id = said.own_id or self._fingerprint(said)
        if said.system:
            yield from self._happenings(said, source_id)
            return
        self._roster.add(said.chat.id, said.sender)
        yield self._message(said, source_id)
        if said.recalled:
            yield MessageRecalled(**self._common(said, f"{source_id}:recall"), message_id=source_id)

    def _fingerprint(self, said: Said) -> str:
        fingerprints = self._fingerprints.setdefault(said.chat.id, Fingerprints())
        return fingerprints.id_of(said.chat.id, said.at, said.sender.id, said.text)

    def _common(self, said: Said, source_id: str) -> dict[str, Any]:
        return {
            "account": self._account,
            "source_id": source_id,
            "at": said.at,
            "group_id": said.chat.id,
            "group_name": said.chat.name,
        }

    def _message(self, said: Said, source_id: str) -> MessagePosted:
        kind, text = (said.kind, said.text or None) if said.kind else _kind_and_text(said.text)
        return MessagePosted(
            **self._common(said, source_id),
            message_id=source_id,
            author=said.sender,
            kind=kind,
            text=text,
            reply_to=said.reply_to,
            reply_to_author=said.reply_to_author,
            mentions=said.mentions or self._roster.mentioned(said.chat.id, said.text),
            house=said.house,
        )

    def _happenings(self, said: Said, source_id: str) -> Iterator[GroupEvent]:
        understood = understand(said.text)
        if not understood:
            yield NoticePosted(**self._common(said, source_id), text=said.text)
        for number, happening in enumerate(understood):
            common = self._common(said, f"{source_id}:{number}" if number else source_id)
            yield _EVENTS[happening.happening](common, happening, said, lambda name: self._person(said, name))

    def _person(self, said: Said, name: str) -> Person | None:
        if not name or name in _NOBODY:
            return None
        if name in _ME:
            return self._roster.me
        named = {person.name: person for person in said.named}
        return (
            named.get(name) or _numbered(name) or self._roster.find(said.chat.id, name) or Person(id=by_name(name), name=name)
        )


_ME = ("你", "我", "您", "You", "you", "your", "Your", "yourself")
_NOBODY = ("管理员", "群主", "系统", "系统消息", "an admin")
"""A role instead of a name: nobody in particular."""


def _kind_and_text(text: str) -> tuple[MessageKind, str | None]:
    # A message whose content the export dropped altogether was said all the same.
    return kind_of(text) if text.strip() else (MessageKind.OTHER, None)


def _numbered(name: str) -> Person | None:
    head, bracket, number = name.rpartition("(")
    if bracket and number.endswith(")") and number[:-1].isdecimal() and len(number) > 5:
        return Person(id=number[:-1], name=head.strip() or number[:-1])
    return None


def _only_named(name: str) -> Person:
    return Person(id=by_name(name), name=name)


_Find = Callable[[str], Person | None]


def _somebody(find: _Find, name: str) -> Person:
    return find(name) or _only_named(name)


def _joined(common: dict[str, Any], one: Understood, said: Said, find: _Find) -> GroupEvent:
    return MemberJoined(**common, member=_somebody(find, one.who), way=one.way, inviter=find(one.by))


def _left(common: dict[str, Any], one: Understood, said: Said, find: _Find) -> GroupEvent:
    return MemberLeft(**common, member=_somebody(find, one.who), removed_by=find(one.by))


def _recalled(common: dict[str, Any], one: Understood, said: Said, find: _Find) -> GroupEvent:
    return MessageRecalled(**common, message_id=said.recalled_id, by=find(one.by))


def _renamed(common: dict[str, Any], one: Understood, said: Said, find: _Find) -> GroupEvent:
    # The file knows the group by its last name only: the name after this change is the event's, the one before is not known.
    return GroupRenamed(**{**common, "group_name": one.name}, by=find(one.by))


def _owner(common: dict[str, Any], one: Understood, said: Said, find: _Find) -> GroupEvent:
    return OwnerChanged(**common, owner=_somebody(find, one.who), before=find(one.by))


def _claimed(common: dict[str, Any], one: Understood, said: Said, find: _Find) -> GroupEvent:
    return RedPacketClaimed(**common, member=_somebody(find, one.who), sender=find(one.by))


def _created(common: dict[str, Any], one: Understood, said: Said, find: _Find) -> GroupEvent:
    return GroupCreated(**common, by=find(one.by))


_EVENTS: dict[Happening, Callable[[dict[str, Any], Understood, Said, _Find], GroupEvent]] = {
    Happening.JOINED: _joined,
    Happening.LEFT: _left,
    Happening.RECALLED: _recalled,
    Happening.GROUP_RENAMED: _renamed,
    Happening.OWNER: _owner,
    Happening.CLAIMED: _claimed,
    Happening.CREATED: _created,
}
