"""A text with variables: {{group}}, {{群名}}, or with words for where there is no value: {{operator|管理员}}."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum

LONGEST_VALUE = 60
"""A name longer than this is somebody's joke; a broadcast carries its beginning."""

NAMES: dict[str, tuple[str, ...]] = {
    "group": ("群名", "group"),
    "operator": ("运营", "operator", "管理员"),
    "member": ("昵称", "member", "成员"),
    "community": ("社群", "community"),
    "day": ("日期", "今天"),
    "english_day": ("day", "date"),
    "weekday": ("星期", "周几"),
    "english_weekday": ("weekday",),
}
"""What each is called in a text. The Chinese word for a day gives a Chinese day, the English one an English day."""

_BY_NAME = {name: variable for variable, names in NAMES.items() for name in names}
_MEMBERS_ONLY = {"member"}

# Chinese keyboards write braces in full width, too.
_VARIABLE = re.compile(r"[{｛]{2}([^{}｛｝]*)[}｝]{2}")
_BRACES = re.compile(r"[{｛]{2}|[}｝]{2}")
_JOINER = "\u200d"
"""Holds emoji together; all other invisible characters in names can turn a text round."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Fault(StrEnum):
    UNKNOWN = "unknown"
    NEAR = "near"
    MEMBERS_ONLY = "members only"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a text whoever reads it."""

    fault: Fault
    name: str = ""
    near: str = ""


class Unfilled(ValueError):
    """These variables have no value here, and the text says nothing for that case."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"no value for {', '.join(names)}")
        self.names = names


def wrongs(text: str, *, to_members: bool) -> list[Wrong]:
    """Everything that could not be filled whoever reads it; empty: the text is fine."""
    found = [wrong for written in _VARIABLE.findall(text) if (wrong := _wrong(written, to_members)) is not None]
    if _BRACES.search(_VARIABLE.sub("", text)):
        found.append(Wrong(Fault.OPEN, near=NAMES["group"][0]))
    return list(dict.fromkeys(found))


def _wrong(written: str, to_members: bool) -> Wrong | None:
    name, _words = _parts(written)
    variable = _BY_NAME.get(name)
    if variable is None:
        # Half of it right: of two characters, one.
        near = get_close_matches(name, _BY_NAME, n=1, cutoff=0.5)
        return Wrong(Fault.NEAR, name, near[0]) if near else Wrong(Fault.UNKNOWN, name)
    return Wrong(Fault.MEMBERS_ONLY, name) if variable in _MEMBERS_ONLY and not to_members else None


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with every variable's value, once through: what looks like a variable inside a value stays as it is.

    Raises Unfilled. The text has no `wrongs`.
    """
    missing: list[str] = []

    def value(match: re.Match[str]) -> str:
        name, words = _parts(match[1])
        found = plain(values.get(_BY_NAME[name], "")) or words
        if not found:
            missing.append(name)
        return found

    done = _VARIABLE.sub(value, text)
    if missing:
        raise Unfilled(tuple(dict.fromkeys(missing)))
    return done


def _parts(written: str) -> tuple[str, str]:
    """Name, and the words for where there is no value."""
    name, _, words = written.replace("｜", "|").partition("|")
    return unicodedata.normalize("NFKC", name).strip().casefold(), words.strip()


def plain(value: str) -> str:
    """A name as one line that cannot break or turn the text round it."""
    kept = "".join(" " if char.isspace() else char for char in value if char.isspace() or _is_seen(char))
    return " ".join(kept.split())[:LONGEST_VALUE].rstrip()


def _is_seen(char: str) -> bool:
    return char == _JOINER or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def day_values(day: date) -> dict[str, str]:
    return {
        "day": f"{day.month}月{day.day}日",
        "english_day": f"{day.day} {_MONTHS[day.month - 1]}",
        "weekday": "星期" + "一二三四五六日"[day.weekday()],
        "english_weekday": _WEEKDAYS[day.weekday()],
    }
