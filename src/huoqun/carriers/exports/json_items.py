"""The elements of the lists inside a JSON file of any size, one by one. An element that cannot be decoded costs that element,
not the file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import IO, Generic, NamedTuple, TypeVar

import msgspec

from . import problems
from .format import Entry
from .json_cursor import Cursor, EndOfFile, Malformed, Readable
from .json_elements import BROKEN, SMALL, Batch, Elements, Item, Lost, mended
from .text import encoding_of

__all__ = [
    "Batch",
    "Decoders",
    "Item",
    "List",
    "NotDecoded",
    "decode",
    "decode_batch",
    "fields",
    "items",
    "lists",
    "look_through_json",
    "open_json",
]

_KEY = msgspec.json.Decoder(str)
_FAULTY_FIELD = re.compile(r" - at `\$(?:\[\.\.\.\])?\.?([^`]*)`")

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class List(NamedTuple):
    fields: dict[str, bytes]
    """The small values (up to 1 MiB each) of the objects the list lies in that stand before it, under dotted keys without the
    "*" ("chats.list.name"). Those behind it are added while going on."""
    batches: Iterator[Batch]

    @property
    def elements(self) -> Iterator[Item]:
        """The list's elements, once. Or take its `batches` and `decode_batch` them: faster, for formats that are large."""
        for batch in self.batches:
            yield from batch.items()


class NotDecoded(Exception):
    """An element that is not what was expected; `problem` is one of `problems`, `field` where known."""

    def __init__(self, problem: str, field: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.field = field


def open_json(entry: Entry) -> Readable:
    """The entry's bytes in UTF-8, whatever tool saved it last."""
    return _in_utf8(entry, entry.open())


def look_through_json(entry: Entry) -> Readable:
    """The same for a first look."""
    return _in_utf8(entry, entry.look_through())


def _in_utf8(entry: Entry, stream: IO[bytes]) -> Readable:
    encoding = encoding_of(entry.head())
    return stream if encoding.startswith("utf-8") else _Recoded(stream, encoding)


class _Recoded:
    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int, /) -> bytes:
        while data := self._stream.read(size):
            if text := self._decoder.decode(data):
                return text.encode("utf-8", "replace")
        return self._decoder.decode(b"", final=True).encode("utf-8", "replace")


def lists(stream: Readable, *path: str) -> Iterator[List]:
    """Every list at `path`, in turn: keys from the outside in, "*" for every element of a list, "a|b" for either key.

    `lists(stream, "messages")`, `lists(stream, "chats|left_chats", "list", "*", "messages")`, `lists(stream)` where the
    file is the list. What a caller leaves of a list is passed over. A file that ends too early gives a last element that does
    not decode.
    """
    yield from _lists(Cursor(stream), path, {})


def items(stream: Readable, *path: str, around: dict[str, bytes] | None = None) -> Iterator[Item]:
    """The elements of all `lists`. `around` is their `fields`: those before a list are there when its first element comes."""
    for found in _lists(Cursor(stream), path, {} if around is None else around):
        yield from found.elements


def _lists(cursor: Cursor, path: tuple[str, ...], around: dict[str, bytes]) -> Iterator[List]:
    walk = _Walk(cursor, around)
    try:
        yield from walk.descend(path, "")
    except (EndOfFile, Malformed):
        yield List(around, iter([walk.leftover()]))


def fields(stream: Readable, *path: str) -> dict[str, bytes]:
    """The small values around the list at `path`, wherever they stand, without reading its elements. For files that name
    the chat only after its messages.
    """
    walk = _Walk(Cursor(stream), {})
    try:
        walk.around_only(path, "")
    except (EndOfFile, Malformed):
        return walk.around
    return walk.around


def decode(decoder: msgspec.json.Decoder[T], raw: bytes) -> T:
    """The element decoded. Raises `NotDecoded`. Half a surrogate pair, left by tools that cut text, becomes U+FFFD."""
    try:
        return decoder.decode(raw)
    except UnicodeDecodeError:
        raise NotDecoded(problems.NOT_TEXT) from None
    except msgspec.ValidationError as error:
        found = _FAULTY_FIELD.search(str(error))
        raise NotDecoded(problems.WRONG_SHAPE, found.group(1) if found else "") from None
    except (msgspec.DecodeError, RecursionError) as error:
        whole = mended(raw)
        if whole != raw:
            return decode(decoder, whole)
        raise NotDecoded(problems.CUT_OFF if "truncated" in str(error) else problems.NOT_JSON) from None


class Decoders(Generic[T_co]):
    """How one element is decoded, and many at once."""

    def __init__(self, type_: type[T_co]) -> None:
        self.one: msgspec.json.Decoder[T_co] = msgspec.json.Decoder(type_)
        self.many: msgspec.json.Decoder[list[T_co]] = msgspec.json.Decoder(list[type_])  # type: ignore[valid-type]


def decode_batch(decoders: Decoders[T], batch: Batch) -> Sequence[T | NotDecoded]:
    """The elements decoded, in their order; in place of one that does not decode, why. `batch.item` finds one again."""
    try:
        # Nothing at all, where a list does not end, must not pass for a list of nothing.
        return decoders.many.decode(b"[" + batch.raw + b"]" if batch.raw else b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return [_decoded(decoders, item.raw) for item in batch.apart()]


def _decoded(decoders: Decoders[T], raw: bytes) -> T | NotDecoded:
    try:
        return decode(decoders.one, raw)
    except NotDecoded as fault:
        return fault


class _Walk:
    """Down to the list, through it, and out again."""

    def __init__(self, cursor: Cursor, around: dict[str, bytes]) -> None:
        self.cursor = cursor
        self.around = around
        self.over = False
        """Nothing more can be read: every loop on the way out ends."""

    def descend(self, path: tuple[str, ...], where: str) -> Iterator[List]:
        if self.over:
            return
        if not path:
            batches = self._batches()
            yield List(self.around, batches)
            for _ in batches:
                pass
        elif path[0] == "*":
            for _ in self._list():
                for key in [key for key in self.around if key.startswith(where)]:
                    del self.around[key]
                yield from self.descend(path[1:], where)
        else:
            for key in self._object():
                if key in path[0].split("|") and self.cursor.peek() in (b"{", b"["):
                    yield from self.descend(path[1:], f"{where}{key}.")
                else:
                    self._keep(where + key)

    def leftover(self) -> Batch:
        """What stands at the cursor and leads nowhere, as an element that does not decode."""
        cursor = self.cursor
        raw = cursor.data[cursor.at : cursor.at + SMALL]
        return Batch(cursor.line, raw + BROKEN if raw else raw)

    def _batches(self) -> Iterator[Batch]:
        try:
            yield from Elements(self.cursor).batches()
        except (EndOfFile, Malformed):
            self.over = True
            yield self.leftover()
        except Lost:
            self.over = True

    def around_only(self, path: tuple[str, ...], where: str) -> None:
        if not path:
            self.cursor.skip_value()
            return
        for key in self._object():
            if key == path[0] and self.cursor.peek() in (b"{", b"["):
                self.around_only(path[1:], f"{where}{key}.")
            else:
                self._keep(where + key)

    def _keep(self, key: str) -> None:
        cursor = self.cursor
        if cursor.peek() in (b"{", b"["):
            try:
                size = cursor.end_of_value(SMALL)
            except Malformed:
                cursor.skip_value()
                return
            self.around[key] = cursor.data[cursor.at : cursor.at + size]
            cursor.skip(size)
        else:
            self.around[key] = cursor.value()

    def _object(self) -> Iterator[str]:
        cursor = self.cursor
        cursor.take(b"{")
        if cursor.peek() == b"}":
            cursor.skip(1)
            return
        while True:
            if cursor.peek() != b'"':
                raise EndOfFile if not cursor.peek() else Malformed
            try:
                key = _KEY.decode(cursor.value(SMALL))
            except (msgspec.DecodeError, UnicodeDecodeError):
                raise Malformed from None
            cursor.take(b":")
            yield key
            if self.over or cursor.take(b",}") == b"}":
                return

    def _list(self) -> Iterator[None]:
        cursor = self.cursor
        cursor.take(b"[")
        if cursor.peek() == b"]":
            cursor.skip(1)
            return
        while True:
            yield
            if self.over or cursor.take(b",]") == b"]":
                return
