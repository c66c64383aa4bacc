"""Callbacks put by while the embedded database is busy with another writer: a line each in a file, moved into the database by a
thread of the process that wrote them as soon as it is their turn. What a process that died left behind a worker moves.

Appended, not synced to the disk, as the embedded database does: a process may die at any moment and nothing is lost.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from django.db import connection

log = logging.getLogger(__name__)

AGAIN = 0.2
"""Seconds until it is tried again where the database would not have it."""
AT_ONCE = 500
_NEW = ".new"


class PutBy(msgspec.Struct):
    corp: int
    body: bytes
    at: datetime


Move = Callable[[list[PutBy]], None]
"""Keeps these in the database, in one transaction. The same may come again."""


class Spool:
    """May be used by several threads. Each process has files of its own, whose locks tell that it lives."""

    def __init__(self, folder: Path, move: Move) -> None:
        self._folder, self._move = folder, move
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._mover: threading.Thread | None = None
        self.waiting = 0
        """How many are not in the database yet."""

    def put(self, one: PutBy) -> None:
        """When it returns, it is kept."""
        with self._lock:
            if self._file is None:
                self._file = self._opened()
            self._file.write(msgspec.json.encode(one) + b"\n")
            self._file.flush()
            self.waiting += 1
            if self._mover is None:
                self._mover = threading.Thread(target=self._move_all, name="spool", daemon=True)
                self._mover.start()

    def take_over(self) -> int:
        """Move what processes that died have left; returns how many there were. Raises what the database does."""
        moved = 0
        for path in sorted(self._folder.glob("*.jsonl")):
            with _if_abandoned(path) as left:
                if left is not None:
                    moved += self._moved(left)
        return moved

    def close(self) -> None:
        """Waits until everything is in the database."""
        with self._lock:
            mover = self._mover
        if mover is not None:
            mover.join()

    def _opened(self) -> BinaryIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{time.time_ns():020d}-{os.getpid()}.jsonl"
        file = open(f"{path}{_NEW}", "x+b")  # noqa: SIM115  stays open
        _lock(file)
        # Only now can it be found, or somebody might hold it to be abandoned.
        os.rename(file.name, path)
        return file

    def _move_all(self) -> None:
        """Ends when nothing is left; the next that is put by begins another thread."""
        try:
            while (file := self._aside()) is not None:
                while not self._tried(file):
                    time.sleep(AGAIN)
        finally:
            connection.close()

    def _aside(self) -> BinaryIO | None:
        """What is there is moved as it is; what comes meanwhile goes into a new file."""
        with self._lock:
            file, self._file = self._file, None
            if file is None:
                self._mover = None
            return file

    def _tried(self, file: BinaryIO) -> bool:
        try:
            moved = self._moved(file)
        except Exception:
            # The last stop: a thread that ended here would leave what was answered for outside of the database.
            log.exception("callbacks that were put by are not in the database yet; trying again")
            connection.close()
            return False
        file.close()
        with self._lock:
            self.waiting -= moved
        return True

    def _moved(self, file: BinaryIO) -> int:
        """A death before the file is gone has them moved once more, which changes nothing."""
        found = _read(file)
        for start in range(0, len(found), AT_ONCE):
            self._move(found[start : start + AT_ONCE])
        Path(file.name.removesuffix(_NEW)).unlink(missing_ok=True)
        return len(found)


def _read(file: BinaryIO) -> list[PutBy]:
    file.seek(0)
    # A last line without its end was never answered for.
    lines = file.read().split(b"\n")[:-1]
    return [msgspec.json.decode(line, type=PutBy) for line in lines]


@contextmanager
def _if_abandoned(path: Path) -> Iterator[BinaryIO | None]:
    """The file, where the process it belongs to has died."""
    try:
        file = open(path, "r+b")  # noqa: SIM115  closed below
    except FileNotFoundError:
        yield None
        return
    with file:
        yield file if _lock(file) else None


def _lock(file: BinaryIO) -> bool:
    """Whether it is nobody else's."""
    import fcntl  # noqa: PLC0415  not everywhere

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
