"""Where a page walk stands, sealed so that nobody reads or makes one up; one walk's cursor is of no use for another."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from .clock import Clock
from .errors import Refusal
from .settings import Settings

Row = TypeVar("Row")
Told = TypeVar("Told")
_SHAPE = struct.Struct(">QI4s8s")


class Cursors:
    def __init__(self, key: str, clock: Clock, settings: Settings) -> None:
        self._key = key.encode()
        self._clock = clock
        self._settings = settings
        self._age = 0
        """Raised when all cursors given out are to be forgotten."""

    def make(self, position: int, *, kind: str, of: object = None) -> str:
        at = self._clock.now()
        purpose = self._purpose(kind, of)
        packed = _SHAPE.pack(position, at, purpose, self._seal(position, at, purpose))
        return base64.urlsafe_b64encode(packed).decode()

    def read(self, cursor: str, *, kind: str, of: object = None) -> int:
        """The position it stands for; 0 for an empty one. Raises Refusal(50100)."""
        if not cursor:
            return 0
        try:
            position, at, purpose, seal = _SHAPE.unpack(base64.urlsafe_b64decode(cursor.encode()))
        except (ValueError, struct.error):
            raise Refusal(50100) from None
        good = hmac.compare_digest(seal, self._seal(position, at, purpose)) and purpose == self._purpose(kind, of)
        if not good or self._clock.now() - at > self._settings.cursor_life:
            raise Refusal(50100)
        return int(position)

    def forget(self) -> None:
        """All that were given out are refused from now on."""
        self._age += 1

    def _purpose(self, kind: str, of: object) -> bytes:
        text = json.dumps([kind, of], ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:4]

    def _seal(self, position: int, at: int, purpose: bytes) -> bytes:
        text = f"{self._age}/{position}/{at}/".encode() + purpose
        return hmac.new(self._key, text, hashlib.sha256).digest()[:8]

    def page(
        self,
        cursor: str,
        limit: int,
        rows: Callable[[int], Iterable[tuple[int, Row]]],
        tell: Callable[[Row], Told],
        *,
        kind: str,
        of: object = None,
    ) -> tuple[list[Told], str]:
        """A page and the next cursor ("" at the end). `rows(start)` gives what is at position `start` and after, each with its
        position; positions rise and a row keeps its own, so that nothing is missed or told twice when others go away.
        """
        walk: Iterator[tuple[int, Row]] = iter(rows(self.read(cursor, kind=kind, of=of)))
        taken = list(islice(walk, limit))
        following = next(walk, None)
        told = [tell(row) for _, row in taken]
        return told, "" if following is None else self.make(following[0], kind=kind, of=of)
