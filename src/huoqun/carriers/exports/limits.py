"""How much of what was handed in is read at most."""

from __future__ import annotations

from dataclasses import dataclass

from . import errors
from .errors import gettext_noop

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Generous for chat history, far below what a hostile archive unpacks to."""

    bytes: int = 64 << 30
    """Everything read from one hand-in, unpacked."""
    files: int = 200_000
    depth: int = 32
    """Folders inside folders."""
    ratio: int = 250
    """Unpacked bytes for each packed one. Chat history packs 5 to 30 times, a bomb 1,000 times."""
    ratio_from: int = 8 * MIB
    """Below so many unpacked bytes the ratio is not looked at: a few hundred equal lines pack very well."""


class Meter:
    """Counts what is read from one hand-in, for the progress bar and against the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.total = 0
        self.done = 0
        self._read = 0
        self._files = 0

    def add_file(self, name: str, depth: int, size: int) -> None:
        self._files += 1
        self.total += size
        if self._files > self.limits.files:
            raise errors.TooLarge(
                gettext_noop("{file} has more than {limit} files. Import the folders of the export one at a time."),
                file=name.split("/", 1)[0],
                limit=self.limits.files,
            )
        if depth > self.limits.depth:
            raise errors.UnsafeArchive(
                gettext_noop("{file} lies more than {limit} folders deep. Hand in the folder of the export itself."),
                file=name[:200],
                limit=self.limits.depth,
            )

    def add_read(self, count: int, name: str) -> None:
        self._read += count
        if self._read > self.limits.bytes:
            raise errors.TooLarge(
                gettext_noop("{file}: more than {limit} bytes were read. Split the export and import the parts one by one."),
                file=name,
                limit=self.limits.bytes,
            )

    def add_unpacked(self, unpacked: int, packed: int, name: str) -> None:
        """`unpacked` bytes have come out of `packed` ones so far, as counted, not as the archive claims."""
        if unpacked > self.limits.ratio_from and unpacked > packed * self.limits.ratio:
            raise errors.UnsafeArchive(
                gettext_noop(
                    "{file} unpacks to more than {limit} times its size, as a zip bomb does. "
                    "If it is a real export, unpack it yourself and import the folder."
                ),
                file=name,
                limit=self.limits.ratio,
            )
