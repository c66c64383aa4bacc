"""Up to where the log may be read.

Positions are drawn before transactions commit, so on PostgreSQL position 6 can be there while position 5 is still in an open
transaction; a cursor that moved to 6 would never see 5. Comparing the transaction id of entry 6 with the oldest running one is
not enough either: transaction 100 may draw 5 and the older transaction 99 draw 6 and commit first.

What holds: a writer has its transaction id before it draws a position (`operations.writing`). So whoever holds a position
below one we can see has an id below any id given out from now on. We note the newest position seen, then draw an id of our own;
once every transaction with a smaller id has ended, all positions up to the noted one are settled. No ids are kept in the rows,
so a database restored from a dump, where ids start again, reads on where it stopped.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Max

from huoqun.inbox.models import Entry
from huoqun.inbox.types import Horizon


def newest() -> int:
    """The last position there is: right where one writer goes at a time (SQLite)."""
    return Entry.objects.aggregate(last=Max("position"))["last"] or 0


class Settled:
    """PostgreSQL: call it again and again; what it returns only grows. Not to be called inside a transaction, which would
    wait for itself.
    """

    def __init__(self) -> None:
        self.settled = 0
        self._noted = 0
        self._mark = 0

    def __call__(self) -> int:
        if self._noted == self.settled:
            self._note(newest())
        if self._noted > self.settled and _oldest_running() > self._mark:
            self.settled = self._noted
        return self.settled

    def _note(self, position: int) -> None:
        if position > self._noted:
            self._noted = position
            self._mark = _own_id()


def for_this_database() -> Horizon:
    return Settled() if connection.vendor == "postgresql" else newest


def _own_id() -> int:
    return _number("SELECT pg_current_xact_id()::text")


def _oldest_running() -> int:
    return _number("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")


def _number(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row: tuple[str] = cursor.fetchone()
    return int(row[0])
