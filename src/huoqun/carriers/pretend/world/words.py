"""How one speaks with the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Words = Mapping[str, Any]
Reply = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """`key` is the caller's own name for what is asked."""

    key: str
    method: str
    words: Words


class NotDone(Exception):
    """The world turns something away. `word` says why; `wait`, in milliseconds, when to come again."""

    def __init__(self, word: str, *, wait: int = 0) -> None:
        super().__init__(word)
        self.word, self.wait = word, wait

    def reply(self) -> Reply:
        return {"ok": False, "error": self.word, "wait": self.wait}


class Shut(Exception):
    """Nobody answers the door: nothing was taken."""


class LineBroke(Exception):
    """The line broke during the call."""
