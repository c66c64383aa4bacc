"""Data files: written aside first, moved into their place just before they are entered in the table's log."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .rules import FILE_ROWS, ROW_GROUP
from .schema import FILE_SCHEMA

REPEATING = ["carrier", "account", "group_key", "kind", "author_key", "topic", "reply_to_author", "other_key", "import_id"]
"""Columns worth a dictionary. Ids and texts hardly repeat."""
MEASURED = ("group_key", "sent_at", "import_id")
"""Columns whose smallest and largest value of each file stand in the log. Never one with words of people."""


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file that nobody sees yet."""

    staged: Path
    place: str
    rows: int
    size: int
    partition: tuple[str, str]
    stats: str


@dataclass
class _Measure:
    """Smallest and largest values of a file, gathered while it is written."""

    rows: int = 0
    nulls: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MEASURED, 0))
    least: dict[str, Any] = field(default_factory=dict)
    most: dict[str, Any] = field(default_factory=dict)

    def take(self, table: pa.Table) -> None:
        self.rows += table.num_rows
        for name in MEASURED:
            column = table[name]
            self.nulls[name] += column.null_count
            if column.null_count < len(column):
                ends = pc.min_max(column).as_py()
                self.least[name] = min(self.least.get(name, ends["min"]), ends["min"])
                self.most[name] = max(self.most.get(name, ends["max"]), ends["max"])

    def as_json(self) -> str:
        least = {name: _plain(value) for name, value in self.least.items()}
        most = {name: _plain(value) for name, value in self.most.items()}
        return json.dumps({"numRecords": self.rows, "minValues": least, "maxValues": most, "nullCount": self.nulls})


def _plain(value: int | datetime) -> int | str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    return value


class _Draft:
    """A file being written."""

    def __init__(self, folder: Path, partition: tuple[str, str]) -> None:
        self.partition = partition
        self.path = folder / f"{uuid.uuid4().hex}.parquet"
        self.measure = _Measure()
        self.writer = pq.ParquetWriter(
            self.path,
            FILE_SCHEMA,
            compression="zstd",
            use_dictionary=REPEATING,
            write_statistics=["group_key", "sent_at", "author_key", "import_id"],
            store_schema=False,
        )

    def add(self, table: pa.Table) -> None:
        self.measure.take(table)
        self.writer.write_table(table, row_group_size=ROW_GROUP)

    def finish(self) -> Written:
        self.writer.close()
        community, month = self.partition
        place = f"community={community}/month={month}/{self.path.name}"
        return Written(self.path, place, self.measure.rows, self.path.stat().st_size, self.partition, self.measure.as_json())


class Staging:
    """A folder of its own for one piece of work; whatever was not moved into place is gone when the work ends."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "_staging" / uuid.uuid4().hex

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, tables: Iterable[pa.Table], partition: tuple[str, str]) -> list[Written]:
        """Writes rows of one partition, already in order, into as many files as they need. Holds one table at a time."""
        written: list[Written] = []
        draft: _Draft | None = None
        for table in tables:
            if draft and draft.measure.rows + table.num_rows > FILE_ROWS:
                written.append(draft.finish())
                draft = None
            draft = draft or _Draft(self.folder, partition)
            draft.add(table)
        return [*written, draft.finish()] if draft else written

    def put(self, written: Iterable[Written]) -> None:
        """Moves the files to where the log will name them."""
        for each in written:
            target = self.root / each.place
            target.parent.mkdir(parents=True, exist_ok=True)
            # Vacuum spares young files it does not know; the clock of this one starts when it is put there.
            os.utime(each.staged)
            each.staged.rename(target)

    def fetch_back(self, written: Iterable[Written]) -> None:
        """Undoes `put`."""
        for each in written:
            (self.root / each.place).rename(each.staged)
