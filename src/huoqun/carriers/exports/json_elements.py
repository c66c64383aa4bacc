"""Where one element of a JSON list ends and the next begins, at the speed of a memory search.

Two ways. A list with one element a line or more ("indented") is cut at the line breaks that stand at the elements' own
indentation: a string cannot hold a line break, so a broken element cannot hide the next one. Any other list is cut where the
next element starts with the same first key, and each cut is proven by parsing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from .json_cursor import CHUNK, LONGEST_VALUE, Cursor, EndOfFile, Malformed

SMALL = 1 << 20
BROKEN = b"\x00"
"""Put behind what was cut out of damage, so that it cannot decode by chance."""
_LOOK = 1 << 10
_PATIENCE_EARNED = 8
_CANDIDATES = 4
_INDENTATION = (b" ", b"\t")
_RAW = msgspec.json.Decoder(msgspec.Raw)
_RAW_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_AFTER_END = re.compile(rb"[ \t\r\n]*(?:[,}\]]|$)")
_SPACES = re.compile(rb"[ \t\r\n]*")
_OPENING = re.compile(rb'\{\s*"[^"\\]*"')
_NEXT = re.compile(rb',[ \t\r\n]*\{[ \t\r\n]*"[^"\\]*"(?=[ \t]*:)')

_LONE_SURROGATE = re.compile(
    rb"(?<!\\)((?:\\\\)*)(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)


class Item(NamedTuple):
    line: int
    """Line of the file on which the element starts, from 1."""
    raw: bytes
    """The element. Cut off, damaged or empty (the list does not end) elements come too and fail in `json_items.decode`."""


class Batch:
    """Elements that stand together. Decoding them together is several times faster than one by one."""

    def __init__(self, line: int, raw: bytes, start: bytes = b"", proven: bool = False) -> None:
        self.raw = raw
        """One element, or several with commas between them."""
        self._line = line
        self._start = start
        self._proven = proven
        self._items: list[Item] = []

    def items(self) -> Iterator[Item]:
        """The elements apart."""
        if not self._start:
            yield Item(self._line, self.raw)
        elif self._proven:
            yield from self._as_parsed()
        else:
            yield from self._as_indented()

    def apart(self) -> list[Item]:
        """The elements apart, each to be decoded for itself because together they do not decode."""
        self._items = self._items or list(self.items())
        return self._items

    def item(self, number: int) -> Item:
        """The element that came as this number, from 0, when all were decoded together or `apart`."""
        self._items = self._items or list(self._as_parsed())
        return self._items[number]

    def _as_parsed(self) -> Iterator[Item]:
        line, at = self._line, 0
        for element in _RAW_LIST.decode(b"[" + self.raw + b"]"):
            raw = bytes(element)
            begins = self.raw.index(raw, at)
            line += self.raw.count(b"\n", at, begins)
            yield Item(line, raw)
            at = begins + len(raw)
            line += raw.count(b"\n")

    def _as_indented(self) -> Iterator[Item]:
        line, breaks = self._line, self._start.count(b"\n")
        for piece in self.raw[1:].split(self._start):
            if piece.endswith(b"}"):
                yield Item(line, b"{" + piece)
            else:
                yield from _apart(line, b"{" + piece)
            line += piece.count(b"\n") + breaks


class Lost(Exception):
    """The last item given is all that is left of the file."""


class Elements:
    """The elements of the list the cursor stands before."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.start = b""
        """How a next element starts, from the end of the one before: b',\\n  {' or b',{"id"'; b"" where not known."""
        self.patience = LONGEST_VALUE
        """How far an end is looked for. Spent by looking in vain, earned by going on: a file made of damage must not cost the
        square of its size."""
        self.batch_after = 0
        """So many bytes are read one element at a time before a batch is tried again."""
        self.damaged = False
        self.lost = False

    def batches(self) -> Iterator[Batch]:
        cursor = self.cursor
        cursor.take(b"[")
        cursor.hold(_LOOK)
        gap = _gap(cursor.data, cursor.at)
        if cursor.peek() == b"]":
            cursor.skip(1)
            return
        cursor.hold(_LOOK)
        opening = _OPENING.match(cursor.data, cursor.at)
        self.start = b"," + gap + (b"{" if b"\n" in gap else opening.group() if opening else b"{")
        first = self._careful(self._likely_start)
        yield first
        if self.lost:
            raise Lost
        cursor.hold(_LOOK)
        gap = _gap(self.start, 1)
        if (
            b"\n" in gap
            and gap.endswith(_INDENTATION)
            and self.start not in first.raw
            and cursor.data.startswith(self.start, cursor.at)
        ):
            yield from self._indented(gap)
        else:
            self._learn_start(opening.group() if opening else b"{")
            yield from self._proven()

    def _learn_start(self, opening: bytes) -> None:
        """How the second element starts is how the others will."""
        cursor = self.cursor
        if cursor.data.startswith(b",", cursor.at) and not self.damaged:
            gap = _gap(cursor.data, cursor.at + 1)
            self.start = b"," + gap + opening

    def _likely_start(self) -> bytes:
        """For a list whose very first element is damaged: with its key, or else furthest left, or else most often."""
        cursor = self.cursor
        cursor.hold(_LOOK << 6)
        near = cursor.data[cursor.at : cursor.at + (_LOOK << 6)]
        first = _OPENING.match(near)
        seen = Counter(_NEXT.findall(near))
        wanted = {start: count for start, count in seen.items() if first and start.endswith(first.group().lstrip(b"{ \t\r\n"))}
        likely = max(wanted or seen, key=lambda start: (-_indented_by(start), seen[start]), default=b"")
        return b"," + _gap(likely, 1) + b"{" if b"\n" in _gap(likely, 1) else likely

    # One element a line, or several lines an element

    def _indented(self, gap: bytes) -> Iterator[Batch]:
        cursor = self.cursor
        # The list ends at a bracket on a line of its own, further left than the elements.
        margin = gap.rpartition(b"\n")[2]
        ends = [b"\n" + margin[:width] + b"]" for width in range(len(margin))]
        cursor.skip(len(self.start) - 1)
        while True:
            stop = min((at for at in (self._end(end) for end in ends) if at >= 0), default=-1)
            last = stop if stop >= 0 else cursor.data.rfind(self.start, cursor.at)
            if last >= 0:
                yield self._up_to(last)
                if stop >= 0:
                    cursor.skip(cursor.data.index(b"]", stop) + 1 - cursor.at)
                    return
                cursor.skip(len(self.start) - 1)
            if not cursor.more():
                yield from self._last()
                return
            if len(cursor.data) > LONGEST_VALUE:
                yield self._rest()
                raise Lost

    def _end(self, end: bytes) -> int:
        """Where the list ends with such a bracket. One that nothing can follow is damage inside an element."""
        cursor = self.cursor
        at = cursor.data.find(end, cursor.at)
        while at >= 0 and not _AFTER_END.match(cursor.data, at + len(end)):
            at = cursor.data.find(end, at + 1)
        return at

    def _up_to(self, end: int) -> Batch:
        cursor = self.cursor
        batch = Batch(cursor.line, cursor.data[cursor.at : end], self.start)
        cursor.skip(end - cursor.at)
        return batch

    def _last(self) -> Iterator[Batch]:
        """The file has ended and no bracket closed the list on a line of its own: it may on the line of the last element."""
        yield self._careful()
        if self.lost:
            raise Lost
        yield from self._proven()

    # Everything on one line, or in no order

    def _proven(self) -> Iterator[Batch]:
        while True:
            found = self.cursor.peek()
            if found == b"]" and not self._false_end():
                self.cursor.skip(1)
                return
            if found == b",":
                self.cursor.skip(1)
                yield from self._batch()
                yield self._careful()
            elif found:
                yield self._resync()
            else:
                raise EndOfFile
            if self.lost:
                raise Lost

    def _batch(self) -> Iterator[Batch]:
        """As many elements as are in memory, if they parse together; else nothing. Stops before an element."""
        cursor = self.cursor
        if not self.start or self.batch_after > 0:
            return
        cursor.hold(CHUNK // 2)
        cursor.peek()
        cut = cursor.data.rfind(b"}" + self.start, cursor.at)
        if cut < 0:
            return
        region = cursor.data[cursor.at : cut + 1]
        try:
            _RAW_LIST.decode(b"[" + region + b"]")
        except (msgspec.DecodeError, RecursionError):
            self.batch_after = len(region)
            return
        yield Batch(cursor.line, region, self.start, proven=True)
        cursor.skip(len(region) + 1)

    def _careful(self, likely_start: Callable[[], bytes] | None = None) -> Batch:
        """The element at the cursor, passed. Where it is damaged, everything up to where the next one seems to start."""
        cursor = self.cursor
        cursor.peek()
        size = self._proven_size()
        if not size:
            self.start = likely_start() if likely_start else self.start
            return self._resync()
        item = Batch(cursor.line, cursor.data[cursor.at : cursor.at + size])
        cursor.skip(size)
        self.batch_after -= size
        self._earn(size)
        return item

    def _earn(self, size: int) -> None:
        self.patience = min(LONGEST_VALUE, self.patience + size * _PATIENCE_EARNED)

    def _proven_size(self) -> int:
        """How long the element is, and 0 where it is not JSON."""
        cursor = self.cursor
        found = cursor.at
        for _ in range(_CANDIDATES if self.start else 0):
            # What lies inside an element may start as elements do: then the next such place is the end.
            found = cursor.data.find(b"}" + self.start, found)
            if found < 0:
                break
            found += 1
            if _is_json(cursor.data[cursor.at : found]):
                return found - cursor.at
        try:
            size = cursor.end_of_value(self.patience)
        except (EndOfFile, Malformed):
            self.patience -= min(self.patience, len(cursor.data) - cursor.at)
            return 0
        return size if _is_json(cursor.data[cursor.at : cursor.at + size]) else 0

    def _resync(self) -> Batch:
        cursor = self.cursor
        self.damaged = True
        searched = 1
        while self.start and len(cursor.data) - cursor.at <= LONGEST_VALUE:
            found = cursor.data.find(self.start, cursor.at + searched)
            if found >= 0:
                item = Batch(cursor.line, cursor.data[cursor.at : found] + BROKEN)
                self._earn(found - cursor.at)
                cursor.skip(found - cursor.at)
                return item
            searched = max(1, len(cursor.data) - cursor.at - len(self.start))
            if not cursor.more():
                break
        return self._rest()

    def _rest(self) -> Batch:
        """Nothing more can be found: the rest is one element that cannot be read."""
        cursor = self.cursor
        self.lost = True
        line, raw = cursor.line, cursor.data[cursor.at : cursor.at + SMALL]
        if cursor.ended or not cursor.more():
            return Batch(line, raw)
        return Batch(line, raw + BROKEN)

    def _false_end(self) -> bool:
        """Behind damage a bracket may belong to an element: then elements go on behind it before another list begins."""
        if not self.damaged or not self.start:
            return False
        cursor = self.cursor
        cursor.hold(CHUNK)
        goes_on = cursor.data.find(self.start, cursor.at)
        begins = cursor.data.find(b"[" + self.start[1:], cursor.at)
        return goes_on >= 0 and (begins < 0 or goes_on < begins)


def _apart(line: int, raw: bytes) -> Iterator[Item]:
    """An object and, where the list has such, what stands behind it that is none (null, a list)."""
    try:
        elements = _RAW_LIST.decode(b"[" + raw + b"]")
    except (msgspec.DecodeError, RecursionError):
        yield Item(line, raw)
        return
    for element in elements:
        yield Item(line, bytes(element))


def _indented_by(start: bytes) -> int:
    """How far right an element stands whose start this is; 0 where all is on one line."""
    gap = _gap(start, 1)
    return len(gap) - gap.rfind(b"\n") - 1 if b"\n" in gap else 0


def _gap(data: bytes, at: int) -> bytes:
    found = _SPACES.match(data, at)
    return found.group() if found else b""


def mended(raw: bytes) -> bytes:
    """With U+FFFD for each half of a surrogate pair that stands alone; msgspec takes such an escape for the end of the data."""
    return _LONE_SURROGATE.sub(rb"\1\\ufffd", raw) if b"\\u" in raw else raw


def _is_json(raw: bytes) -> bool:
    try:
        _RAW.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        whole = mended(raw)
        return whole != raw and _is_json(whole)
    return True
