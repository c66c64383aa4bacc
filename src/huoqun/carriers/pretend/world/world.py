"""The world and its door. All that goes through it is a plain word or number; times are milliseconds since 1970."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import deeds, errands, faults, life, news
from .book import Book
from .faults import FIND, NEWS, OF_A_CALL, OF_NEWS, OF_ONE, Fault, Kind
from .places import Settlement, is_settled, setting, settle
from .script import Script
from .words import Call, LineBroke, NotDone, Reply, Shut

Sleep = Callable[[float], None]
"""Waits so many seconds."""
Clock = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was really done."""

    key: str
    method: str
    subject: str
    at: int


class World:
    """One file, or ":memory:". Several processes may use the same file at the same time."""

    def __init__(self, path: Path | str) -> None:
        self._book = Book(path)

    def settle(self, plan: Settlement | Script, *, at: int) -> None:
        """Make rooms and people, once; a world that is there stays as it is."""
        with self._book.look() as db:
            there = is_settled(db)
        if not there:
            with self._book.change() as db:
                settle(db, plan, at)

    def close(self) -> None:
        self._book.close()

    # The door.

    def call(self, calls: Sequence[Call], *, clock: Clock, patience: float, sleep: Sleep) -> list[Reply]:
        """Do all of these, in one go: either the whole batch is written down or nothing of it. `patience` is how many
        seconds the caller waits. Raises Shut (nothing was done) or LineBroke (it may be done).
        """
        struck = self._struck(calls)
        trouble = struck.call
        if trouble is not None and trouble.kind is Kind.OUTAGE:
            raise Shut
        if trouble is not None and trouble.kind is Kind.SLOW:
            sleep(min(trouble.seconds, patience))
        if trouble is not None and trouble.kind is Kind.CUT_BEFORE:
            raise LineBroke
        doing = calls[: len(calls) // 2] if trouble is not None and trouble.kind is Kind.CUT_HALFWAY else calls
        at = clock()
        with self._book.change() as db:
            replies = [_answer(db, call, fault, at) for call, fault in zip(doing, struck.ones, strict=False)]
        if trouble is not None and (trouble.kind is not Kind.SLOW or trouble.seconds > patience):
            raise LineBroke
        return replies

    def find(self, key: str) -> Reply | None:
        """What was answered under this key. None: nothing was done under it. Raises Shut or LineBroke."""
        self._asked_after()
        with self._book.look() as db:
            return deeds.found(db, key)

    def errand(self, errand: str, *, at: int) -> str:
        """How it ended: done or withdrawn; nothing while it waits. Raises Shut, LineBroke, NotDone."""
        self._asked_after()
        with self._book.change() as db:
            return errands.state(db, errand, at, lively=float(setting(db, "pulse") or 0) > 0)

    def end_errand(self, errand: str, how: str) -> str:
        """Somebody says yes ("done"), or it is taken back ("withdrawn"); how it really ended. Raises as `errand`."""
        self._asked_after()
        with self._book.change() as db:
            return errands.end(db, errand, how)

    def remind(self, errand: str, *, at: int) -> None:
        self._asked_after()
        with self._book.change() as db:
            errands.remind(db, errand, at)

    def _asked_after(self) -> None:
        """What goes wrong when somebody only asks."""
        with self._book.look() as db:
            if not faults.any_planned(db):
                return
        with self._book.change() as db:
            (trouble,) = faults.strike(db, [FIND], OF_A_CALL)
        if trouble is not None:
            raise Shut if trouble.kind is Kind.OUTAGE else LineBroke

    def news(self, since: int, *, at: int) -> list[tuple[int, str]]:
        """Live on until now, then tell what is new since that number. Raises Shut."""
        with self._book.change() as db:
            (trouble,) = faults.strike(db, [NEWS], OF_NEWS)
            life.live(db, at)
            page = news.page(db, since)
        if trouble is not None and trouble.kind is Kind.OUTAGE:
            raise Shut
        return news.spoiled(page, trouble)

    # For whoever plays: make trouble, let something happen, see what really happened.

    def plan(self, fault: Fault) -> None:
        with self._book.change() as db:
            faults.plan(db, fault)

    def lift_faults(self) -> None:
        with self._book.change() as db:
            faults.lift(db)

    def say(self, room: str, person: str, text: str, *, at: int) -> str:
        """A member says something; returns the post."""
        with self._book.change() as db:
            return str(deeds.post_by(db, room, person, at, text))

    def join(self, room: str, person: str, *, at: int, name: str = "") -> str:
        """Somebody comes in; returns the ticket with which they can be greeted once."""
        with self._book.change() as db:
            db.execute("INSERT OR IGNORE INTO person (id, name) VALUES (?, ?)", (person, name))
            return deeds.join(db, room, person, at, way="link")

    def leave(self, room: str, person: str, *, at: int) -> None:
        with self._book.change() as db:
            deeds.leave(db, room, person, at)

    def knock(self, room: str, person: str, *, name: str = "") -> str:
        """Somebody asks to come in; returns the number of the knock."""
        with self._book.change() as db:
            db.execute("INSERT OR IGNORE INTO person (id, name) VALUES (?, ?)", (person, name))
            return str(db.execute("INSERT INTO knock (room, who) VALUES (?, ?)", (room, person)).lastrowid)

    def hang_up_code(self, door: str) -> str:
        """There is a code, made by somebody else."""
        with self._book.change() as db:
            return deeds.coded(db, door, {})

    def block_us(self, person: str) -> None:
        with self._book.change() as db:
            db.execute("UPDATE person SET blocks_us = 1 WHERE id = ?", (person,))

    def close_room(self, room: str) -> None:
        with self._book.change() as db:
            db.execute("UPDATE room SET closed = 1 WHERE id = ?", (room,))

    def deeds(self) -> list[Deed]:
        """Everything that was done, in order."""
        with self._book.look() as db:
            return [Deed(*row) for row in db.execute("SELECT key, method, subject, at FROM deed ORDER BY id")]

    def times_done(self) -> dict[str, int]:
        """How often something was done under each key."""
        with self._book.look() as db:
            return dict(db.execute("SELECT key, count(*) FROM deed GROUP BY key").fetchall())

    def _struck(self, calls: Sequence[Call]) -> _Struck:
        with self._book.look() as db:
            if not faults.any_planned(db):
                return _Struck(None, [None] * len(calls))
        methods = [call.method for call in calls]
        with self._book.change() as db:
            of_call = next((found for method in dict.fromkeys(methods) if (found := _one(db, method))), None)
            # What never arrives cannot be turned away: those faults wait for the next call.
            arrives = of_call is None or of_call.kind in {Kind.SLOW, Kind.CUT_AFTER, Kind.CUT_HALFWAY}
            return _Struck(of_call, faults.strike(db, methods, OF_ONE) if arrives else [None] * len(calls))


@dataclass(frozen=True, slots=True)
class _Struck:
    call: Fault | None
    ones: list[Fault | None]


def _one(db: sqlite3.Connection, method: str) -> Fault | None:
    return faults.strike(db, [method], OF_A_CALL)[0]


def _answer(db: sqlite3.Connection, call: Call, fault: Fault | None, at: int) -> Reply:
    try:
        if (before := deeds.answered_before(db, call)) is not None:
            return before
        if fault is not None:
            raise NotDone(_WORD[fault.kind], wait=int(fault.seconds * 1000))
        return deeds.do(db, call, at)
    except NotDone as turned_away:
        return turned_away.reply()


_WORD = {Kind.FORBIDDEN: "forbidden", Kind.TOO_FAST: "too_fast", Kind.STRANGE: "the moon is in the way"}
