"""The counts of paces and caps, on disk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection

from huoqun.outbox.models import OrganisationCap, Spent
from huoqun.outbox.operations.disk import on_disk
from huoqun.outbox.rules.paces import Caps, Limit


def spent_before(scopes: Collection[str], *, now: datetime) -> dict[str, dict[int, int]]:
    """What still counts, by scope and step."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    if scopes:
        rows = Spent.objects.filter(scope__in=scopes, ends_at__gt=now)
        for scope, step, used in rows.values_list("scope", "step", "used"):
            found[scope][step] = used
    return found


def write_down(fresh: Counter[tuple[Limit, int]]) -> None:
    written = on_disk()
    rows = [(limit.scope, step, used, written(limit.forgotten_at(step))) for (limit, step), used in sorted_by_scope(fresh)]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO outbox_spent (scope, step, used, ends_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (scope, step) DO UPDATE SET used = outbox_spent.used + excluded.used",
            rows,
        )


def give_back(places: Iterable[tuple[Limit, int]]) -> None:
    """What was taken and surely not used."""
    write_down(Counter({place: -used for place, used in Counter(places).items()}))


def sorted_by_scope(fresh: Counter[tuple[Limit, int]]) -> list[tuple[tuple[Limit, int], int]]:
    """Always in the same order: two workers that wrote the same rows in different orders would wait for each other."""
    return sorted(fresh.items(), key=lambda each: (each[0][0].scope, each[0][1]))


def caps_of(communities: Collection[str]) -> dict[str, Caps]:
    """Of each community: its own, or else the organisation's."""
    rows = {row.community: row for row in OrganisationCap.objects.filter(community__in=[*communities, ""])}
    return {community: _caps(rows.get(community) or rows.get("")) for community in communities}


def _caps(row: OrganisationCap | None) -> Caps:
    return Caps(row.member_day, row.member_week, row.group_day) if row else Caps()
