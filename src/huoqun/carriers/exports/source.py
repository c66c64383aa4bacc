"""What was handed in, as entries: a file, the files of a folder, the members of a zip. Nothing is unpacked to disk."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from . import errors, zips
from .counted import counted
from .errors import gettext_noop
from .limits import Meter

HEAD = 1 << 16
HEADS_KEPT = 256
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"})


class Heads:
    """The first bytes of the entries looked at last, so that twelve formats do not unpack a member twelve times."""

    def __init__(self) -> None:
        self._kept: OrderedDict[PurePosixPath, bytes] = OrderedDict()

    def get(self, path: PurePosixPath, size: int, read: Callable[[int], bytes]) -> bytes:
        head = self._kept.get(path)
        if head is None or len(head) < size:
            head = self._kept[path] = read(max(size, HEAD))
        self._kept.move_to_end(path)
        if len(self._kept) > HEADS_KEPT:
            self._kept.popitem(last=False)
        return head[:size]


class SourceEntry:
    """One file of what was handed in (see `format.Entry`)."""

    def __init__(self, path: PurePosixPath, size: int, opener: Callable[[], IO[bytes]], meter: Meter, heads: Heads) -> None:
        self.path = path
        self.size = size
        """As the folder or the archive says: good for a progress bar, not believed for anything else."""
        self.was_opened = False
        self.damage: errors.FileUnreadable | None = None
        """Why not even the first bytes can be read, once they were looked at."""
        self._opener = opener
        self._meter = meter
        self._heads = heads
        self._seen = 0

    def __repr__(self) -> str:
        return f"SourceEntry({str(self.path)!r})"

    def open(self) -> IO[bytes]:
        self.was_opened = True
        return counted(self._opener(), self._count, str(self.path))

    def look_through(self) -> IO[bytes]:
        return counted(self._opener(), lambda count: self._meter.add_read(count, str(self.path)), str(self.path))

    def head(self, size: int = HEAD) -> bytes:
        return self._heads.get(self.path, size, self._start)

    def _start(self, size: int) -> bytes:
        try:
            with self._opener() as stream:
                return stream.read(size)
        except errors.FileUnreadable as damage:
            self.damage = damage
            return b""

    def _count(self, count: int) -> None:
        self._meter.add_read(count, str(self.path))
        # A file read twice does not move the bar twice.
        before, self._seen = min(self._seen, self.size), self._seen + count
        self._meter.done += min(self._seen, self.size) - before


def entries(path: Path, meter: Meter) -> list[SourceEntry]:
    """Every file at `path`, in the order of names. Raises `errors.NothingToRead`, `TooLarge` or `UnsafeArchive`."""
    try:
        found = list(_walk(path, meter, Heads()))
    except (FileNotFoundError, PermissionError) as error:
        raise errors.NothingToRead(
            gettext_noop("{file} cannot be opened. Check that it exists and that you may read it."), file=path.name
        ) from error
    if not any(entry.size for entry in found):
        raise errors.NothingToRead(gettext_noop("{file} is empty. Export it again."), file=path.name)
    return found


def _walk(path: Path, meter: Meter, heads: Heads) -> Iterator[SourceEntry]:
    if path.is_dir():
        yield from _folder(path, meter, heads)
    elif not path.exists():
        raise FileNotFoundError(path)
    elif _starts_as_zip(path):
        yield from _zip(path, meter, heads)
    else:
        yield _file(path, PurePosixPath(path.name), meter, heads)


def _starts_as_zip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) in zips.MAGIC


def _file(place: Path, path: PurePosixPath, meter: Meter, heads: Heads) -> SourceEntry:
    size = place.stat().st_size
    meter.add_file(str(path), len(path.parts), size)

    def open_file() -> IO[bytes]:
        try:
            return place.open("rb")
        except OSError as error:
            raise errors.NothingToRead(
                gettext_noop("{file} cannot be opened. Check that it exists and that you may read it."), file=str(path)
            ) from error

    return SourceEntry(path, size, open_file, meter, heads)


def _folder(root: Path, meter: Meter, heads: Heads) -> Iterator[SourceEntry]:
    # Links are left out, to files as to folders: an export has none, and one may lead out of the folder.
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in LITTER)
        for name in sorted(names):
            place = Path(folder, name)
            if name not in LITTER and not name.startswith("._") and place.is_file() and not place.is_symlink():
                yield _file(place, PurePosixPath(place.relative_to(root).as_posix()), meter, heads)


def _zip(place: Path, meter: Meter, heads: Heads) -> Iterator[SourceEntry]:
    archive = zips.Archive(place, meter)
    members = sorted(archive.members(), key=lambda member: member[0])
    for path, size, opener in members:
        if LITTER.isdisjoint(path.parts) and not path.name.startswith("._"):
            meter.add_file(str(path), len(path.parts), size)
            yield SourceEntry(path, size, opener, meter, heads)
