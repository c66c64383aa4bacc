"""What the company's people do, told to whoever listens: events for callbacks, words for the archive."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Value = str | int | list[str] | list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Event:
    """One event of sheet section 6: everything between MsgType and the end. Fields keep the order in which they are sent.

    A list of text stands for `<Item>` children (MemChangeList).
    """

    name: str
    at: int
    change: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)
    by: str = "sys"
    """FromUserName."""
    agentid: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """Something said, to a customer group or between two. `body` is what the archive keeps under the key of its kind."""

    msgid: str
    at_ms: int
    speaker: str
    to: tuple[str, ...]
    chat_id: str
    kind: str
    body: Mapping[str, Any]
    recalls: str = ""
    """The msgid this one takes back."""


class News:
    """Listeners are called in the order they came, under the company's lock: they must only take note, and be quick."""

    def __init__(self, keep: int = 2000) -> None:
        self.events: deque[Event] = deque(maxlen=keep)
        self.words: deque[Word] = deque(maxlen=keep)
        self._of_events: list[Callable[[Event], None]] = []
        self._of_words: list[Callable[[Word], None]] = []

    def on_event(self, listener: Callable[[Event], None]) -> None:
        self._of_events.append(listener)

    def on_word(self, listener: Callable[[Word], None]) -> None:
        self._of_words.append(listener)

    def happened(self, event: Event) -> None:
        self.events.append(event)
        for listener in self._of_events:
            listener(event)

    def said(self, word: Word) -> None:
        self.words.append(word)
        for listener in self._of_words:
            listener(word)
