"""What happened in one group, row by row, before it is sorted and numbered."""

from __future__ import annotations

from dataclasses import dataclass, field

from .people import Member


@dataclass(slots=True, eq=False)
class Row:
    at: float
    """Seconds since 1970; fractions decide the order within one second and are cut off in the file."""
    kind: str
    author: Member | None
    text: str | None = None
    reply_to: Row | None = None
    mentions: tuple[Member, ...] = ()
    topic: str | None = None
    inviter: Member | None = None
    way: str | None = None
    target: Member | None = None
    detail: str | None = None
    amount: int | None = None
    own_id: str | None = None
    number: str = ""
    """The message id, once the group's rows are in order."""


@dataclass(slots=True)
class Ledger:
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> Row:
        """An answer is never earlier than what it answers."""
        if row.reply_to is not None and row.at <= row.reply_to.at:
            row.at = row.reply_to.at + 0.001
        self.rows.append(row)
        return row

    def in_order(self, until: float, first_number: int) -> list[Row]:
        """Sorted and numbered; what would happen at `until` or later has not happened."""
        done = sorted((row for row in self.rows if row.at < until), key=lambda row: row.at)
        for place, row in enumerate(done):
            row.number = row.own_id or str(first_number + place)
        return done
