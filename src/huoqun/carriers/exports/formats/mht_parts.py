"""The HTML inside an MHT file, in pieces: pictures and whatever else is packed beside it are passed over unread."""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Callable, Iterator
from typing import IO

_PIECE = 1 << 16
_BOUNDARY = re.compile(rb'boundary\s*=\s*"?([^"\r\n;]+)', re.IGNORECASE)
_MOST_HEADERS = 1 << 16


def html_pieces(stream: IO[bytes]) -> Iterator[str]:
    """The text of every text/html part. A line may be as long as it likes; at most 64 KiB of it are held."""
    boundary = _boundary(stream)
    if boundary is None:
        return
    decoder: _Decoder | None = None
    in_headers, headers, at_line_start = False, b"", True
    while piece := stream.readline(_PIECE):
        if at_line_start and piece.rstrip(b"\r\n").removesuffix(b"--") == boundary:
            in_headers, headers, decoder = True, b"", None
        elif in_headers and (not piece.strip() or len(headers) > _MOST_HEADERS):
            in_headers, decoder = False, _decoder(headers)
        elif in_headers:
            headers += piece
        elif decoder is not None:
            yield decoder(piece)
        at_line_start = piece.endswith(b"\n")


def _boundary(stream: IO[bytes]) -> bytes | None:
    """The line between parts, from the file's own headers."""
    headers = b""
    while (line := stream.readline(_PIECE)) and len(headers) < _MOST_HEADERS:
        if not line.strip() and headers.strip():
            break
        headers += line
    found = _BOUNDARY.search(headers)
    return b"--" + found[1].strip() if found else None


_Decoder = Callable[[bytes], str]


def _decoder(headers: bytes) -> _Decoder | None:
    """How to read a part; None for one that is not HTML."""
    if not re.search(rb"^content-type:\s*text/html", headers, re.IGNORECASE | re.MULTILINE):
        return None
    charset = re.search(rb'charset\s*=\s*"?([\w-]+)', headers, re.IGNORECASE)
    encoding = re.search(rb"^content-transfer-encoding:\s*([\w-]+)", headers, re.IGNORECASE | re.MULTILINE)
    unpack = _UNPACK.get(encoding[1].lower() if encoding else b"", bytes)
    text = codecs.getincrementaldecoder(_known(charset[1].decode() if charset else "utf-8"))("replace")
    return lambda piece: text.decode(unpack(piece))


def _known(charset: str) -> str:
    try:
        found = codecs.lookup(charset)
    except LookupError:
        return "utf-8"
    # Files that say gb2312 hold characters that only its successor has.
    return "gb18030" if found.name in ("gb2312", "gbk") else found.name


def _from_base64(line: bytes) -> bytes:
    try:
        return base64.b64decode(line)
    except binascii.Error:
        return b""


_UNPACK: dict[bytes, Callable[[bytes], bytes]] = {b"base64": _from_base64, b"quoted-printable": quopri.decodestring}
