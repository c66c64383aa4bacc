"""Which tables statements read and write, and all of them emptied."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import AutoField

from huoqun.sop import models

EMPTIED = ("community", "inbox", "outbox", "ownership", "content", "sop")

OFF_AND_ON = {
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
    "postgresql": ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT"),
}
"""Whose row refers to whose does not matter when all go."""


@dataclass(frozen=True, slots=True)
class Idle:
    """A round in which nothing was to be done: when, before which statement, and which tables it looked at."""

    moment: tuple[datetime, float]
    number: int
    read: frozenset[str]


class Tables:
    """Which tables are read and written, from the statements themselves."""

    def __init__(self) -> None:
        self.read = set[str]()
        self._number = 0
        self._written: dict[str, int] = {}

    def look(self) -> int:
        self.read = set()
        return self._number

    def written_since(self, number: int, tables: Collection[str]) -> bool:
        return any(self._written.get(table, 0) > number for table in tables)

    @contextmanager
    def seen(self) -> Iterator[None]:
        with connection.execute_wrapper(self._see):
            yield

    def _see(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        self._number += 1
        writes, named = _named(sql)
        self.read.update(named)
        if writes:
            self._written.update(dict.fromkeys(named, self._number))
        return execute(sql, *more)


@lru_cache(20_000)
def _named(sql: str) -> tuple[bool, tuple[str, ...]]:
    """Whether it writes, or may, and its tables."""
    writes = sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "WITH"))
    return writes, tuple(set(TABLE.findall(sql)))


TABLE = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(\w+)"?', re.IGNORECASE)


def empty() -> None:
    """Nothing of an earlier life is left, and rows are numbered from 1 again: minutes are spread by these numbers."""
    found = [model for name in EMPTIED for model in apps.get_app_config(name).get_models(include_auto_created=True)]
    tables = [model._meta.db_table for model in found]
    numbered = [
        (model._meta.db_table, key.column) for model in found if isinstance(key := model._meta.pk, AutoField) and key.column
    ]
    off, on = OFF_AND_ON[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(off)
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute(on)
        cursor.execute(FROM_ONE[connection.vendor](numbered))
    forget()


def forget() -> None:
    """What a process remembers of rows goes with it."""
    models._book.cache_clear()


def _from_one(numbered: Collection[tuple[str, str]]) -> str:
    each = (f"setval(pg_get_serial_sequence('{table}', '{column}'), 1, false)" for table, column in numbered)
    return f"SELECT {', '.join(each)}"


FROM_ONE: dict[str, Callable[[Collection[tuple[str, str]]], str]] = {
    "sqlite": lambda numbered: "DELETE FROM sqlite_sequence",
    "postgresql": _from_one,
}
