"""Who is and was in groups, hundreds of thousands of places at a time, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from huoqun.community.models import Identity, Membership


class Known(NamedTuple):
    """Columns of the same length."""

    group: Sequence[int]
    """Rows of the groups."""
    person: Sequence[int]
    """Keys of the identities."""
    member: Sequence[str]
    """The carrier's own ids."""
    joined_at: Sequence[datetime | str | None]
    """As the database holds times: on the embedded one texts in UTC."""
    left_at: Sequence[datetime | str | None]
    way: Sequence[str]
    source: Sequence[str]
    inviter: Sequence[int | None]
    """Their key."""


_PLACES, _PEOPLE = Membership._meta.db_table, Identity._meta.db_table

# A plus keeps SQLite's driver from making a time of a text, one by one and slowly; PostgreSQL has its times as they are.
_STATEMENT = """
SELECT place.group_id, who.key, who.native_id, {plus}place.joined_at, {plus}place.left_at, place.way, place.source, inviter.key
FROM {places} place
JOIN {people} who ON who.id = place.identity_id
LEFT JOIN {people} inviter ON inviter.id = place.inviter_id
WHERE place.group_id IN ({groups})
"""


def places_known(groups: Sequence[int]) -> Known:
    """Of these groups, given by their rows."""
    if not groups:
        return Known(*([] for _ in Known._fields))
    plus = "+" if connection.vendor == "sqlite" else ""
    asked = ", ".join(["%s"] * len(groups))
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(plus=plus, places=_PLACES, people=_PEOPLE, groups=asked), list(groups))
        rows = cursor.fetchall()
    return Known(*zip(*rows, strict=True)) if rows else Known(*([] for _ in Known._fields))
