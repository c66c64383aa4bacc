"""Turns templates into sentences, without using one twice before all others of its list have been used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from .dice import Dice
from .words import common
from .words.theme import Exchange, Theme

SLOT = re.compile(r"\{(\w+)\}")
Bound = dict[str, str]
CLOSED = frozenset("？?吗呢。…！～")
PARTICLES = frozenset("啦吧嘛哎呀哦了哈呢的，")


@cache
def _parts(template: str) -> tuple[str, ...]:
    """Literal, slot, literal, slot, ..., literal."""
    return tuple(SLOT.split(template))


class Tongue:
    """How one group talks: its theme, and which sentences it has used lately."""

    def __init__(self, theme: Theme, dice: Dice, local: Mapping[str, str] | None = None) -> None:
        """`local` is what the group's own name says: a group of one city speaks of that city."""
        self.theme = theme
        self._dice = dice
        said = {slot: (word,) for slot, word in (local or {}).items()}
        self._slots: Mapping[str, tuple[str, ...]] = {**common.SLOTS, **theme.slots, **said}
        self.news = theme.news * 2 + common.NEWS
        self.ads = theme.ads * 2 + common.ADS
        self.notices = theme.notices * 2 + common.NOTICES
        self.topics = theme.topics * 2 + common.TOPICS
        """What the operator has to say: of the theme, and of the day."""
        self._decks: dict[int, list[str]] = {}
        self._exchanges: dict[int, list[Exchange]] = {}

    def next_of(self, sentences: tuple[str, ...]) -> str:
        deck = self._decks.get(id(sentences))
        if not deck:
            deck = self._decks[id(sentences)] = self._dice.shuffled(sentences)
        return deck.pop()

    def next_exchange(self, exchanges: tuple[Exchange, ...]) -> Exchange:
        deck = self._exchanges.get(id(exchanges))
        if not deck:
            deck = self._exchanges[id(exchanges)] = self._dice.shuffled(exchanges)
        return deck.pop()

    def fill(self, template: str, bound: Bound) -> str:
        """`bound` remembers what each slot stands for, for the rest of the conversation."""
        parts = _parts(template)
        if len(parts) == 1:
            return template
        words = list(parts)
        for place in range(1, len(words), 2):
            slot = words[place]
            word = bound.get(slot)
            if word is None:
                word = bound[slot] = self._dice.pick(self._slots[slot])
            words[place] = word
        return "".join(words)

    def say(self, sentences: tuple[str, ...], **bound: str) -> str:
        return self.fill(self.next_of(sentences), dict(bound))

    def in_style(self, text: str, style: str) -> str:
        """The same words as this person would type them: with their tic, now and then."""
        if not text or not self._dice.chance(0.3) or text[-1] in CLOSED:
            return text
        tic = self._dice.pick(common.TICS[style])
        return text if tic and tic[0] in PARTICLES and text[-1] in PARTICLES else text + tic
