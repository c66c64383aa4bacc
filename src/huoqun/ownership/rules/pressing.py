"""Who has too much to do."""

from __future__ import annotations

from enum import StrEnum

LATE_ARE_MANY = 3
"""So many late ones are no accident."""

TODAY_ARE_MANY = 10
"""More to-dos in a day are more than fit between the conversations. Our own measure: leads see the counts beside it."""


class Pressure(StrEnum):
    DROWNING = "drowning"
    STRETCHED = "stretched"
    FINE = "fine"


def pressure(*, late: int, today: int) -> Pressure:
    """`today`: due until midnight, the late ones included."""
    if late >= LATE_ARE_MANY or today > 2 * TODAY_ARE_MANY:
        return Pressure.DROWNING
    return Pressure.STRETCHED if late or today > TODAY_ARE_MANY else Pressure.FINE
