"""A file that exists only in a test."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any
from zoneinfo import ZoneInfo

from huoqun.carriers.base import Parsed, Unreadable
from huoqun.carriers.exports.format import Setting
from huoqun.vocabulary.events import Event

SHANGHAI = ZoneInfo("Asia/Shanghai")
SETTING = Setting(community="garden", zone=SHANGHAI, account="import-1")


@dataclass(frozen=True)
class MemoryEntry:
    content: bytes
    name: str = "history.txt"

    @property
    def path(self) -> PurePosixPath:
        return PurePosixPath(self.name)

    @property
    def size(self) -> int:
        return len(self.content)

    def open(self) -> IO[bytes]:
        return io.BufferedReader(io.BytesIO(self.content))  # type: ignore[arg-type]

    def look_through(self) -> IO[bytes]:
        return self.open()

    def head(self, size: int = 65536) -> bytes:
        return self.content[:size]


def entry(text: str | bytes, name: str = "history.txt", encoding: str = "utf-8") -> MemoryEntry:
    return MemoryEntry(text.encode(encoding) if isinstance(text, str) else text, name)


def events(records: Iterable[Parsed]) -> list[Any]:
    return [record for record in records if isinstance(record, Event)]


def unreadables(records: Iterable[Parsed]) -> list[Unreadable]:
    return [record for record in records if isinstance(record, Unreadable)]
