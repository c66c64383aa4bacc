"""Quotations: WeCom writes the words answered above a line of dashes, and does not say whose they are or where they stand.

The form of what stands above the line is not written down anywhere; what does not look like a quotation stays as it is.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass

from huoqun.vocabulary.ids import folded

_LINE = re.compile(r"\n[ \t]*(?:[-—][ \t]?){6,}[ \t]*\n")
_LEAD = re.compile(r"^(?:这是一条引用(?:/回复)?消息[::]?\s*)")
_OPENED = ("「", "『", "“", '"', "《")
_MARKS = '「」『』“”"《》 \t\n'
_NAME = re.compile(r"^[^\n::]{1,40}[::]\s*")

REMEMBERED = 200_000
"""Texts whose place is kept in mind, of all groups together: some hours of 9,000 groups."""


@dataclass(frozen=True, slots=True)
class Quoted:
    words: str
    """What the author of the message says."""
    above: str
    """What they answer, perhaps with a name in front."""


def split(text: str) -> Quoted | None:
    """None where nothing is quoted."""
    found = _LINE.search(text)
    if found is None:
        return None
    above, words = text[: found.start()].strip(), text[found.end() :].strip()
    told = _LEAD.sub("", above)
    if not words or not (told != above or told.startswith(_OPENED)):
        return None
    return Quoted(words, told)


def may_read(above: str) -> list[str]:
    """What the message answered may have said: with the name in front of it taken off, and as it stands."""
    bare = above.strip(_MARKS)
    without_name = _NAME.sub("", bare, count=1).strip(_MARKS)
    return [each for each in dict.fromkeys((without_name, bare)) if each]


@dataclass(frozen=True, slots=True)
class Place:
    message_id: str
    author_id: str


class Recent:
    """Where texts were said lately, so that an answer finds what it answers. Lost with the process: an answer to something
    older keeps its words and says only not whom it answers."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._places: OrderedDict[int, Place] = OrderedDict()

    def remember(self, group_id: str, text: str, place: Place) -> None:
        key = _key(group_id, text)
        self._places[key] = place
        self._places.move_to_end(key)
        if len(self._places) > self._most:
            self._places.popitem(last=False)

    def find(self, group_id: str, above: str) -> Place | None:
        """The latest message of the group that said this."""
        found = (self._places.get(_key(group_id, words)) for words in may_read(above))
        return next((place for place in found if place is not None), None)


def _key(group_id: str, text: str) -> int:
    return folded(group_id, "".join(text.strip(_MARKS).split())[:400])
