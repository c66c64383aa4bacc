"""Rows by the hundred in plain SQL. The ORM makes expressions of every value, which was most of the time of planning."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import msgspec
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Field,
    ForeignKey,
    JSONField,
    Model,
    PositiveIntegerField,
    TextField,
)

OnDisk = Callable[[datetime | None], str | None]
Prepare = Callable[[Any], Any]
Row = Sequence[Any]

AS_THEY_ARE = {CharField, TextField, BigIntegerField, PositiveIntegerField, BooleanField, ForeignKey}

ONE_STATEMENT = 1_000
"""PostgreSQL holds the text of a statement in memory."""


def on_disk() -> OnDisk:
    """A function for one batch: most rows of a batch have the same few moments."""
    adapt, known = connection.ops.adapt_datetimefield_value, dict[datetime | None, str | None]({None: None})

    def written(moment: datetime | None) -> str | None:
        if moment not in known:
            known[moment] = adapt(moment)
        return known[moment]

    return written


def add_new(table: str, columns: Sequence[str], rows: Sequence[Row], *, unique: Sequence[str]) -> int:
    """Rows whose unique key is there already leave that one as it is. Returns how many were new."""
    names, rest = ", ".join(_quoted(columns)), f"ON CONFLICT ({', '.join(unique)}) DO NOTHING"
    if connection.vendor == "postgresql":
        return _each_part(rows, columns, f"INSERT INTO {table} ({names}) SELECT {names} FROM {_given(table)} {rest}")  # noqa: S608
    places = ", ".join(["%s"] * len(columns))
    return _many(f"INSERT INTO {table} ({names}) VALUES ({places}) {rest}", rows)  # noqa: S608


def change(table: str, columns: Sequence[str], rows: Sequence[Row]) -> int:
    """Sets these columns of the rows whose ids stand last in each. Returns how many there were."""
    if connection.vendor == "postgresql":
        what = ", ".join(f"{name} = given.{name}" for name in _quoted(columns))
        statement = f"UPDATE {table} SET {what} FROM {_given(table)} AS given WHERE {table}.id = given.id"  # noqa: S608
        return _each_part(rows, (*columns, "id"), statement)
    return _many(f"UPDATE {table} SET {', '.join(f'{name} = %s' for name in _quoted(columns))} WHERE id = %s", rows)  # noqa: S608


def add_new_models(rows: Sequence[Model], *, unique: Sequence[str]) -> int:
    """The same for what is not saved yet; they are not told their ids."""
    if not rows:
        return 0
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    columns = [str(field.column) for field in fields]
    values, written = attrgetter(*(field.attname for field in fields)), on_disk()
    how = [(place, prepare) for place, field in enumerate(fields) if (prepare := _prepare(field, written)) is not None]
    made = [_prepared(list(values(row)), how) for row in rows]
    return add_new(rows[0]._meta.db_table, columns, made, unique=unique)


def _prepared(values: list[Any], how: Iterable[tuple[int, Prepare]]) -> list[Any]:
    for place, prepare in how:
        values[place] = prepare(values[place])
    return values


def _prepare(field: Field[Any, Any], written: OnDisk) -> Prepare | None:
    """None: it is written as it is."""
    match field:
        case DateTimeField():
            return written
        case DateField():
            return _day
        case JSONField():
            # PostgreSQL is given the whole row as JSON, SQLite a text.
            return None if connection.vendor == "postgresql" else _text
    return None if type(field) in AS_THEY_ARE else field.get_prep_value


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _text(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def _quoted(names: Iterable[str]) -> list[str]:
    return [connection.ops.quote_name(name) for name in names]


def _many(statement: str, rows: Sequence[Row]) -> int:
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
        return int(cursor.rowcount)


def _given(table: str) -> str:
    # One parameter: psycopg takes longer to find ten thousand places in a statement than PostgreSQL to write the rows.
    return f"json_populate_recordset(NULL::{table}, %s::json)"


def _each_part(rows: Sequence[Row], names: Sequence[str], statement: str) -> int:
    done = 0
    with connection.cursor() as cursor:
        for part in _parts(rows):
            cursor.execute(statement, [msgspec.json.encode([dict(zip(names, row, strict=True)) for row in part]).decode()])
            done += cursor.rowcount
    return done


def _parts(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    return (rows[start : start + ONE_STATEMENT] for start in range(0, len(rows), ONE_STATEMENT))
