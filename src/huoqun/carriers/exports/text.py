"""Lines of a text file whatever its encoding. One broken byte costs one character, never the file."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from typing import IO

from .format import Entry

LONGEST_LINE = 8 * 1024 * 1024
"""A longer line is handed out in pieces, so that a file without line breaks cannot fill the memory."""

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MAY_BE_BROKEN = 0.1
"""Share of unreadable characters up to which a file still counts as UTF-8; GB18030 read as UTF-8 is nearly all unreadable."""


def encoding_of(head: bytes) -> str:
    """The encoding the first bytes speak for: a Python codec name. Plain ASCII counts as UTF-8."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    decoded = codecs.getincrementaldecoder("utf-8")("replace").decode(head)
    foreign = [char for char in decoded if char > "\x7f"]
    return "utf-8" if foreign.count("\ufffd") <= len(foreign) * _MAY_BE_BROKEN else "gb18030"


def head_text(entry: Entry) -> str:
    """The beginning of the file as text, for recognition. Never raises: what cannot be decoded is replaced."""
    head = entry.head()
    return codecs.getincrementaldecoder(encoding_of(head))("replace").decode(head)


def open_text(entry: Entry) -> Iterator[tuple[int, str]]:
    """Each line with its number from 1, without its line break and without NUL bytes. Only LF and CRLF break lines."""
    return _lines(entry, entry.open)


def look_through_text(entry: Entry) -> Iterator[tuple[int, str]]:
    """The same for a first look."""
    return _lines(entry, entry.look_through)


def _lines(entry: Entry, opener: Callable[[], IO[bytes]]) -> Iterator[tuple[int, str]]:
    encoding = encoding_of(entry.head())
    with opener() as stream:
        lines = _wide_lines(stream) if encoding == "utf-16" else _narrow_lines(stream, encoding)
        for number, line in enumerate(lines, 1):
            yield number, line.rstrip("\n").rstrip("\r").replace("\0", "")


def _wide_lines(stream: IO[bytes]) -> Iterator[str]:
    text = io.TextIOWrapper(stream, encoding="utf-16", errors="replace", newline="\n")
    while line := text.readline(LONGEST_LINE):
        yield line


def _narrow_lines(stream: IO[bytes], encoding: str) -> Iterator[str]:
    decoder = _LineDecoder(encoding)
    while line := stream.readline(LONGEST_LINE):
        yield decoder.decode(line)


class _LineDecoder:
    """Decodes line by line, because the first bytes may be plain ASCII and Chinese come only later.

    As long as no line has shown which it is, a line that is not UTF-8 but is GB18030 settles the question for the rest.
    """

    def __init__(self, encoding: str) -> None:
        self._encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        self._settled = encoding != "utf-8"
        self._first = encoding == "utf-8-sig"

    def decode(self, line: bytes) -> str:
        if self._first:
            self._first, line = False, line.removeprefix(codecs.BOM_UTF8)
        if line.isascii():
            return line.decode("ascii")
        try:
            text = line.decode(self._encoding)
        except UnicodeDecodeError:
            return self._rescue(line)
        self._settled = True
        return text

    def _rescue(self, line: bytes) -> str:
        if not self._settled:
            try:
                text = line.decode("gb18030")
            except UnicodeDecodeError:
                return line.decode("utf-8", "replace")
            self._encoding, self._settled = "gb18030", True
            return text
        return line.decode(self._encoding, "replace")
