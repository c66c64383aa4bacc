"""Many plain rows at once, for the hundred thousands of a first sync: several times the speed of `bulk_create`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from huoqun.community.parts import parts

_AT_ONCE = 20_000
_IN_ONE_STATEMENT = 500
"""Rows. SQLite takes 32,766 parameters. A statement for each row would have the interpreter's other threads, which fetch what
comes next, take turns with it at every row.
"""
_WIDE_CACHE, _LATE_CHECKPOINT = -262_144, 32_000
"""KiB and pages."""

Row = Sequence[object]


def fill(model: type[Model], columns: Sequence[str], rows: Iterable[Row], **same: object) -> Sequence[int]:
    """Insert rows given as values of these columns, the same in all of them under `same`, and elsewhere what the model says
    they are by default. Returns their ids in the order of the rows. Only within a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("rows are numbered here, which needs a transaction")
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    rest = [field for name, field in fields.items() if name not in columns]
    tail = tuple(_stored(field, same.get(field.attname, field.get_default())) for field in rest)
    given = [fields[name] for name in columns]
    names = [_column(field) for field in (*given, *rest)]
    insert = _copied if connection.vendor == "postgresql" else _inserted
    ids: list[int] = []
    for part in parts(_on_disk(given, rows), _AT_ONCE):
        ids += insert(model, names, part, tail)
    return ids


def amend(model: type[Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write these columns of rows that exist, each row given as (id, values in the order of the columns). Returns how many."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    sets = ", ".join(f"{_column(fields[name])} = %s" for name in columns)
    key = model._meta.pk
    statement = f"UPDATE {_table(model)} SET {sets} WHERE {_column(key)} = %s"  # noqa: S608 -- our own names
    values: list[tuple[Any, ...]] = [(*row[1:], row[0]) for row in _on_disk([key, *(fields[name] for name in columns)], rows)]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)
    return len(values)


def rows_of(model: type[Model], by: str, wanted: Collection[int], *columns: str) -> Iterator[tuple[Any, ...]]:
    """`values_list` of the rows whose `by` is among these numbers, times as the database holds them (`stored`, `moment`)."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = ", ".join(_as_held(fields[name]) for name in columns)
    key = f"it.{_column(fields[by])}"
    if connection.vendor == "postgresql":
        statement = f"SELECT {names} FROM {_table(model)} it WHERE {key} = ANY(%s)"  # noqa: S608 -- our own names
        asked: list[int] | str = list(wanted)
    else:
        # One parameter however many, and a statement the database has seen before; the numbers come first, each looked up.
        statement = f"SELECT {names} FROM json_each(%s) one CROSS JOIN {_table(model)} it ON {key} = one.value"  # noqa: S608
        asked = json.dumps(list(wanted))
    with connection.cursor() as cursor:
        cursor.execute(statement, [asked])
        while part := cursor.fetchmany(10_000):
            yield from part


def stored(moment: datetime | None) -> Any:
    """As a row has it in `rows_of`: on the embedded database a text, cheap to make and to compare."""
    return moment if moment is None or connection.vendor == "postgresql" else _text(moment)


def moment(value: Any) -> datetime | None:
    """What `rows_of` gives for a time, as a time."""
    return value if value is None or isinstance(value, datetime) else _read(value)


def _inserted(model: type[Model], names: list[str], rows: list[Row], tail: Row) -> Iterable[int]:
    """The embedded database numbers rows one after the other, and nobody else writes during our transaction."""
    ends = [_literal(value) for value in tail]
    one = f"({', '.join(['?'] * (len(names) - len(tail)) + ends)})"
    into = f"INSERT INTO {_table(model)} ({', '.join(names)}) VALUES "  # noqa: S608 -- our own names
    database: sqlite3.Connection = connection.connection
    with connection.wrap_database_errors:
        for part in parts(rows, _IN_ONE_STATEMENT):
            database.execute(into + ", ".join([one] * len(part)), list(chain.from_iterable(part)))
        last = int(database.execute("SELECT last_insert_rowid()").fetchone()[0])
    return range(last - len(rows) + 1, last + 1)


def _literal(value: object) -> str:
    """What is the same in all rows stands in the statement: binding it again and again would cost more than writing it."""
    match value:
        case None:
            return "NULL"
        case bool() | int():
            return str(int(value))
        case str():
            return "'" + value.replace("'", "''") + "'"
    raise TypeError(f"{value!r} cannot stand in a statement")


def _copied(model: type[Model], names: list[str], rows: list[Row], tail: Row) -> Iterable[int]:
    key = str(model._meta.pk.column)
    into = f"COPY {_table(model)} ({connection.ops.quote_name(key)}, {', '.join(names)}) FROM STDIN"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [_table(model), key, len(rows)]
        )
        ids = [int(number) for (number,) in cursor.fetchall()]
        with connection.wrap_database_errors, cursor.cursor.copy(into) as copy:
            for number, row in zip(ids, rows, strict=True):
                copy.write_row((number, *row, *tail))
    return ids


@contextmanager
def many_to_come() -> Iterator[None]:
    """Within, the embedded database keeps more pages at hand, and writes those that change again and again to their place
    less often: at the first sync of a large company that is most of its work. Not to be called inside a transaction.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = [int(cursor.execute(f"PRAGMA {name}").fetchone()[0]) for name in _BULK]
        for name, value in _BULK.items():
            cursor.execute(f"PRAGMA {name} = {value}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name, value in zip(_BULK, before, strict=True):
                cursor.execute(f"PRAGMA {name} = {value}")


_BULK = {"cache_size": _WIDE_CACHE, "wal_autocheckpoint": _LATE_CHECKPOINT}


def _on_disk(fields: Sequence[Field[Any, Any]], rows: Iterable[Row]) -> Iterator[Row]:
    """Rows as the database takes them: only its times differ from ours, and on PostgreSQL not even they."""
    times = [place for place, field in enumerate(fields) if field.get_internal_type() == "DateTimeField"]
    if not times or connection.vendor == "postgresql":
        return iter(rows)
    return _texts(rows, times)


def _texts(rows: Iterable[Row], times: Sequence[int]) -> Iterator[Row]:
    last: object = None
    text = ""
    for row in rows:
        values = list(row)
        for place in times:
            value = values[place]
            if isinstance(value, datetime):
                if value is not last:  # mostly the time of the page, over and over, or the same in two columns
                    last, text = value, _text(value)
                values[place] = text
        yield values


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _column(field: Field[Any, Any]) -> str:
    return connection.ops.quote_name(str(field.column))


def _as_held(field: Field[Any, Any]) -> str:
    """A plus keeps SQLite's driver from making a time of a text, one by one and slowly."""
    return f"{'+' if field.get_internal_type() == 'DateTimeField' and connection.vendor == 'sqlite' else ''}it.{_column(field)}"


def _stored(field: Field[Any, Any], value: object) -> object:
    return field.get_db_prep_save(value, connection)


def _text(value: datetime) -> str:
    """What Django's adapter gives, in a quarter of its time."""
    return str(value)[: -len("+00:00")] if value.tzinfo is UTC else str(connection.ops.adapt_datetimefield_value(value))


def _read(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)
