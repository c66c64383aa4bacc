"""Who is called what in a chat, to find the person behind "@阿琴 " and "阿琴加入本群。"."""

from __future__ import annotations

import re
from itertools import islice

from huoqun.vocabulary.events import Person

_AT = re.compile(r"(?<![A-Za-z0-9._])@")
"""Not the one inside an e-mail address."""
_MOST_MENTIONS = 500
_LONGEST_NAME = 60
_AFTER_A_NAME = " \u2005\u3000\t\n\u00a0"
"""What a chat program puts after an "@name": a space, in WeChat one of a special width."""


class Roster:
    """Names are looked up only where they are one person's: two people of the same name resolve to nobody."""

    def __init__(self, me: Person | None = None) -> None:
        self.me = me or Person(id=by_name("我"), name="我")
        """The account the file was exported from: "你" and "我" of the sentences."""
        self._ids: dict[str, dict[str, str]] = {}

    def add(self, chat: str, person: Person, *names: str) -> None:
        known = self._ids.setdefault(chat, {})
        for name in {person.name, *names} - {""}:
            if known.setdefault(name[:_LONGEST_NAME], person.id) != person.id:
                known[name[:_LONGEST_NAME]] = ""

    def find(self, chat: str, name: str) -> Person | None:
        person = self._ids.get(chat, {}).get(name[:_LONGEST_NAME])
        return Person(id=person, name=name) if person else None

    def mentioned(self, chat: str, text: str) -> tuple[str, ...]:
        """Ids of the people addressed with "@name" and a space after it, the longest name first, each once."""
        known = self._ids.get(chat)
        if not known or "@" not in text:
            return ()
        found = (self._name_after(known, text, at.end()) for at in islice(_AT.finditer(text), _MOST_MENTIONS))
        return tuple(dict.fromkeys(person for person in found if person))

    def _name_after(self, known: dict[str, str], text: str, start: int) -> str:
        for end in range(min(len(text), start + _LONGEST_NAME), start, -1):
            if (end == len(text) or text[end] in _AFTER_A_NAME) and text[start:end] in known:
                return known[text[start:end]]
        return ""


def by_name(name: str) -> str:
    """The id of somebody, or of a chat, of whom the file tells nothing but the name."""
    return f"name:{name}"
