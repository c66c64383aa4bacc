"""A store in a folder of its own, and people who talk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from huoqun.history.store import Store
from huoqun.vocabulary.events import MessagePosted, Person
from huoqun.vocabulary.ids import Account

SPRING = Account(community="spring-reading", carrier="qq", name="import-1")
ELSEWHERE = Account(community="yu-books", carrier="qq", name="import-2")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

LIN, MO, TAO, REN = (
    Person(id="lin", name="林老板"),
    Person(id="mo", name="小莫"),
    Person(id="tao", name="阿涛"),
    Person(id="ren"),
)


def said(number: int, text: str = "早上好", *, by: Person = TAO, at: datetime | None = None, **more: Any) -> MessagePosted:
    """Message `number` of a group, one a minute unless a time is given."""
    told = {"account": SPRING, "group_id": "reading", "source_id": f"m{number}", "message_id": str(number)} | more
    return MessagePosted(author=by, text=text, at=at or NOON + timedelta(minutes=number), **told)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "history")


def rows_in(store: Store, community: str = "spring-reading", **asked: Any) -> list[dict[str, Any]]:
    """Everything the relation gives, as dictionaries, in order of time."""
    con = duckdb.connect()
    relation = store.relation(con, community=community, **asked).order("sent_at, group_key, source_id")
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def texts(rows: Sequence[dict[str, Any]]) -> list[str | None]:
    return [row["text"] for row in rows]


def bytes_on_disk(store: Store) -> bytes:
    """All columns of every Parquet file anywhere under the store, live or not, as one heap of bytes to search."""
    con = duckdb.connect()
    heap = []
    for file in store.path.rglob("*.parquet"):
        if "_delta_log" not in file.parts:
            found = con.sql(f"SELECT * FROM read_parquet('{file}', hive_partitioning=false)").fetchall()
            heap.append(repr(found).encode())
    logs = [file.read_bytes() for file in store.path.rglob("*.json")]
    return b"\n".join(heap + logs)
