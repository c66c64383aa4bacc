"""Writes a history of any size: one Parquet file a month, one chunk a day."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from . import courses, days
from .courses import STATES, Courses
from .population import Population, populate

Ints = NDArray[np.int64]
ROW_GROUP = 1 << 20
IN_STEPS = {"sent_at": "DELTA_BINARY_PACKED", "message_id": "DELTA_BYTE_ARRAY", "source_id": "DELTA_BYTE_ARRAY"}
"""Columns that only ever go up: stored as differences."""


@dataclass(frozen=True, slots=True)
class Scaled:
    folder: Path
    messages: int
    rows: int
    groups: int
    people: int


def generate(
    folder: Path,
    *,
    groups: int,
    people: int,
    messages: int,
    days: int,
    seed: int,
    until: date,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Scaled:
    """Write exactly `messages` messages over the `days` days before `until`, with joins and leaves beside them.

    `folder/history/2026-03.parquet` ... in the order of time; `groups.parquet` (group_key, name, members, born, state);
    `house.csv` (author_key, kind). Memory depends on one day and on the number of people, not on the number of messages.
    """
    _check(groups, people, messages, days)
    rng = np.random.default_rng([seed, groups, people])
    drawn = courses.draw(groups, days, rng)
    population = populate(groups, people, days, drawn.born, rng)
    first_day = until - timedelta(days=days)
    (folder / "history").mkdir(parents=True, exist_ok=True)
    rows = _write_history(folder / "history", _tables(population, drawn, messages, first_day, rng, report))
    _write_groups(folder / "groups.parquet", population, drawn, first_day)
    _write_house(folder / "house.csv", population)
    return Scaled(folder, messages, rows, groups, people)


def _check(groups: int, people: int, messages: int, days: int) -> None:
    if groups < 1 or messages < 1:
        raise ValueError(f"groups={groups}, messages={messages}: both must be at least 1")
    if people < 4 * groups:
        raise ValueError(f"people={people}: a group has at least four members, give at least {4 * groups} for {groups} groups")
    if days < 60:
        raise ValueError(f"days={days}: give at least 60, or no group has the time to die")


def _tables(
    population: Population,
    drawn: Courses,
    messages: int,
    first_day: date,
    rng: np.random.Generator,
    report: Callable[[int, int], None],
) -> Iterator[tuple[date, pa.Table]]:
    """One table a day, numbered on."""
    total = drawn.level.shape[1]
    weight = drawn.level.sum(axis=0)
    shares = rng.multinomial(messages, weight / weight.sum())
    joining, leaving = _calendar(population.joined, total), _calendar(population.left, total)
    here = np.bincount(population.group[population.joined < 0], minlength=population.size.size)
    number = 1
    for day in range(total):
        # Newcomers speak from the next day on, so that nobody speaks before joining.
        level = np.where(here > 0, drawn.level[:, day], 0.0) + 1e-12 * (here > 0)
        counts = rng.multinomial(shares[day], level / level.sum()) if level.sum() > 0 else np.zeros_like(here)
        rows = days.together(
            [
                days.talk(population, here, counts, rng),
                days.comings(population, joining(day), days.JOIN, rng),
                days.comings(population, leaving(day), days.LEAVE, rng),
            ]
        )
        here += np.bincount(population.group[joining(day)], minlength=here.size)
        on = first_day + timedelta(days=day)
        yield on, days.as_table(rows, on, number)
        number += rows.group.size
        report(day + 1, total)


def _calendar(day_of: Ints, total: int) -> Callable[[int], Ints]:
    """Which places fall on a day; those before the window fall on none."""
    order = np.argsort(day_of, kind="stable")
    bounds = np.searchsorted(day_of[order], np.arange(total + 1))
    return lambda day: order[bounds[day] : bounds[day + 1]]


def _write_history(folder: Path, tables: Iterator[tuple[date, pa.Table]]) -> int:
    written = 0
    for month, days_of_month in groupby(tables, key=lambda entry: f"{entry[0]:%Y-%m}"):
        written += _write_month(folder / f"{month}.parquet", (table for _, table in days_of_month))
    return written


def _write_month(path: Path, tables: Iterator[pa.Table]) -> int:
    first = next(tables)
    written, waiting = 0, [first]
    with _writer(path, first.schema) as writer:
        for table in tables:
            waiting.append(table)
            if sum(part.num_rows for part in waiting) >= ROW_GROUP:
                written += _flush(writer, waiting)
        return written + _flush(writer, waiting)


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Without Arrow's own schema the dictionary columns come back as the plain strings they stand for."""
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        store_schema=False,
        use_dictionary=[name for name in schema.names if name not in IN_STEPS],
        column_encoding=IN_STEPS,
    )


def _flush(writer: pq.ParquetWriter, waiting: list[pa.Table]) -> int:
    if not waiting:
        return 0
    together = pa.concat_tables(waiting).unify_dictionaries()
    waiting.clear()
    writer.write_table(together, row_group_size=ROW_GROUP)
    return int(together.num_rows)


def _write_groups(path: Path, population: Population, drawn: Courses, first_day: date) -> None:
    born = [first_day + timedelta(days=int(day)) for day in drawn.born]
    columns = {
        "group_key": pa.array(np.arange(population.size.size) + 1),
        "name": pa.array([f"测试群{number + 1:05d}" for number in range(population.size.size)]),
        "members": pa.array(population.size),
        "born": pa.array(born),
        "state": pa.array([STATES[state] for state in drawn.state]),
    }
    pq.write_table(pa.table(columns), path)


def _write_house(path: Path, population: Population) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("author_key", "kind"))
        writer.writerows((person, "staff") for person in range(1, population.staff + 1))
