"""The table as Parquet, read batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from huoqun.carriers.exports import errors
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry

from .table_row import COLUMNS, Row, check_columns

MAGIC = b"PAR1"
_BATCH = 4096
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL_EPOCH = _EPOCH.replace(tzinfo=None)
"""A time without a zone stays one, for whoever knows the zone."""


def is_parquet(entry: Entry) -> bool:
    return entry.head(4) == MAGIC


def parquet_rows(entry: Entry) -> Iterator[Row]:
    """Raises `errors.FileUnreadable` where the file is damaged: what is compressed together is lost together."""
    try:
        with entry.open() as stream, pq.ParquetFile(stream, buffer_size=1 << 20) as file:
            names = file.schema_arrow.names
            check_columns(names, str(entry.path))
            yield from _rows(file, [name for name in COLUMNS if name in names])
    except (pa.ArrowException, OSError, UnicodeDecodeError) as damage:
        raise errors.FileUnreadable(
            gettext_noop("{file} is not a complete Parquet file. Copy or write it again."), file=str(entry.path)
        ) from damage


def _rows(file: Any, names: list[str]) -> Iterator[Row]:
    before = 0
    for batch in file.iter_batches(batch_size=_BATCH, columns=names, use_threads=False):
        columns = {name: _values(batch.column(name), name) for name in names}
        absent = [None] * batch.num_rows
        numbers = range(before + 1, before + batch.num_rows + 1)
        for values in zip(*(columns.get(name, absent) for name in COLUMNS), numbers, strict=True):
            yield Row(*values)
        before += batch.num_rows


def _values(column: Any, name: str) -> list[Any]:
    if name == "sent_at":
        return _times(column)
    if name == "mentions" and pa.types.is_list(column.type):
        return [value or [] for value in column.to_pylist()]
    values: list[Any] = column.cast(pa.string()).to_pylist()
    return [value or "" for value in values] if name == "mentions" else values


def _times(column: Any) -> list[Any]:
    """Python's times made from whole numbers: Arrow's own way looks the zone up for every value."""
    if not pa.types.is_timestamp(column.type):
        values: list[Any] = column.cast(pa.string()).to_pylist()
        return values
    epoch = _EPOCH if column.type.tz else _LOCAL_EPOCH
    micros = column.cast(pa.timestamp("us", column.type.tz), safe=False).cast(pa.int64()).to_pylist()
    return [None if value is None else _time(epoch, value) for value in micros]


def _time(epoch: datetime, micros: int) -> datetime | None:
    try:
        return epoch + timedelta(microseconds=micros)
    except OverflowError:
        return None
