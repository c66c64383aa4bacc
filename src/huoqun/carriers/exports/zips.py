"""The members of a zip, checked before they are named and while they are unpacked. Its own claims are not believed."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from . import errors
from .counted import counted
from .errors import gettext_noop
from .limits import Meter

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_UNREADABLE = (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, struct.error)
"""What zipfile raises for archives that are damaged, or that ask for something it does not know."""


class Archive:
    """One zip. Stays open as long as its members may be opened."""

    def __init__(self, place: Path, meter: Meter) -> None:
        self._name = place.name
        self._packed = place.stat().st_size
        self._meter = meter
        _check_directory(place, meter.limits.files)
        try:
            self._zip = zipfile.ZipFile(place)
        except _UNREADABLE as error:
            raise errors.FileUnreadable(
                gettext_noop("{file} is not a complete zip archive. Copy or download it again."), file=place.name
            ) from error
        self._furthest: dict[str, int] = {}
        self._unpacked = 0

    def members(self) -> Iterator[tuple[PurePosixPath, int, Callable[[], IO[bytes]]]]:
        """Path, claimed size and opener of each member that is a plain file. Raises `UnsafeArchive` for a path that escapes."""
        for info in self._zip.infolist():
            path = _safe(_name(info), self._name)
            if not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16):
                yield path, info.file_size, self._opener(info, str(path))

    def _opener(self, info: zipfile.ZipInfo, name: str) -> Callable[[], IO[bytes]]:
        def open_member() -> IO[bytes]:
            if info.flag_bits & _ENCRYPTED:
                raise errors.FileUnreadable(
                    gettext_noop("{file} is locked with a password. Unpack the archive and import the folder."),
                    file=name,
                )
            try:
                inner = self._zip.open(info)
            except _UNREADABLE as error:
                raise errors.FileUnreadable(
                    gettext_noop("{file} cannot be unpacked. Unpack the archive yourself and import the folder."), file=name
                ) from error
            return counted(inner, self._unpacking(info, name), name)

        return open_member

    def _unpacking(self, info: zipfile.ZipInfo, name: str) -> Callable[[int], None]:
        at = 0

        def count(size: int) -> None:
            nonlocal at
            at += size
            # A member opened twice is unpacked work twice but the same bytes: only new ground counts towards the whole.
            gained = max(0, at - self._furthest.get(name, 0))
            self._furthest[name] = self._furthest.get(name, 0) + gained
            self._unpacked += gained
            self._meter.add_unpacked(at, min(info.compress_size, self._packed), name)
            # Members may overlap, so that each looks harmless: together they cannot hold more than the file does.
            self._meter.add_unpacked(self._unpacked, self._packed, self._name)

        return count


def _name(info: zipfile.ZipInfo) -> str:
    """Windows writes Chinese names in its own code page without saying so; zipfile then reads them as cp437."""
    if info.flag_bits & _UTF8_NAME or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    # Two bytes of Chinese may look like one Latin letter in UTF-8; the three of a Chinese one in UTF-8 look like little else.
    text = _decoded(raw, "utf-8")
    if text is None or any("\x7f" < char < "\u0800" for char in text):
        text = _decoded(raw, "gb18030") or text
    return text or info.filename


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _safe(name: str, archive: str) -> PurePosixPath:
    path = PurePosixPath(name.replace("\\", "/"))
    drive = len(path.parts) > 0 and len(path.parts[0]) == 2 and path.parts[0][1] == ":"
    if path.is_absolute() or ".." in path.parts or drive or "\x00" in name or not path.parts:
        raise errors.UnsafeArchive(
            gettext_noop("{archive} holds a file that wants to lie outside of it ({file}). Export it again."),
            archive=archive,
            file=name[:200],
        )
    return path


def _check_directory(place: Path, limit: int) -> None:
    """`zipfile` reads the whole directory before anybody can count it, so the end record is looked at first."""
    with place.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(-min(stream.tell(), 1 << 17), 2)
        tail = stream.read()
    at, at_64 = tail.rfind(_END), tail.rfind(_END_64)
    count = size = 0
    if at >= 0 and len(tail) >= at + 22:
        count, size = struct.unpack_from("<HL", tail, at + 10)
    if at_64 >= 0 and len(tail) >= at_64 + 56:
        count, size = struct.unpack_from("<QQ", tail, at_64 + 32)
    # A directory entry is 46 bytes and a name; 1,024 leaves room for any real one. 0xFFFFFFFF only points to the 64-bit record.
    if count > limit or (size > limit * 1024 and size != 0xFFFFFFFF):
        raise errors.TooLarge(
            gettext_noop("{file} has more than {limit} files. Unpack it and import the folders of the export one at a time."),
            file=place.name,
            limit=limit,
        )
