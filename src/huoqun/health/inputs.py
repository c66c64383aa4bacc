# ruff: noqa: S608 -- names of our own tables and whole numbers only; nothing from outside becomes SQL
"""What an audit reads from elsewhere: history, and what `community` knows of house, plans and merged people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from huoqun.community import queries
from huoqun.community.models import Community
from huoqun.history.store import Store

from .rules import day_number, local_day

_PLANS = pa.schema(
    [
        ("group_key", pa.int64()),
        ("lifecycle", pa.string()),
        ("planned_end", pa.date32()),
        ("born", pa.date32()),
        ("purpose", pa.string()),
        ("connects", pa.string()),
        ("capacity", pa.int32()),
        ("operator", pa.string()),
        ("carrier", pa.string()),
    ]
)
_HOUSE = pa.schema([("author_key", pa.int64()), ("house", pa.string())])
_SAME_PERSON = pa.schema([("author_key", pa.int64()), ("person_key", pa.int64())])
_UNHEARD = pa.schema([("group_key", pa.int64()), ("first_day", pa.int32()), ("last_day", pa.int32())])


@dataclass(frozen=True, slots=True)
class StoredHistory:
    """The history of one community in the installation's store (a `daybook.Source`)."""

    store: Store
    community: str

    def extent(self) -> tuple[datetime, datetime] | None:
        _, first, last = self.store.extent(self.community)
        return (first, last) if first and last else None

    def mark(self, start: datetime, end: datetime) -> str:
        """The live files that may hold rows of the time: appending, erasing, undoing and compacting all change them."""
        files = self.store.ledger.now().files([self.community], first=start, last=end)
        return blake2b("\n".join(sorted(file.path for file in files)).encode(), digest_size=12).hexdigest()

    def open(self, con: duckdb.DuckDBPyConnection, start: datetime, end: datetime) -> None:
        self.store.relation(con, community=self.community, start=start, end=end).create_view("history", replace=True)


def load_community(con: duckdb.DuckDBPyConnection, community: Community) -> None:
    """Makes the tables `house`, `plans`, `same_person` and `unheard` from what the community says today."""
    house = queries.house_accounts(community)
    hand_in(con, "house", _HOUSE, [tuple(row) for row in house])
    hand_in(con, "plans", _PLANS, [_plan(plan) for plan in queries.plans(community)])
    hand_in(con, "same_person", _SAME_PERSON, list(queries.merged_identities(community)))
    zone = ZoneInfo(community.zone)
    hand_in(con, "unheard", _UNHEARD, [_stretch(each, zone) for each in queries.unheard(community)])


def _stretch(told: queries.Unheard, zone: ZoneInfo) -> tuple[object, ...]:
    first = day_number(local_day(told.since, zone)) if told.since else None
    last = day_number(local_day(told.until, zone)) - 1 if told.until else None
    return told.group_key, first, last


def _plan(plan: queries.Plan) -> tuple[object, ...]:
    born = plan.born_at.date() if plan.born_at else None
    said = (plan.purpose, plan.connects, plan.capacity, plan.operator or None, plan.carrier)
    return (plan.group_key, plan.lifecycle, plan.planned_end, born, *said)


def labels_mark(con: duckdb.DuckDBPyConnection) -> str:
    """A text that is another one whenever other accounts are house or merged: all days then count anew."""
    rows = [con.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in ("house", "same_person")]
    return blake2b(repr(rows).encode(), digest_size=12).hexdigest()


def hand_in(con: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema, rows: Sequence[tuple[object, ...]]) -> None:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    table = pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema)
    con.register("handed_in", table)
    con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM handed_in")
    con.unregister("handed_in")
