"""Walking over JSON bytes as they come, without holding more than one value."""

from __future__ import annotations

import re
from typing import Protocol

CHUNK = 1 << 18
"""What fits a core's own cache: each byte is copied a few times, and reading 1 MiB at a time was a quarter slower."""
LONGEST_VALUE = 64 << 20
"""A record longer than this is damage, not a message."""

_SPACE = re.compile(rb"[ \t\r\n]*")
# A quote alone is the start of a string whose end has not been read yet.
_STRUCTURE = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]|"', re.DOTALL)
_PLAIN_END = re.compile(rb"[,\]}\s]")
_BOM = b"\xef\xbb\xbf"


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class EndOfFile(Exception):
    """The file ended inside a value."""


class Malformed(Exception):
    """Something stands here that cannot stand here in JSON."""


class Cursor:
    """A place in a stream of JSON. `data[at:]` is what has been read and not yet passed; `line` is the line of `at`."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self.data = b""
        self.at = 0
        self.line = 1
        self.ended = False
        self.more()
        if self.data.startswith(_BOM):
            self.at = len(_BOM)

    def more(self) -> bool:
        """Reads on, dropping what was passed. False at the end of the file."""
        if self.ended:
            return False
        rest = self.data[self.at :]
        # Reading at least as much as is held keeps a long value from being copied over and over.
        new = self._stream.read(max(CHUNK, len(rest)))
        self.ended = not new
        self.data = rest + new
        self.at = 0
        return not self.ended

    def hold(self, size: int) -> None:
        """Reads on until `size` bytes from `at` are there, or the file ends."""
        while len(self.data) - self.at < size and self.more():
            pass

    def skip(self, size: int) -> None:
        self.line += self.data.count(b"\n", self.at, self.at + size)
        self.at += size

    def peek(self) -> bytes:
        """The next byte that is not white space, or b"" at the end of the file."""
        while True:
            found = _SPACE.match(self.data, self.at)
            if found:
                self.skip(found.end() - self.at)
            if self.at < len(self.data):
                return self.data[self.at : self.at + 1]
            if not self.more():
                return b""

    def take(self, expected: bytes) -> bytes:
        """Passes one of the `expected` bytes. Raises `EndOfFile`, or `Malformed` if another one stands there."""
        found = self.peek()
        if not found:
            raise EndOfFile
        if found not in expected:
            raise Malformed
        self.skip(1)
        return found

    def end_of_value(self, limit: int = LONGEST_VALUE) -> int:
        """How long the value at `at` is, in bytes; then held whole. Raises `EndOfFile` or `Malformed` (too long, too)."""
        first = self.peek()
        if not first:
            raise EndOfFile
        if first in b'{["':
            return self._end_of_structure(limit)
        while not (found := _PLAIN_END.search(self.data, self.at)):
            if not self.more():
                return len(self.data) - self.at
            if len(self.data) - self.at > limit:
                raise Malformed
        if found.start() == self.at:
            raise Malformed
        return found.start() - self.at

    def value(self, limit: int = LONGEST_VALUE) -> bytes:
        """The value at `at`, passed. Raises as `end_of_value`."""
        size = self.end_of_value(limit)
        raw = self.data[self.at : self.at + size]
        self.skip(size)
        return raw

    def skip_value(self) -> None:
        """Passes the value at `at`, however long it is, without holding it."""
        depth = 0
        while True:
            first = self.peek()
            if first not in (b"{", b"[") and depth == 0:
                self.value()
                return
            stopped = False
            for found in _STRUCTURE.finditer(self.data, self.at):
                token = found.group()
                if token == b'"':
                    self.skip(found.start() - self.at)
                    stopped = True
                    break
                depth += _step(token)
                if depth == 0:
                    self.skip(found.end() - self.at)
                    return
            if not stopped:
                self.skip(len(self.data) - self.at)
            if not self.more():
                raise EndOfFile

    def _end_of_structure(self, limit: int) -> int:
        depth, scanned = 0, 0
        while True:
            for found in _STRUCTURE.finditer(self.data, self.at + scanned):
                token = found.group()
                if token == b'"':
                    scanned = found.start() - self.at
                    break
                if found.start() - self.at > limit:
                    raise Malformed
                depth += _step(token)
                if depth == 0:
                    return found.end() - self.at
            else:
                scanned = len(self.data) - self.at
            if scanned > limit or len(self.data) - self.at > limit * 2:
                raise Malformed
            if not self.more():
                raise EndOfFile


def _step(token: bytes) -> int:
    if token in (b"{", b"["):
        return 1
    return -1 if token in (b"}", b"]") else 0
