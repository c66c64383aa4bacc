"""Whoever reports what happens goes ahead of whoever works on it.

SQLite has one writer at a time and keeps no queue: who waits looks again every now and then, up to a tenth of a second later,
and a worker with a backlog begins its next transaction within that time, again and again. So an intake holds a file's lock
while it waits and writes, and a worker passes the same lock before each transaction: the intake waits for one transaction, not
for the backlog. Everybody else who writes passes as well, whatever they write and without knowing of it (`mind`): the threads
of a worker, jobs, pages. The system lets go of the lock of a process that dies. PostgreSQL's writers need none of this.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def ahead() -> Iterator[None]:
    """Write within. Inside a transaction, which is a writer already, it holds nobody up."""
    with _locked():
        yield


class Busy(Exception):
    """Somebody else has been writing for longer than one wanted to wait. Nothing was written."""


@contextmanager
def ahead_within(seconds: float) -> Iterator[None]:
    """`ahead`, for who cannot wait. Raises Busy; what is inside should be one transaction. Where there is no such order
    (another database, Windows) it waits.
    """
    if connection.vendor != "sqlite" or sys.platform == "win32":
        with ahead():
            yield
        return
    end = time.monotonic() + seconds
    with _locked(until=end), _patient(end):
        try:
            yield
        except OperationalError as error:
            if "locked" in str(error):
                raise Busy from error
            raise


@contextmanager
def _patient(end: float) -> Iterator[None]:
    """The database itself waits for another writer until then at most."""
    connection.ensure_connection()
    wait = max(1, int((end - time.monotonic()) * 1000))
    before = connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.connection.execute(f"PRAGMA busy_timeout = {wait}")
    try:
        yield
    finally:
        if connection.connection is not None:
            connection.connection.execute(f"PRAGMA busy_timeout = {before}")


def pass_through() -> None:
    """Let those go first who are waiting. Within a transaction, or `ahead` oneself, it does nothing."""
    with _locked():
        pass


def mind(connection: BaseDatabaseWrapper, **_: object) -> None:
    """From now on whoever begins to write on this connection passes through. Receiver of `connection_created`."""
    if connection.vendor == "sqlite" and _passing not in connection.execute_wrappers:
        connection.execute_wrappers.append(_passing)


_WRITES = ("BEGIN", "INSERT", "UPDATE", "DELETE", "REPLACE")


def _passing(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
    if sql.startswith(_WRITES):
        pass_through()
    return execute(sql, params, many, context)


@contextmanager
def _locked(*, until: float | None = None) -> Iterator[None]:
    if _mine.holds or connection.in_atomic_block:
        yield
        return
    beside = _file()
    # Without such locks (Windows) everybody waits as SQLite has it.
    if beside is None or sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415  not everywhere

    opened = _mine.opened(beside)
    if until is None:
        fcntl.flock(opened, fcntl.LOCK_EX)
    else:
        while not _is_free(opened):
            if time.monotonic() >= until:
                raise Busy
            time.sleep(_LOOKS)
    _mine.holds = True
    try:
        yield
    finally:
        _mine.holds = False
        fcntl.flock(opened, fcntl.LOCK_UN)


def _is_free(opened: IO[bytes]) -> bool:
    """Then it is ours."""
    import fcntl  # noqa: PLC0415  not everywhere

    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _file() -> str | None:
    """Beside the database; None where that is not a file."""
    name = str(connection.settings_dict["NAME"])
    return f"{name}-turnstile" if connection.vendor == "sqlite" and os.path.isabs(name) else None


_LOOKS = 0.002


class _Mine(threading.local):
    """The file, opened by each thread for itself: who shares an open file shares its lock, a forked child too."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._by = ("", 0)
        self.holds = False

    def opened(self, name: str) -> IO[bytes]:
        if self._file is None or self._by != (name, os.getpid()):
            self._file, self._by = open(name, "ab"), (name, os.getpid())  # noqa: SIM115  stays open
        return self._file


_mine = _Mine()
