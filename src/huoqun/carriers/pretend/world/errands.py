"""What the world takes but does not do at once: somebody has to say yes first, or a day has to pass."""

from __future__ import annotations

import sqlite3

from .words import NotDone

DAY = 86_400_000
A_WHILE = 1_200_000
"""After so long people who live by themselves say yes, in milliseconds."""

REMINDERS = 3
"""In a day."""


def begin(db: sqlite3.Connection, method: str, at: int) -> str:
    number = db.execute("INSERT INTO errand (method, at) VALUES (?, ?)", (method, at)).lastrowid
    return f"e{number}"


def state(db: sqlite3.Connection, errand: str, at: int, *, lively: bool) -> str:
    """How it ended: done or withdrawn; nothing while it waits."""
    _number, method, begun, ended = _errand(db, errand)
    patience = {"pass_on": DAY, "moment": A_WHILE if lively else None}[method]
    if not ended and patience is not None and at - begun >= patience:
        return end(db, errand, "done")
    return ended


def end(db: sqlite3.Connection, errand: str, how: str) -> str:
    """The first end counts; the answer is that one."""
    number, *_, ended = _errand(db, errand)
    db.execute("UPDATE errand SET ended = ? WHERE id = ? AND ended = ''", (how, number))
    return ended or how


def remind(db: sqlite3.Connection, errand: str, at: int) -> None:
    """Raises NotDone where they were reminded as often as one may."""
    number, *_, ended = _errand(db, errand)
    if ended:
        raise NotDone("nothing_to_remind_of")
    recent = db.execute("SELECT at FROM reminder WHERE errand = ? AND at > ? ORDER BY at", (number, at - DAY)).fetchall()
    if len(recent) >= REMINDERS:
        raise NotDone("too_fast", wait=min(DAY, recent[-REMINDERS][0] + DAY - at))
    db.execute("INSERT INTO reminder (errand, at) VALUES (?, ?)", (number, at))


def _errand(db: sqlite3.Connection, errand: str) -> tuple[int, str, int, str]:
    row = db.execute("SELECT id, method, at, ended FROM errand WHERE 'e' || id = ?", (errand,)).fetchone()
    if row is None:
        raise NotDone("no_such_errand")
    number, method, at, ended = row
    return number, method, at, ended
