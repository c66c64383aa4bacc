"""What people said in all their groups together, as the latest audit counts it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from huoqun.community.models import Community, Person


class Said(NamedTuple):
    messages: int
    groups: int
    last_at: datetime | None


NOTHING = Said(0, 0, None)


@transaction.atomic
def keep(community: Community, said: Mapping[int, Said]) -> int:
    """Afterwards everybody in `said` (by person) has these sums and everybody else of the community none.

    Only rows that change are written, which on most days are few; returns how many.
    """
    rows = Person.objects.filter(community=community, messages__gt=0)
    sums = rows.values_list("id", "messages", "groups_spoken", "last_spoke_at")
    stored = {person: Said(messages, groups, last) for person, messages, groups, last in sums}
    changed = [
        (person, now)
        for person in said.keys() | stored.keys()
        if (now := said.get(person, NOTHING)) != stored.get(person, NOTHING)
    ]
    _write(changed)
    return len(changed)


def _write(changed: list[tuple[int, Said]]) -> None:
    """Statement by statement: the ORM's bulk_update takes minutes for the hundred thousands of a first audit."""
    table = connection.ops.quote_name(Person._meta.db_table)
    words = f"UPDATE {table} SET messages = %s, groups_spoken = %s, last_spoke_at = %s WHERE id = %s"  # noqa: S608 -- our table
    values = [
        (now.messages, now.groups, connection.ops.adapt_datetimefield_value(now.last_at), person) for person, now in changed
    ]
    with connection.cursor() as cursor:
        if values:
            cursor.executemany(words, values)
