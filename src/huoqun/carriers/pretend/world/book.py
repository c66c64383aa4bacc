"""The file in which the world is written down."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 20.0
"""Seconds to wait for another process that is writing."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS room (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, board TEXT NOT NULL DEFAULT '', closed INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS person (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, blocks_us INTEGER NOT NULL DEFAULT 0, tags TEXT NOT NULL DEFAULT '[]'
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS member (
    room TEXT NOT NULL, who TEXT NOT NULL, hushed_until INTEGER, PRIMARY KEY (room, who)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS post (
    id INTEGER PRIMARY KEY, room TEXT NOT NULL, who TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL,
    answering INTEGER, gone INTEGER NOT NULL DEFAULT 0, pinned INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS post_by_time ON post (who, at);
CREATE TABLE IF NOT EXISTS knock (id INTEGER PRIMARY KEY, room TEXT NOT NULL, who TEXT NOT NULL, let_in INTEGER);
CREATE TABLE IF NOT EXISTS ticket (code TEXT PRIMARY KEY, who TEXT NOT NULL, used INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS door (id INTEGER PRIMARY KEY, room TEXT NOT NULL, until INTEGER, uses INTEGER);
CREATE TABLE IF NOT EXISTS code (door TEXT PRIMARY KEY, words TEXT NOT NULL, ended INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS errand (
    id INTEGER PRIMARY KEY, method TEXT NOT NULL, at INTEGER NOT NULL, ended TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS reminder (errand INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS deed (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, method TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL,
    words TEXT NOT NULL, reply TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS deed_by_key ON deed (key);
CREATE INDEX IF NOT EXISTS deed_by_pace ON deed (method, subject, at);
CREATE TABLE IF NOT EXISTS news (seq INTEGER PRIMARY KEY, payload TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS script (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, room TEXT NOT NULL, what TEXT NOT NULL, who TEXT NOT NULL, text TEXT NOT NULL,
    sid TEXT NOT NULL, about TEXT, way TEXT NOT NULL, played INTEGER NOT NULL DEFAULT 0, post INTEGER
);
CREATE INDEX IF NOT EXISTS script_to_come ON script (at) WHERE NOT played;
CREATE INDEX IF NOT EXISTS script_by_line ON script (room, sid);
CREATE TABLE IF NOT EXISTS fault (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, method TEXT NOT NULL, times INTEGER NOT NULL, seconds REAL NOT NULL
);
"""


class Book:
    """Opened when first used, anew in each process: a connection must not pass through a fork."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        self._open: tuple[int, sqlite3.Connection] | None = None
        self._inherited: list[sqlite3.Connection] = []
        self._turn = threading.RLock()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """All of the block is written when it ends well, nothing otherwise, whoever else writes meanwhile."""
        with self._turn:
            db = self._connection()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:  # whatever broke it, half a change is never kept
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    @contextmanager
    def look(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            yield self._connection()

    def close(self) -> None:
        with self._turn:
            if self._open is not None and self._open[0] == os.getpid():
                self._open[1].close()
            self._open = None

    def _connection(self) -> sqlite3.Connection:
        if self._open is not None and self._open[0] != os.getpid():
            # It is the parent's: not used here, and not closed here either, which would be felt there.
            self._inherited.append(self._open[1])
            self._open = None
        if self._open is None:
            self._open = (os.getpid(), _opened(self.path))
        return self._open[1]


def _opened(path: Path | str) -> sqlite3.Connection:
    if isinstance(path, Path):
        path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    # In a write-ahead log a killed process loses nothing it committed; only a power cut might take the last moments.
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.executescript(_SCHEMA)
    return db
