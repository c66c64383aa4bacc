"""Which words somebody new is welcomed with, and whether it is not too late. Plain values in, plain values out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST = 4000
"""Bytes. No carrier we know takes a longer welcome."""
LONGEST_NAME = 40

EVERYBODY = ""
"""Source of the text for those who have none of their own."""

IN_TIME = timedelta(seconds=1)
"""With less left of a code's time no call could end in time."""

NAMES: dict[str, tuple[str, ...]] = {
    "name": ("称呼", "昵称", "name"),
    "colleague": ("同事名", "同事", "colleague"),
    "community": ("社群", "community"),
}
"""What each variable is called in a text."""

_BY_NAME = {name: variable for variable, names in NAMES.items() for name in names}
_FRIEND, _ENGLISH_FRIEND = "朋友", "friend"
"""For whom no name is known, by the language the variable is written in."""

# Chinese keyboards write braces in full width, too.
_VARIABLE = re.compile(r"[{｛]{2}([^{}｛｝]*)[}｝]{2}")
_BRACES = re.compile(r"[{｛]{2}|[}｝]{2}")


class Verdict(StrEnum):
    WELCOME = "asked"
    NO_CODE = "no_code"
    NO_TEXT = "no_text"
    TOO_LATE = "late"


def verdict(*, code: str, expires_at: datetime | None, has_text: bool, now: datetime) -> Verdict:
    """A carrier that gives no code does not let us welcome them: they have talked before, or somebody else does it."""
    if not code:
        return Verdict.NO_CODE
    if not has_text:
        return Verdict.NO_TEXT
    if expires_at is not None and expires_at - now < IN_TIME:
        return Verdict.TOO_LATE
    return Verdict.WELCOME


def text_for(texts: Mapping[str, str], source: str) -> str:
    """Of texts by source the one for who came by this; else the one for everybody; "" where there is neither."""
    return texts.get(source) or texts.get(EVERYBODY, "")


def strangers(text: str) -> list[str]:
    """Variables nobody knows, and braces left open ("{{"): empty where the text is fine."""
    unknown = [written.strip() for written in _VARIABLE.findall(text) if _parts(written)[0] not in _BY_NAME]
    if _BRACES.search(_VARIABLE.sub("", text)):
        unknown.append("{{")
    return list(dict.fromkeys(unknown))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with every variable's value, once through: what looks like a variable inside a name stays as it is.

    `values` by variable. Where one is missing the words after "|" stand in its place; without those, for a name a word that
    fits anybody, for the rest the community's name.
    """

    def value(match: re.Match[str]) -> str:
        name, words = _parts(match[1])
        variable = _BY_NAME.get(name)
        if variable is None:
            return match[0]
        return plain(values.get(variable, "")) or words or _in_its_place(variable, name, values)

    return _VARIABLE.sub(value, text)


def _in_its_place(variable: str, written: str, values: Mapping[str, str]) -> str:
    if variable == "name":
        return _ENGLISH_FRIEND if written.isascii() else _FRIEND
    return plain(values.get("community", ""))


def is_too_long(text: str) -> bool:
    """Even with the longest names filled in it must fit."""
    longest = dict.fromkeys(NAMES, "名" * LONGEST_NAME)
    return len(filled(text, longest).encode()) > LONGEST


def plain(name: str) -> str:
    """A name as one line that cannot break or turn the text round it."""
    shown = "".join(" " if char.isspace() else char for char in name if char.isspace() or _is_seen(char))
    return " ".join(shown.split())[:LONGEST_NAME].rstrip()


def _is_seen(char: str) -> bool:
    # The joiner holds emoji together; all other invisible characters could turn a text round.
    return char == "\u200d" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _parts(written: str) -> tuple[str, str]:
    """Name, and the words for where there is no value."""
    name, _, words = written.replace("｜", "|").partition("|")
    return unicodedata.normalize("NFKC", name).strip().casefold(), words.strip()
