"""What goes wrong, on demand. A fault is written into the book, so that it strikes whichever process asks next, and once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    FORBIDDEN = "forbidden"
    """This one is turned away for good."""
    TOO_FAST = "too_fast"
    """This one has to wait `seconds`."""
    STRANGE = "strange"
    """This one is turned away with a word nobody has heard before."""
    OUTAGE = "outage"
    """The door stays shut: nothing of the call is taken."""
    SLOW = "slow"
    """The call takes `seconds`; longer than the caller waits, and it is done without them hearing of it."""
    CUT_BEFORE = "cut_before"
    """The line breaks before anything is done."""
    CUT_HALFWAY = "cut_halfway"
    """The line breaks when half of a batch is done."""
    CUT_AFTER = "cut_after"
    """Everything is done, then the line breaks."""
    TWICE = "twice"
    """A page of news has some of them twice."""
    MIXED_UP = "mixed_up"
    """A page of news is not in order."""
    STRANGE_NEWS = "strange_news"
    """News come with fields nobody has heard of, and some of a kind nobody has heard of."""


OF_ONE = frozenset({Kind.FORBIDDEN, Kind.TOO_FAST, Kind.STRANGE})
OF_A_CALL = frozenset({Kind.OUTAGE, Kind.SLOW, Kind.CUT_BEFORE, Kind.CUT_HALFWAY, Kind.CUT_AFTER})
OF_NEWS = frozenset({Kind.OUTAGE, Kind.TWICE, Kind.MIXED_UP, Kind.STRANGE_NEWS})

NEWS = "news"
"""The method under which asking for news counts."""
FIND = "find"
"""The method under which looking something up counts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """`method`: "" strikes any call that does something; NEWS and FIND have to be named."""

    kind: Kind
    method: str = ""
    times: int = 1
    seconds: float = 0.0


def plan(db: sqlite3.Connection, fault: Fault) -> None:
    db.execute(
        "INSERT INTO fault (kind, method, times, seconds) VALUES (?, ?, ?, ?)",
        (fault.kind, fault.method, fault.times, fault.seconds),
    )


def lift(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM fault")


def any_planned(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM fault LIMIT 1").fetchone() is not None


@dataclass(slots=True)
class _Waiting:
    id: int
    fault: Fault
    left: int

    def is_for(self, method: str) -> bool:
        return self.left > 0 and (self.fault.method == method or (not self.fault.method and method not in {NEWS, FIND}))


def strike(db: sqlite3.Connection, methods: Sequence[str], kinds: frozenset[Kind]) -> list[Fault | None]:
    """The fault that strikes each of these, in order; a fault that has struck as often as planned is gone."""
    waiting = _waiting(db, kinds)
    struck = [_first(waiting, method) for method in methods]
    db.executemany("UPDATE fault SET times = ? WHERE id = ?", [(each.left, each.id) for each in waiting])
    db.execute("DELETE FROM fault WHERE times = 0")
    return struck


def _waiting(db: sqlite3.Connection, kinds: frozenset[Kind]) -> list[_Waiting]:
    rows = db.execute("SELECT id, kind, method, times, seconds FROM fault WHERE times > 0 ORDER BY id").fetchall()
    return [
        _Waiting(id_, Fault(kind=Kind(kind), method=method, times=times, seconds=seconds), times)
        for id_, kind, method, times, seconds in rows
        if kind in kinds
    ]


def _first(waiting: Sequence[_Waiting], method: str) -> Fault | None:
    for each in waiting:
        if each.is_for(method):
            each.left -= 1
            return each.fault
    return None
