"""What a format module promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Protocol
from zoneinfo import ZoneInfo

from huoqun.carriers.base import Parsed


class Entry(Protocol):
    """One file of what was handed in: a file itself, a file in a folder, or a member of a zip."""

    @property
    def path(self) -> PurePosixPath:
        """Relative to what was handed in; never absolute, never with `..`."""
        ...

    @property
    def size(self) -> int: ...

    def open(self) -> IO[bytes]:
        """The bytes, counted for the progress bar and held to the limits. May be opened more than once."""
        ...

    def look_through(self) -> IO[bytes]:
        """The bytes once more, for a first look (who is who) before reading: held to the limits, not counted for progress."""
        ...

    def head(self, size: int = 65536) -> bytes:
        """The first bytes, for recognition; cached, not counted."""
        ...


@dataclass(frozen=True, slots=True)
class Setting:
    """What the reader has to know from outside the file."""

    community: str
    zone: ZoneInfo | None
    """The zone of local times in the file; None where nobody has said (a format with `needs_zone` is then not read)."""
    account: str
    """Name of the account the events are seen through, e.g. "import-7"."""


class Format(Protocol):
    """A module in `formats/`. Its functions are pure readers: no database, no settings, no network."""

    NAME: str
    """Short and stable: "telegram-desktop"."""
    TITLE: str
    """For people: "Telegram Desktop JSON"."""
    CARRIER: str
    """Whose ids these are ("telegram"); "" where each record says so itself (Huoqun's own table)."""
    LOOKS_FOR: str
    """What `recognise` looks for, for the message when nothing fits: "a JSON object with \"messages\" and a chat type"."""
    NEEDS_ZONE: bool

    def recognise(self, entries: list[Entry]) -> bool:
        """Whether this is the format, judged by content (`head`), names only helping. Cheap; never raises on foreign files."""
        ...

    def read(self, entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
        """Events in the order of the file, and `Unreadable` for each record that could not be read. Streams: memory stays
        the same however large the file. Raises only for what makes the whole file unreadable (`errors.FileUnreadable`).
        """
        ...
