"""The lines of an IRC log: somebody says something, does something, comes, goes, is renamed or put out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from huoqun.vocabulary.events import (
    GroupEvent,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MessageKind,
    MessagePosted,
    NoticePosted,
    Person,
)

LINE = re.compile(
    r"\[?(?P<hour>[0-2]?[0-9]):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9]))?\]?\s"
    r"(?:<[@+%&~ ]?(?P<nick>[^>\s]+)>[ ]?(?P<said>.*)"
    r"|(?:\*\*\*|-!-|-->|<--|--)\s+(?P<told>.*)"
    r"|\*[ ](?P<actor>\S+)[ ]?(?P<done>.*))",
    re.DOTALL,
)
_WHO = r"(?P<who>\S+)"
_HOST = r"(?: [\[(][^\])]*[\])])?"
_TOLD: list[tuple[re.Pattern[str], str]] = [
    (re.compile(rf"{_WHO} (?:is now known as|is known as) (?P<new>\S+?)\.?"), "renamed"),
    (re.compile(rf"{_WHO}{_HOST} was kicked (?:from \S+ )?by (?P<by>\S+).*"), "kicked"),
    (re.compile(rf"(?P<by>\S+) (?:has )?kicked {_WHO}.*"), "kicked"),
    (re.compile(rf"Joins?: {_WHO}.*"), "joined"),
    (re.compile(rf"(?:Parts?|Quits?): {_WHO}.*"), "left"),
    (re.compile(rf"{_WHO}{_HOST} (?:has )?joined\b.*"), "joined"),
    (re.compile(rf"{_WHO}{_HOST} (?:has )?(?:left|quit|parted)\b.*"), "left"),
    (re.compile(rf"{_WHO} (?:sets?|changed?s?|has (?:set|changed)) .*"), "notice"),
]
_FIRST = re.compile(r"@?([^\s:,@<>]+)[:,](?:\s|$)")
_AT = re.compile(r"(?:^|(?<=\s))@([^\s:,.!?]+)")


class Moment(NamedTuple):
    common: dict[str, Any]
    """The fields every event has, but for `source_id`."""
    number: str
    """Day and line, counted from 0: the same in every copy of the log."""


class Nicks:
    """Who was seen in a channel so far. IRC does not tell capitals apart."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def person(self, nick: str) -> Person:
        self._seen.add(nick.lower())
        return Person(id=nick.lower(), name=nick)

    def addressed(self, text: str) -> tuple[str, ...]:
        """Ids of those somebody speaks to: "nick: ..." at the beginning, "@nick" anywhere."""
        first = _FIRST.match(text)
        named = [first.group(1)] if first else []
        named += _AT.findall(text) if "@" in text else []
        return tuple(dict.fromkeys(nick.lower() for nick in named if nick.lower() in self._seen))


def event(found: re.Match[str], moment: Moment, nicks: Nicks) -> GroupEvent:
    """What a line tells. A line about something else is a notice."""
    if found["nick"] is not None:
        return _posted(found["nick"], found["said"], MessageKind.TEXT, moment, nicks)
    if found["actor"] is not None:
        return _posted(found["actor"], found["done"], MessageKind.ACTION, moment, nicks)
    for pattern, name in _TOLD:
        told = pattern.fullmatch(found["told"])
        if told:
            return _EVENTS[name](told, moment, nicks)
    return NoticePosted(**moment.common, source_id=f"n:{moment.number}", text=found["told"])


def _posted(nick: str, text: str, kind: MessageKind, moment: Moment, nicks: Nicks) -> MessagePosted:
    return MessagePosted(
        **moment.common,
        source_id=f"m:{moment.number}",
        message_id=moment.number,
        author=nicks.person(nick),
        kind=kind,
        text=text or None,
        mentions=nicks.addressed(text),
    )


def _joined(told: re.Match[str], moment: Moment, nicks: Nicks) -> GroupEvent:
    return MemberJoined(**moment.common, source_id=f"j:{moment.number}", member=nicks.person(told["who"]))


def _left(told: re.Match[str], moment: Moment, nicks: Nicks) -> GroupEvent:
    return MemberLeft(**moment.common, source_id=f"l:{moment.number}", member=nicks.person(told["who"]))


def _kicked(told: re.Match[str], moment: Moment, nicks: Nicks) -> GroupEvent:
    by = nicks.person(told["by"].rstrip("."))
    return MemberLeft(**moment.common, source_id=f"l:{moment.number}", member=nicks.person(told["who"]), removed_by=by)


def _renamed(told: re.Match[str], moment: Moment, nicks: Nicks) -> GroupEvent:
    return MemberRenamed(**moment.common, source_id=f"r:{moment.number}", member=nicks.person(told["new"]), before=told["who"])


def _notice(told: re.Match[str], moment: Moment, nicks: Nicks) -> GroupEvent:
    return NoticePosted(**moment.common, source_id=f"n:{moment.number}", text=told.group(), by=nicks.person(told["who"]))


_EVENTS: dict[str, Callable[[re.Match[str], Moment, Nicks], GroupEvent]] = {
    "joined": _joined,
    "left": _left,
    "kicked": _kicked,
    "renamed": _renamed,
    "notice": _notice,
}
