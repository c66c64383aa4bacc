"""QR codes for short addresses, as black and white squares and as a PNG. Bytes, error correction L, versions 1 to 6."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

ROOM = {1: (19, 7, 1), 2: (34, 10, 1), 3: (55, 15, 1), 4: (80, 20, 1), 5: (108, 26, 1), 6: (136, 18, 2)}
"""version: data words, correction words a block, blocks"""
QUIET = 4
Squares = list[list[bool | None]]


def matrix(text: str) -> list[list[bool]]:
    """True is black. Raises ValueError for more than 134 bytes."""
    content = text.encode()
    version = next((one for one, (words, _, _) in ROOM.items() if len(content) <= words - 2), None)
    if version is None:
        raise ValueError(f"{len(content)} bytes are too many for a small QR code")
    squares = _frame(version)
    reserved = [[square is not None for square in row] for row in squares]
    _fill(squares, _words(content, version))
    for row in range(len(squares)):
        for column in range(len(squares)):
            if not reserved[row][column] and (row + column) % 2 == 0:
                squares[row][column] = not squares[row][column]
    return [[bool(square) for square in row] for row in squares]


def png(text: str, scale: int = 8) -> bytes:
    squares = matrix(text)
    size = (len(squares) + 2 * QUIET) * scale
    margin = [b"\x00" + b"\xff" * size] * (QUIET * scale)
    side = b"\xff" * (QUIET * scale)
    rows: list[bytes] = []
    for row in squares:
        line = b"\x00" + side + b"".join((b"\x00" if black else b"\xff") * scale for black in row) + side
        rows += [line] * scale
    return _png(size, b"".join(margin + rows + margin))


def _png(size: int, rows: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


# The words: content, padding, correction.


def _words(content: bytes, version: int) -> bytes:
    room, correction, blocks = ROOM[version]
    bits = f"0100{len(content):08b}" + "".join(f"{byte:08b}" for byte in content) + "0000"
    bits = bits[: room * 8]
    bits += "0" * (-len(bits) % 8)
    data = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    data += (b"\xec\x11" * room)[: room - len(data)]
    size = room // blocks
    parts = [data[at : at + size] for at in range(0, room, size)]
    tails = [_correction(part, correction) for part in parts]
    return _interleaved(parts) + _interleaved(tails)


def _interleaved(parts: list[bytes]) -> bytes:
    return bytes(word for group in zip(*parts, strict=True) for word in group)


def _product(first: int, second: int) -> int:
    """In the field of 256 elements the standard uses."""
    found = 0
    while second:
        if second & 1:
            found ^= first
        first = (first << 1) ^ (0x11D if first & 0x80 else 0)
        second >>= 1
    return found


def _correction(data: bytes, count: int) -> bytes:
    generator, root = [1], 1
    for _ in range(count):
        generator = [a ^ _product(b, root) for a, b in zip([*generator, 0], [0, *generator], strict=True)]
        root = _product(root, 2)
    rest = [0] * count
    for word in data:
        factor = word ^ rest[0]
        rest = [left ^ _product(part, factor) for left, part in zip([*rest[1:], 0], generator[1:], strict=True)]
    return bytes(rest)


# The squares: what every code has, then the words in their zigzag.


def _frame(version: int) -> Squares:
    size = 17 + 4 * version
    squares: Squares = [[None] * size for _ in range(size)]
    for row, column in ((0, 0), (0, size - 7), (size - 7, 0)):
        _finder(squares, row, column)
    for at in range(8, size - 8):
        squares[6][at] = squares[at][6] = at % 2 == 0
    if version > 1:
        _alignment(squares, size - 7)
    squares[size - 8][8] = True
    _format(squares)
    return squares


def _finder(squares: Squares, top: int, left: int) -> None:
    size = len(squares)
    for row in range(max(0, top - 1), min(size, top + 8)):
        for column in range(max(0, left - 1), min(size, left + 8)):
            ring = max(abs(row - top - 3), abs(column - left - 3))
            squares[row][column] = ring in {0, 1, 3}


def _alignment(squares: Squares, middle: int) -> None:
    for row in range(middle - 2, middle + 3):
        for column in range(middle - 2, middle + 3):
            squares[row][column] = max(abs(row - middle), abs(column - middle)) != 1


def _format(squares: Squares) -> None:
    """Correction L, mask 0, with their own correction; written twice."""
    value = 0b01000 << 10
    rest = value
    for bit in range(14, 9, -1):
        if rest >> bit & 1:
            rest ^= 0x537 << (bit - 10)
    value = (value | rest) ^ 0x5412
    size = len(squares)
    for number in range(15):
        black = bool(value >> number & 1)
        row = number if number < 6 else number + 1 if number < 8 else size - 15 + number
        squares[row][8] = black
        column = size - 1 - number if number < 8 else 7 if number == 8 else 14 - number
        squares[8][column] = black


def _fill(squares: Squares, words: bytes) -> None:
    bits = iter("".join(f"{word:08b}" for word in words))
    for row, column in _zigzag(len(squares)):
        if squares[row][column] is None:
            squares[row][column] = next(bits, "0") == "1"


def _zigzag(size: int) -> Iterator[tuple[int, int]]:
    """Two columns at a time from the right, up and down; the column of the timing squares is left out."""
    upwards = True
    for right in (column if column > 6 else column - 1 for column in range(size - 1, 0, -2)):
        for step in range(size):
            row = size - 1 - step if upwards else step
            yield row, right
            yield row, right - 1
        upwards = not upwards
