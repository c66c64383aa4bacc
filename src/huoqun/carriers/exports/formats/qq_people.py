"""How QQ writes who speaks: "小林(10000123)", "【管理员】小林<lin@example.org>", "系统消息(10000)"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from huoqun.carriers.exports.roster import by_name
from huoqun.vocabulary.events import Person

SYSTEM_NUMBERS = ("10000", "1000000")
_NUMBERED = re.compile(r"(?P<name>.*)\((?P<id>[0-9]{4,})\)\s*", re.DOTALL | re.ASCII)
_MAILED = re.compile(r"(?P<name>.*)<(?P<id>[^<>\s]+@[^<>\s]+)>\s*", re.DOTALL)
_TITLE = re.compile(r"【(?P<title>[^【】]*)】(?P<name>.+)", re.DOTALL)
_KNOWN_TITLE = re.compile(r"群主|管理员|创建者|LV\.?\s?\d+.*|Lv\.?\s?\d+.*|等级\d+.*|\d+级")


@dataclass(frozen=True, slots=True)
class Speaker:
    """The words before a message, taken apart. `id` is empty where no number or e-mail stands there."""

    id: str
    name: str

    @property
    def is_system(self) -> bool:
        return self.id in SYSTEM_NUMBERS

    @property
    def title(self) -> str:
        """What stands in 【】 in front of the name: a title or the beginning of a nickname, the line does not tell."""
        found = _TITLE.fullmatch(self.name)
        return found["title"] if found else ""

    @property
    def bare_name(self) -> str:
        found = _TITLE.fullmatch(self.name)
        return found["name"].strip() if found else self.name


def speaker(words: str) -> Speaker:
    """The number is in the last pair of brackets: names have brackets too, and not always in pairs."""
    found = _NUMBERED.fullmatch(words) or _MAILED.fullmatch(words)
    return Speaker(id=found["id"], name=found["name"].strip()) if found else Speaker(id="", name=words.strip())


class Titles:
    """Which words in 【】 are titles. QQ's own are known; another is one when two people bear it or one both ways."""

    def __init__(self) -> None:
        self._bearers: dict[str, str] = {}
        self._shared: set[str] = set()

    def add(self, one: Speaker) -> None:
        if one.title and self._bearers.setdefault(one.title, one.id) != one.id:
            self._shared.add(one.title)

    def person(self, one: Speaker) -> Person:
        is_title = one.title in self._shared or bool(_KNOWN_TITLE.fullmatch(one.title))
        name = one.bare_name if is_title else one.name
        return Person(id=one.id or by_name(name), name=name or one.id)


_GROUP_LABELS = ("群", "多人聊天", "讨论组", "Group", "Discussion")
_NUMBERLESS_LABELS = ("多人聊天", "讨论组", "Discussion")


def is_group_label(label: str) -> bool:
    """Whether a heading of the contact list ("我的QQ群", "已退出的群") holds groups; friends' headings are free words."""
    return contains_any(label, _GROUP_LABELS)


def has_numbers(label: str) -> bool:
    """Whether speakers bear numbers under this heading: the old discussion groups have names only."""
    return not contains_any(label, _NUMBERLESS_LABELS)


def contains_any(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)
