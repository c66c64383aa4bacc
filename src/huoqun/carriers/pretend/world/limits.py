"""How fast the world lets itself be asked. It counts over the stretch just gone, not by the clock's minutes."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from .words import NotDone


@dataclass(frozen=True, slots=True)
class Limit:
    at_most: int
    every: int
    """Milliseconds."""
    by_subject: bool = True
    """Counted for each room or person; else for everything asked by one account."""


LIMITS = {
    "say": Limit(20, 60_000),
    "whisper": Limit(30, 86_400_000),
    "door": Limit(100, 3_600_000, by_subject=False),
}


def keep(db: sqlite3.Connection, method: str, subject: str, at: int) -> None:
    """Raises NotDone, with the time to wait, where one more would be too many."""
    limit = LIMITS.get(method)
    if limit is None:
        return
    where, values = ("method = ? AND subject = ?", [method, subject]) if limit.by_subject else ("method = ?", [method])
    # A clock that was put back leaves deeds in the future; they count, but nobody waits longer than `every` for them.
    recent = db.execute(
        f"SELECT at FROM deed WHERE {where} AND at > ? ORDER BY at DESC LIMIT ?",  # noqa: S608
        [*values, at - limit.every, limit.at_most],
    ).fetchall()
    if len(recent) == limit.at_most:
        raise NotDone("too_fast", wait=min(limit.every, max(1, recent[-1][0] + limit.every - at)))
