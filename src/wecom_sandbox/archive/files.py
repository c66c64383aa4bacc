"""Files said in chats, told in pieces by the archive."""

from __future__ import annotations

import hashlib
import random
import re
import struct
import zlib
from dataclasses import dataclass

CHUNK = 524_288
_RANGE = re.compile(r"Range:bytes=(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class File:
    sdkfileid: str
    content: bytes
    kept_at: float

    @property
    def md5sum(self) -> str:
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Piece:
    data: bytes
    next_index: str
    """What to ask with next; "" at the end."""

    @property
    def last(self) -> bool:
        return not self.next_index


class BadIndex(ValueError):
    """Not what the last answer said to ask with."""


def piece(content: bytes, index: str) -> Piece:
    """The piece this index asks for; "" asks for the first."""
    start, end = 0, CHUNK - 1
    if index:
        found = _RANGE.fullmatch(index)
        if found is None or int(found[1]) > int(found[2]) or int(found[1]) >= max(1, len(content)):
            raise BadIndex(index)
        start, end = int(found[1]), int(found[2])
    after = end + 1
    return Piece(content[start:after], f"Range:bytes={after}-{after + CHUNK - 1}" if after < len(content) else "")


def made_up(size: int, seed: str) -> bytes:
    """So many bytes which follow from the seed: for files nobody looks into."""
    return random.Random(seed).randbytes(size)  # noqa: S311 - a made-up file, no secret


def picture(seed: str, *, side: int = 64) -> bytes:
    """A small PNG of one colour per seed, so that what was sent can be looked at."""
    colour = hashlib.sha256(seed.encode()).digest()[:3]
    rows = (b"\0" + colour * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = (_part(b"IHDR", header), _part(b"IDAT", zlib.compress(rows)), _part(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
