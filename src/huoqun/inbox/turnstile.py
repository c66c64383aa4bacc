"""Whoever reports what happens goes ahead of whoever works on it.

SQLite has one writer at a time and keeps no queue: who waits looks again every now and then, up to a tenth of a second later,
and a worker with a backlog begins its next transaction within that time, again and again. So an intake holds a file's lock
while it waits and writes, and a worker passes the same lock before each transaction: the intake waits for one transaction, not
for the backlog. The system lets go of the lock of a process that dies. PostgreSQL's writers need none of this.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.db import connection


@contextmanager
def ahead() -> Iterator[None]:
    """Write within. Inside a transaction, which is a writer already, it holds nothing up."""
    with _locked():
        yield


def pass_through() -> None:
    """Let those go first who are waiting. Not to be called inside a transaction."""
    with _locked():
        pass


@contextmanager
def _locked() -> Iterator[None]:
    beside = None if connection.in_atomic_block else _file()
    # Without such locks (Windows) everybody waits as SQLite has it.
    if beside is None or sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415  not everywhere

    opened = _mine.opened(beside)
    fcntl.flock(opened, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(opened, fcntl.LOCK_UN)


def _file() -> str | None:
    """Beside the database; None where that is not a file."""
    name = str(connection.settings_dict["NAME"])
    return f"{name}-turnstile" if connection.vendor == "sqlite" and os.path.isabs(name) else None


class _Mine(threading.local):
    """The file, opened by each thread for itself: who shares an open file shares its lock, a forked child too."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._by = ("", 0)

    def opened(self, name: str) -> IO[bytes]:
        if self._file is None or self._by != (name, os.getpid()):
            self._file, self._by = open(name, "ab"), (name, os.getpid())  # noqa: SIM115  stays open
        return self._file


_mine = _Mine()
