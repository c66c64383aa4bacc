"""What it costs to keep what happens, and to work on it.

    python bench/intake.py [--events 20000] [--backlog 10000]

Storing beside a bare insert of the same values; events through all subscribers, one and two workers; how long an intake waits
while a worker has a backlog. On the embedded database; on PostgreSQL: python -m tests.postgres -- python bench/intake.py
Prints Markdown. Storing on SQLite is counted in processor time (all work is in this process), the rest by the wall.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
FOLDER = tempfile.TemporaryDirectory(prefix="huoqun-bench-intake-")
os.environ["HUOQUN_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "huoqun.config.settings"
os.environ["HUOQUN_LOG_LEVEL"] = "CRITICAL"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from huoqun.community.models import Community  # noqa: E402
from huoqun.inbox.loop import Loop  # noqa: E402
from huoqun.inbox.models import Cursor, Entry  # noqa: E402
from huoqun.inbox.operations import store  # noqa: E402
from huoqun.vocabulary.events import Event, MessagePosted, Person  # noqa: E402
from huoqun.vocabulary.ids import Account  # noqa: E402
from huoqun.wiring.subscriptions import SUBSCRIPTIONS  # noqa: E402

ACCOUNT = Account("bench", "pretend", "bot-1")
BIRTH = datetime(2026, 3, 2, 9, tzinfo=UTC)
COLUMNS = ("community", "account", "source_id", "name", "shard", "payload", "at", "stored_at")
TRIES = 3


def now() -> datetime:
    return datetime.now(UTC)


def said(number: int) -> Event:
    """300 groups, ten people each; ids are not in the order of time, as with most carriers."""
    group = number % 300
    return MessagePosted(
        account=ACCOUNT,
        source_id=f"msg-{number * 7919 % 1_000_003:07d}-{number}",
        at=BIRTH + timedelta(seconds=number, microseconds=number * 37 % 1_000_000),
        group_id=f"g{group}",
        group_name=f"宝妈交流群 {group}",
        message_id=str(number),
        author=Person(id=f"p{group}-{number // 300 % 10}", name=f"小{number % 97}"),
        text=f"今天的团购几点开始接龙？上次的苹果很好吃 {number}",
    )


def empty() -> None:
    Entry.objects.all()._raw_delete(connection.alias)
    Cursor.objects.all().delete()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# Storing


def a_second() -> float:
    return time.process_time() if connection.vendor == "sqlite" else time.perf_counter()


def timed(work: Callable[[], object]) -> float:
    begun = a_second()
    work()
    return a_second() - begun


def make_bare(unique: bool) -> None:
    lite = connection.vendor == "sqlite"
    number = "integer PRIMARY KEY AUTOINCREMENT" if lite else "bigserial PRIMARY KEY"
    moment = "datetime" if lite else "timestamptz"
    kinds = ["varchar(64)", "varchar(300)", "varchar(500)", "varchar(64)", "smallint", "text", moment, moment]
    columns = ", ".join(f"{name} {kind} NOT NULL" for name, kind in zip(COLUMNS, kinds, strict=True))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare")
        cursor.execute(f"CREATE TABLE bare (position {number}, {columns})")
        if unique:
            cursor.execute("CREATE UNIQUE INDEX bare_once ON bare (account, source_id)")


def bare(rows: Sequence[tuple[Any, ...]], at_once: int, *, unique: bool) -> float:
    """The driver alone, values made beforehand, statements of 500, one transaction a batch: the quickest plain INSERT."""
    make_bare(unique)
    lite = connection.vendor == "sqlite"
    place = f"({', '.join(['?' if lite else '%s'] * len(COLUMNS))})"
    raw = connection.connection.cursor()
    begin = "BEGIN IMMEDIATE" if lite else "BEGIN"

    def insert() -> None:
        for start in range(0, len(rows), at_once):
            part = rows[start : start + at_once]
            raw.execute(begin)
            statement = f"INSERT INTO bare ({', '.join(COLUMNS)}) VALUES {', '.join([place] * len(part))}"
            raw.execute(statement, [value for row in part for value in row])
            raw.execute("COMMIT")

    return timed(insert)


def values_of(events: Sequence[Event]) -> list[tuple[Any, ...]]:
    """What the log keeps of these events, as the driver takes it."""
    empty()
    store(events, now=now())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM inbox_entry ORDER BY position")
        rows = cursor.fetchall()
    lite = connection.vendor == "sqlite"
    return [(*row[:6], *(str(each) if lite else each for each in row[6:])) for row in rows]


def storing(count: int) -> None:
    events = [said(number) for number in range(count)]
    rows = values_of(events)
    print("| events at once | stored, events/s | bare, with the unique key | ratio | bare, no index | ratio |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for at_once in (500, 50, 1):
        much = count if at_once > 1 else count // 10
        best = [float("inf")] * 3
        for _ in range(TRIES):
            empty()
            spent = timed(lambda: [store(events[i : i + at_once], now=now()) for i in range(0, much, at_once)])  # noqa: B023
            each = (spent, bare(rows[:much], at_once, unique=True), bare(rows[:much], at_once, unique=False))
            best = [min(pair) for pair in zip(best, each, strict=True)]
        kept, keyed, plain = best
        print(
            f"| {at_once} | {much / kept:,.0f} | {much / keyed:,.0f} | {kept / keyed:.1f} "
            f"| {much / plain:,.0f} | {kept / plain:.1f} |", flush=True,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare")


# Working on it


def work(until: int) -> None:
    """A worker's process: rounds until every cursor stands at `until`."""
    loop = Loop(SUBSCRIPTIONS, clock=now)
    lanes = sum(len(each.shards) for each in SUBSCRIPTIONS)
    while True:
        if not loop.round() and Cursor.objects.filter(position__gte=until).count() == lanes:
            break
    connection.close()


def begin_work(workers: int) -> list[Any]:
    until = Entry.objects.latest("position").position
    connection.close()
    # Nothing here has used the history's own threads yet: only the children do.
    processes = [multiprocessing.get_context("fork").Process(target=work, args=(until,)) for _ in range(workers)]
    for process in processes:
        process.start()
    return processes


def fill(first: int, count: int) -> None:
    for start in range(first, first + count, 500):
        store([said(number) for number in range(start, min(start + 500, first + count))], now=now())


def working(backlog: int) -> None:
    """The first time everybody is new; afterwards the groups and people are known, as on an ordinary day."""
    print("\n| through all subscribers | events/s |\n| --- | ---: |")
    empty()
    for number, (title, workers) in enumerate((("one worker, everybody new", 1), ("one worker", 1), ("two workers", 2))):
        fill(backlog * (number + 1), backlog)
        begun = time.perf_counter()
        for process in begin_work(workers):
            process.join()
        print(f"| {title} | {backlog / (time.perf_counter() - begun):,.0f} |", flush=True)


def waiting(backlog: int) -> None:
    """One event every 20 ms while a worker works off its backlog, and the same while nobody works."""
    print("\n| an intake of one event | times | median ms | 95 % ms | worst ms |\n| --- | ---: | ---: | ---: | ---: |")
    tell("nobody works", [intake(10**7 + number) for number in range(200)])
    fill(backlog * 10, backlog)
    (worker,) = begin_work(1)
    took: list[float] = []
    while worker.is_alive():
        took.append(intake(2 * 10**7 + len(took)))
    worker.join()
    tell(f"a worker with {backlog:,} to do", took)


def intake(number: int) -> float:
    time.sleep(0.02)
    begun = time.perf_counter()
    store([said(number)], now=now())
    return time.perf_counter() - begun


def tell(title: str, took: list[float]) -> None:
    took.sort()
    figures = (statistics.median(took), took[int(len(took) * 0.95)], took[-1])
    print(f"| {title} | {len(took)} | {' | '.join(f'{each * 1000:,.0f}' for each in figures)} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--backlog", type=int, default=10_000)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    Community.objects.create(slug="bench", name="Bench", zone="Asia/Shanghai", created_at=now())
    print(f"intake, {asked.events:,} events on {connection.vendor}\n")
    storing(asked.events)
    working(asked.backlog)
    waiting(asked.backlog)
    return 0


if __name__ == "__main__":
    sys.exit(main())
