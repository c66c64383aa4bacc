"""What somebody said last, and bought: a few rows of a few groups, for whoever is about to talk with them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb

from .reading import among, working_connection
from .schema import ORDER, TALK_KINDS
from .store import Store
from .sweeping import spill_folder

MEMORY = "256MB"
LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Said:
    group_key: int
    at: datetime
    kind: str
    text: str
    """Cut off after 300 characters."""


@dataclass(frozen=True, slots=True)
class Bought:
    group_key: int
    at: datetime
    amount: int
    """In the smallest unit of the currency."""
    currency: str
    items: list[str]


@dataclass(frozen=True, slots=True)
class Past:
    """The latest first."""

    said: list[Said] = field(default_factory=list)
    bought: list[Bought] = field(default_factory=list)


def past_of(
    store: Store, community: str, people: Collection[int], *, groups: Collection[int], start: datetime, most: int
) -> Past:
    """Of these people (keys of identities) in these groups since `start`: at most `most` messages, and as many orders."""
    if not people or not groups:
        return Past()
    with working_connection(spill_folder(store.path), MEMORY) as con:
        rows = store.relation(con, community=community, groups=groups, start=start).filter(among("author_key", people))
        said = _latest(rows.filter(_kinds(TALK_KINDS)), most)
        bought = _latest(rows.filter(_kinds({ORDER})), most)
    return Past([_said(row) for row in said], [_bought(row) for row in bought])


Row = tuple[int, datetime, str, str | None, str | None]


def _latest(rows: duckdb.DuckDBPyRelation, most: int) -> list[Row]:
    wanted = f"group_key, sent_at, kind, left(text, {LONGEST_TEXT}), detail"
    found: list[Row] = rows.order("sent_at DESC, source_id").limit(most).project(wanted).fetchall()
    return found


def _kinds(kinds: Collection[str]) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in sorted(kinds))})"


def _said(row: Row) -> Said:
    group, at, kind, text, _detail = row
    return Said(group, at.replace(tzinfo=UTC), kind, text or "")


def _bought(row: Row) -> Bought:
    group, at, _kind, _text, detail = row
    order = json.loads(detail or "{}")
    return Bought(group, at.replace(tzinfo=UTC), int(order.get("amount", 0)), order.get("currency", ""), order.get("items", []))
