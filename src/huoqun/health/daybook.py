# ruff: noqa: S608 -- names of our own tables and whole numbers only; nothing from outside becomes SQL
"""The day-book on disk: what the daily audit reads instead of history.

A folder a community, in it a folder a month, in it a few Parquet files a table, and `book.json`, which says what they hold. A
month is looked at again when its files in history have changed; in it, only days whose rows have changed are made anew: a new
day is added as a part of its own, a changed old day has its month made anew. Losing the folder costs time, never a figure.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import duckdb

from . import book, engine
from .registry import registry
from .rules import LIMITS, PATTERNS, Limits, day_number, day_of, local_day, local_day_sql, starts_at

Report = Callable[[int, int], None]
Print = tuple[int, int, int]
"""How many rows a day has, and two sums over them: different rows have, for all practical purposes, different sums."""


class Source(Protocol):
    """History of one community."""

    def extent(self) -> tuple[datetime, datetime] | None:
        """Times of the first and the last row; None where there is none."""
        ...

    def mark(self, start: datetime, end: datetime) -> str:
        """A text that is another one whenever rows between the two times may be others."""
        ...

    def open(self, con: duckdb.DuckDBPyConnection, start: datetime, end: datetime) -> None:
        """Makes the view `history`: the rows from `start` to before `end`."""
        ...


@dataclass(slots=True)
class Month:
    """What the book holds of one month."""

    mark: str
    service: bool
    days: dict[int, Print] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)


class DayBook:
    def __init__(self, folder: Path, source: Source, zone: ZoneInfo, limits: Limits = LIMITS) -> None:
        self.folder = folder
        self.source = source
        self.zone = zone
        self.limits = limits
        self.months = self._read()

    def bring_up_to(
        self, con: duckdb.DuckDBPyConnection, day: date, *, service_from: date, report: Report = lambda done, total: None
    ) -> set[date]:
        """Makes the book agree with history up to and including `day`; returns the days that were made.

        Message by message from `service_from` on. Stopped half-way, it goes on where it was:
        a month is entered when it is whole.
        """
        extent = self.source.extent()
        starts = list(_months(local_day(extent[0], self.zone), day)) if extent else []
        self._drop_months_outside({f"{start:%Y-%m}" for start in starts})
        made: set[int] = set()
        for place, start in enumerate(starts):
            report(place, len(starts))
            self._renew(con, start, min(book.month_end(start), day), service_from, made)
        report(len(starts), len(starts))
        return {day_of(number) for number in made}

    def open(self, con: duckdb.DuckDBPyConnection, *, service_from: date) -> None:
        """Makes the book's tables readable as views on `con`; of the tables of messages, the months from `service_from` on."""
        for name, columns in book.COLUMNS.items():
            first = f"{service_from:%Y-%m}" if name in book.SERVICE else ""
            files = [path for key in sorted(self.months) if key >= first for path in self._files(key, name)]
            engine.clear(con, name)
            if files:
                con.execute(f"CREATE VIEW {name} AS SELECT * FROM {_parquet(files)}")
            else:
                con.execute(f"CREATE TABLE {name} ({columns})")

    def forget(self) -> None:
        """Throws the book away: what it held of people who were erased is gone with it, the rest is made again when needed."""
        for path in self.folder.glob("*/"):
            shutil.rmtree(path, ignore_errors=True)
        for path in self.folder.glob("book*.json"):
            path.unlink(missing_ok=True)
        self.months = {}

    # Making

    def _renew(self, con: duckdb.DuckDBPyConnection, start: date, end: date, service_from: date, made: set[int]) -> None:
        key = f"{start:%Y-%m}"
        service = end >= service_from
        mark = f"{end} {self.source.mark(starts_at(start, self.zone), starts_at(end + timedelta(days=1), self.zone))}"
        known = self.months.get(key)
        if known and known.mark == mark and (known.service or not service) and not _reached(made, known.days):
            return
        prints = self._prints(con, start, end)
        if known is None or (service and not known.service):
            known = Month(mark, service)
        changed = {day for day in prints.keys() | known.days.keys() if prints.get(day) != known.days.get(day)}
        changed |= _reached(made | changed, known.days)
        if changed:
            parts = self._make(con, key, known, changed, prints)
            made |= changed
        else:
            parts = known.parts
        self.months[key] = Month(mark, known.service or service, prints, parts)
        self._write()
        self._sweep(key)

    def _make(
        self, con: duckdb.DuckDBPyConnection, key: str, known: Month, changed: set[int], prints: dict[int, Print]
    ) -> list[str]:
        """The month's parts after the changed days are made: one more part where all are new, else one part for all."""
        added = not changed & known.days.keys()
        days = changed if added else set(prints)
        if not days:
            return []
        first, last = day_of(min(days)), day_of(max(days))
        span = book.Span(first, last, first if known.service else None)
        book.create(con)
        self._load_moves_before(con, first, own=key if added else None)
        self.source.open(con, book.heard_from(span, self.zone, self.limits), starts_at(last + timedelta(days=1), self.zone))
        book.write(con, span, self.zone, self.limits)
        part = self._save(con, key, days)
        return [*known.parts, part] if added else [part]

    def _load_moves_before(self, con: duckdb.DuckDBPyConnection, first: date, *, own: str | None) -> None:
        """Joins of the days before `first`: of the month before, and of the month itself where days are only added to it."""
        since = first - timedelta(days=book.REACH_DAYS + 1)
        keys = {f"{since:%Y-%m}"} - {f"{first:%Y-%m}"} | ({own} if own else set())
        files = [path for key in sorted(keys) if key in self.months for path in self._files(key, "moves")]
        if files:
            con.execute(
                f"INSERT INTO moves_before BY NAME SELECT * FROM {_parquet(files)} "
                f"WHERE day >= {day_number(since)} AND day < {day_number(first)}"
            )

    def _save(self, con: duckdb.DuckDBPyConnection, key: str, days: set[int]) -> str:
        part = uuid.uuid4().hex
        (self.folder / key).mkdir(parents=True, exist_ok=True)
        chosen = ", ".join(map(str, sorted(days)))
        for name in book.COLUMNS:
            path = self._path(key, part, name)
            con.execute(
                f"COPY (SELECT * FROM {name} WHERE day IN ({chosen}) ORDER BY group_key, day) "
                f"TO '{_quoted(path)}' (FORMAT parquet, COMPRESSION zstd)"
            )
        engine.drop(con, [*book.COLUMNS, "moves_before"])
        return part

    def _prints(self, con: duckdb.DuckDBPyConnection, start: date, end: date) -> dict[int, Print]:
        self.source.open(con, starts_at(start, self.zone), starts_at(end + timedelta(days=1), self.zone))
        rows = con.execute(
            f"SELECT {local_day_sql(self.zone, start, end)}, COUNT(*), "
            "CAST(SUM(EPOCH_US(sent_at) % 1000000007) AS BIGINT), "
            "CAST(SUM(COALESCE(author_key, 1) % 998244353 * (1 + EPOCH_US(sent_at) // 1000000 % 1009)) AS BIGINT) "
            "FROM history GROUP BY ALL"
        ).fetchall()
        return {day: (count, times, people) for day, count, times, people in rows}

    # Files

    def _read(self) -> dict[str, Month]:
        path = self.folder / "book.json"
        if not path.exists():
            return {}
        written = json.loads(path.read_text(encoding="utf-8"))
        if written["edition"] != self._edition():
            return {}
        return {key: _month(value) for key, value in written["months"].items()}

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"book-{uuid.uuid4().hex}.json"
        months = {key: asdict(month) for key, month in sorted(self.months.items())}
        draft.write_text(json.dumps({"edition": self._edition(), "months": months}), encoding="utf-8")
        os.replace(draft, self.folder / "book.json")

    def _edition(self) -> str:
        """Another one whenever the same history would make another book: other SQL, other limits, another zone."""
        sql = "".join(step.sql for step in registry().book_steps())
        return _digest(f"{sql}{self.limits}{PATTERNS}{self.zone.key}{book.COLUMNS}")

    def _drop_months_outside(self, keys: set[str]) -> None:
        """Months in which history has nothing any more."""
        latest = max(keys, default="")
        for key in [key for key in self.months if key not in keys and (key < latest or not keys)]:
            del self.months[key]
            self._write()
            self._sweep(key)

    def _sweep(self, key: str) -> None:
        """Deletes files of the month that the book does not name."""
        folder = self.folder / key
        named = set(self.months[key].parts) if key in self.months else set()
        for path in folder.glob("*.parquet"):
            if path.name.split(".")[0] not in named:
                path.unlink()

    def _files(self, key: str, name: str) -> list[Path]:
        return [self._path(key, part, name) for part in self.months[key].parts]

    def _path(self, key: str, part: str, name: str) -> Path:
        return self.folder / key / f"{part}.{name}.parquet"


def _months(first: date, last: date) -> Iterator[date]:
    start = first.replace(day=1)
    while start <= last:
        yield start
        start = book.month_end(start) + timedelta(days=1)


def _reached(changed: set[int], booked: dict[int, Print]) -> set[int]:
    """Booked days whose rows may depend on a changed day before them."""
    return {day for day in booked if any(day - back in changed for back in range(1, book.REACH_DAYS + 1))}


def _month(written: dict[str, Any]) -> Month:
    days = {int(day): (value[0], value[1], value[2]) for day, value in written["days"].items()}
    return Month(written["mark"], written["service"], days, written["parts"])


def _parquet(files: list[Path]) -> str:
    listed = ", ".join(f"'{_quoted(path)}'" for path in files)
    return f"read_parquet([{listed}])"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
