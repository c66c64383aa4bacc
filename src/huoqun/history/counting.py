"""How many, without reading what was said: for decisions about a few hundred groups or people at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

import duckdb

from .reading import among, working_connection
from .schema import ORDER, TALK_KINDS
from .store import Store
from .sweeping import spill_folder

MEMORY = "256MB"
EVER = datetime(1970, 1, 1, tzinfo=UTC)


def speakers_in(
    store: Store, community: str, groups: Collection[int], *, start: datetime | None, without: Collection[int]
) -> dict[int, int]:
    """By group: how many different people said something since then; those of `without` (the house) are nobody."""
    talk = ", ".join(repr(kind) for kind in sorted(TALK_KINDS))
    said = f"kind IN ({talk}) AND author_key IS NOT NULL"
    asked = f"{said} AND NOT {among('author_key', without)}" if without else said
    return _counted(store, community, groups, asked, "group_key", "count(DISTINCT author_key)", start)


def orders_in(store: Store, community: str, groups: Collection[int], *, start: datetime | None) -> dict[int, int]:
    """By group: paid since then; None: ever."""
    return _counted(store, community, groups, f"kind = '{ORDER}'", "group_key", "count(*)", start)


def orders_of(store: Store, community: str, people: Collection[int], *, start: datetime | None) -> dict[int, int]:
    """By the keys of people's identities: paid since then, in any group; None: ever."""
    if not people:
        return {}
    asked = f"kind = '{ORDER}' AND {among('author_key', people)}"
    return _counted(store, community, None, asked, "author_key", "count(*)", start)


def _counted(
    store: Store,
    community: str,
    groups: Collection[int] | None,
    asked: str,
    by: str,
    what: str,
    start: datetime | None,
) -> dict[int, int]:
    if groups is not None and not groups:
        return {}
    with working_connection(spill_folder(store.path), MEMORY) as con:
        rows: duckdb.DuckDBPyRelation = store.relation(con, community=community, groups=groups, start=start or EVER)
        return dict(rows.filter(asked).aggregate(f"{by}, {what}", by).fetchall())
