"""From a row of Huoqun's own table to its event."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from huoqun.carriers.exports import problems
from huoqun.carriers.exports.format import Setting
from huoqun.carriers.exports.json_items import NotDecoded
from huoqun.vocabulary.events import (
    GroupCreated,
    GroupEvent,
    GroupRenamed,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MessageKind,
    MessagePosted,
    MessageRecalled,
    NoticePosted,
    OrderPaid,
    OwnerChanged,
    Person,
    RedPacketClaimed,
)
from huoqun.vocabulary.ids import Account

from .table_row import Row, Text

_TALK = {kind.value: kind for kind in MessageKind}
_AT = re.compile(r"@([^\s@,:;!?()，。：；！？、（）…]+)")
_PEOPLE_KEPT = 100_000
_MILLISECONDS_FROM = 1 << 37
"""As seconds this is the year 6325, as milliseconds 1974."""


class Teller:
    """Knows the zone, and who was called what so far."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._accounts: dict[str, Account] = {}
        self._people: dict[tuple[str, str, str], Person] = {}
        self._names: dict[tuple[str, str], str] = {}

    def event(self, row: Row) -> GroupEvent:
        """Raises `NotDecoded` naming the field where the row lacks something or has it wrong."""
        kind = row.kind or MessageKind.TEXT.value
        common = self._common(row)
        talk = _TALK.get(kind)
        if talk is not None:
            return self._message(row, talk, common)
        tell = _HAPPENINGS.get(kind)
        if tell is None:
            raise NotDecoded(problems.UNKNOWN_KIND, "kind")
        prefix, make = tell
        return make(row, {**common, "source_id": f"{prefix}:{row.message_id}"}, self)

    def _common(self, row: Row) -> dict[str, Any]:
        carrier = str(_needed(row.carrier, "carrier", problems.NO_GROUP))
        account = self._accounts.get(carrier)
        if account is None:
            account = self._accounts[carrier] = Account(self._setting.community, carrier, self._setting.account)
        _needed(row.message_id, "message_id", problems.NO_ID)
        return {
            "account": account,
            "at": self._at(row.sent_at),
            "group_id": str(_needed(row.group_id, "group_id", problems.NO_GROUP)),
            "group_name": _text(row.group_name),
        }

    def _message(self, row: Row, kind: MessageKind, common: dict[str, Any]) -> MessagePosted:
        author = self.author(row)
        text = _text(row.text) or None
        return MessagePosted(
            **common,
            source_id=f"m:{row.message_id}",
            message_id=str(row.message_id),
            author=author,
            kind=kind,
            text=text,
            reply_to=_text(row.reply_to) or None,
            reply_to_author=_text(row.target_id) or None,
            mentions=self._mentions(row, text),
            topic=_text(row.topic) or None,
        )

    def author(self, row: Row) -> Person:
        return self.person(row, _needed(row.author_id, "author_id", problems.NO_AUTHOR), row.author_name)

    def person(self, row: Row, id_: Text, name: Text) -> Person:
        key = (str(row.carrier), str(id_), _text(name))
        person = self._people.get(key)
        if person is None:
            if len(self._people) >= _PEOPLE_KEPT:
                self._people.clear()
            person = self._people[key] = Person(id=key[1], name=key[2])
            # One name for two people is nobody's.
            if self._names.setdefault((key[0], key[2]), key[1]) != key[1]:
                self._names[key[0], key[2]] = ""
        return person

    def _mentions(self, row: Row, text: str | None) -> tuple[str, ...]:
        if row.mentions is None:
            return self._named(str(row.carrier), text) if text and "@" in text else ()
        ids = row.mentions.split(";") if isinstance(row.mentions, str) else row.mentions
        return tuple(dict.fromkeys(str(one).strip() for one in ids if one is not None and str(one).strip()))

    def _named(self, carrier: str, text: str) -> tuple[str, ...]:
        found = (self._names.get((carrier, name)) or self._names.get((carrier, name.rstrip("."))) for name in _AT.findall(text))
        return tuple(dict.fromkeys(one for one in found if one))

    def _at(self, at: Any) -> datetime:
        if type(at) is datetime and at.tzinfo is UTC:
            return at
        try:
            return self._in_utc(_moment(at))
        except (ValueError, OverflowError, OSError):
            raise NotDecoded(problems.NO_TIME, "sent_at") from None

    def _in_utc(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            if self._setting.zone is None:
                raise NotDecoded(problems.NO_ZONE, "sent_at")
            at = at.replace(tzinfo=self._setting.zone)
        return at.astimezone(UTC)


def _moment(at: Any) -> datetime:
    if isinstance(at, datetime):
        return at
    if isinstance(at, str) and not at.strip().isdecimal():
        return datetime.fromisoformat(at.strip())
    if not isinstance(at, (str, int, float)):
        raise ValueError
    seconds = float(at)
    return datetime.fromtimestamp(seconds / 1000 if seconds >= _MILLISECONDS_FROM else seconds, UTC)


def _needed(value: Text, field: str, problem: str) -> Text:
    if value is None or value == "":
        raise NotDecoded(problem, field)
    return value


def _text(value: Text) -> str:
    return "" if value is None else str(value)


def _other(row: Row, teller: Teller) -> Person | None:
    """The second person of a happening: who put out, who sent the packet, who owned the group before."""
    return teller.person(row, row.target_id, None) if row.target_id else None


def _by(row: Row, teller: Teller) -> Person | None:
    return teller.author(row) if row.author_id else None


def _join(row: Row, common: dict[str, Any], teller: Teller) -> GroupEvent:
    inviter = teller.person(row, row.inviter_id, row.inviter_name) if row.inviter_id else None
    return MemberJoined(**common, member=teller.author(row), way=_text(row.way), inviter=inviter)


def _leave(row: Row, common: dict[str, Any], teller: Teller) -> GroupEvent:
    return MemberLeft(**common, member=teller.author(row), removed_by=_other(row, teller))


def _rename(row: Row, common: dict[str, Any], teller: Teller) -> GroupEvent:
    return MemberRenamed(**common, member=teller.author(row), before=_text(row.detail))


def _recall(row: Row, common: dict[str, Any], teller: Teller) -> GroupEvent:
    return MessageRecalled(**common, message_id=_text(row.reply_to) or None, by=_by(row, teller))


def _claim(row: Row, common: dict[str, Any], teller: Teller) -> GroupEvent:
    packet = _text(row.reply_to) or None
    return RedPacketClaimed(**common, member=teller.author(row), message_id=packet, sender=_other(row, teller))


def _notice(row: Row, common: dict[str, Any], teller: Teller) -> GroupEvent:
    return NoticePosted(**common, text=_text(row.text) or _text(row.detail), by=_by(row, teller))


def _group_created(row: Row, common: dict[str, Any], teller: Teller) -> GroupEvent:
    return GroupCreated(**common, by=_by(row, teller))


def _group_renamed(row: Row, common: dict[str, Any], teller: Teller) -> GroupEvent:
    return GroupRenamed(**common, before=_text(row.detail), by=_by(row, teller))


def _owner(row: Row, common: dict[str, Any], teller: Teller) -> GroupEvent:
    return OwnerChanged(**common, owner=teller.author(row), before=_other(row, teller))


def _order(row: Row, common: dict[str, Any], teller: Teller) -> GroupEvent:
    try:
        amount = int(_needed(row.amount, "amount", problems.BAD_VALUE) or 0)
    except ValueError:
        raise NotDecoded(problems.BAD_VALUE, "amount") from None
    return OrderPaid(
        **common,
        member=teller.author(row),
        order_id=str(row.message_id),
        amount=amount,
        currency=_text(row.currency) or "CNY",
        items=tuple(item.strip() for item in _text(row.detail).split(";") if item.strip()),
    )


_HAPPENINGS: dict[str, tuple[str, Callable[[Row, dict[str, Any], Teller], GroupEvent]]] = {
    "join": ("j", _join),
    "leave": ("l", _leave),
    "rename": ("r", _rename),
    "recall": ("x", _recall),
    "claim": ("p", _claim),
    "notice": ("n", _notice),
    "group_created": ("c", _group_created),
    "group_renamed": ("g", _group_renamed),
    "owner": ("w", _owner),
    "order": ("o", _order),
}
"""Each kind with what stands before the message id in its `source_id`."""
