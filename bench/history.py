"""What history costs: rows in, rows out, people out. Run `python bench/history.py [--rows N]`; prints a Markdown table."""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huoqun.history.rows import months, rows_of
from huoqun.history.schema import SCHEMA
from huoqun.history.store import Store
from huoqun.vocabulary.events import MessagePosted, Person
from huoqun.vocabulary.ids import Account

COMMUNITY = "bench"
GROUPS, PEOPLE, BATCH = 300, 20_000, 100_000
BEGIN, DAYS = datetime(2025, 1, 1, tzinfo=UTC), 365
WORDS = np.array(
    ["早上好", "这本书真不错", "明天几点开始", "收到，谢谢老师", "哈哈哈", "有没有人一起打卡今天的第三章", "已下单", "+1"]
)


def batches(rows: int, *, group_by_group: bool) -> Iterator[pa.Table]:
    """The same rows in the order of time, or chat after chat as exports come."""
    draw = np.random.default_rng(7)
    group = draw.integers(0, GROUPS, rows)
    seconds = np.sort(draw.integers(0, DAYS * 86_400, rows))
    chats = np.lexsort((seconds, group))
    answered = np.empty(rows, np.int64)
    answered[chats] = np.roll(chats, 3)  # the third message before in the same chat; the first three answer nothing we know
    order = chats if group_by_group else np.arange(rows)
    for start in range(0, rows, BATCH):
        chosen = order[start : start + BATCH]
        yield table_of(chosen, group[chosen], seconds[chosen], answered[chosen])


def table_of(number: np.ndarray, group: np.ndarray, seconds: np.ndarray, answered: np.ndarray) -> pa.Table:
    size = len(number)
    sent_at = pa.array(seconds * 1_000_000 + int(BEGIN.timestamp() * 1_000_000)).cast(pa.timestamp("us", "UTC"))
    names = pc.cast(pa.array(number), pa.string())
    is_reply = pa.array(number % 8 == 0)
    columns: dict[str, pa.Array] = {name: pa.nulls(size, SCHEMA.field(name).type) for name in SCHEMA.names}
    columns |= {
        "community": pa.repeat(COMMUNITY, size),
        "carrier": pa.repeat("qq", size),
        "account": pa.repeat("import-1", size),
        "month": months(sent_at),
        "group_key": pa.array(group.astype(np.int64) * 7_919_000_000_007 + 11),
        "source_id": names,
        "kind": pa.repeat("message", size),
        "sent_at": sent_at,
        "author_key": pa.array((number * 2_654_435_761 % PEOPLE).astype(np.int64)),
        "message_id": names,
        "text": pc.binary_join_element_wise(pa.array(WORDS[number % len(WORDS)]), names, " "),
        "reply_to": pc.if_else(is_reply, pc.cast(pa.array(answered), pa.string()), None),
        "import_id": pa.repeat(pa.scalar(1, pa.int64()), size),
    }
    return pa.Table.from_arrays([columns[name] for name in SCHEMA.names], schema=SCHEMA)


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def events(count: int) -> list[MessagePosted]:
    account = Account(community=COMMUNITY, carrier="qq", name="bot")
    people = [Person(id=f"u{number}") for number in range(2_000)]
    now = BEGIN + timedelta(days=DAYS)
    return [
        MessagePosted(
            account=account,
            source_id=f"live-{number}",
            at=now + timedelta(milliseconds=20 * number),
            group_id=f"g{number % GROUPS}",
            message_id=f"live-{number}",
            author=people[number * 7 % 2_000],
            text=f"早上好 {number}",
            reply_to=f"live-{number - GROUPS}" if number % 8 == 0 else None,
        )
        for number in range(count)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    rows = parser.parse_args().rows
    lines: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory(prefix="huoqun-bench-") as folder:
        measure(Path(folder), rows, lambda what, result, note="": lines.append((what, result, note)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"history, {rows:,} rows in {GROUPS} groups over {DAYS} days; peak memory {peak:,.0f} MB\n")
    print("| what | measured | beside |\n| --- | --- | --- |")
    for line in lines:
        print(f"| {' | '.join(line)} |")


def measure(folder: Path, rows: int, tell: Callable[..., None]) -> None:
    live = events(50_000)
    spent = timed(lambda: rows_of(live))
    tell("events into rows", f"{len(live) / spent:,.0f} events/s")
    floor = measure_floor(folder / "bare.parquet", rows)
    for group_by_group in (False, True):
        store = Store(folder / f"history-{group_by_group}")
        measure_bulk(store, rows, floor, tell, group_by_group=group_by_group)
    spent = timed(store.compact)
    tell("compact after it", f"{spent:.2f} s", f"{len(store.ledger.now().paths)} files left")
    spent = timed(lambda: [store.add_new(batch) for batch in batches(rows, group_by_group=True)])
    tell("import the same again", f"{rows / spent:,.0f} rows/s", "adds none")
    measure_reading(store, tell)
    measure_live(store, live, tell)
    gone = 0

    def erase() -> None:
        nonlocal gone
        gone = store.erase([4_321], COMMUNITY)

    spent = timed(erase)
    tell("erase one person, old files included", f"{spent:.2f} s", f"{gone:,} rows in every month")


def measure_floor(path: Path, rows: int) -> float:
    """Bare pyarrow writing the same rows into one file: seconds, without making the rows."""
    spent = 0.0
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for batch in batches(rows, group_by_group=False):
            spent += timed(lambda batch=batch: writer.write_table(batch))  # type: ignore[misc]
    return spent


def measure_bulk(store: Store, rows: int, floor: float, tell: Callable[..., None], *, group_by_group: bool) -> None:
    spent = [timed(lambda batch=batch: store.add_new(batch)) for batch in batches(rows, group_by_group=group_by_group)]  # type: ignore[misc]
    quarter = max(len(spent) // 4, 1)
    first, last = sum(spent[:quarter]) / quarter, sum(spent[-quarter:]) / quarter
    order = "chat after chat" if group_by_group else "in order of time"
    tell(
        f"bulk add {order}, {BATCH:,} a call",
        f"{rows / sum(spent):,.0f} rows/s",
        f"bare pyarrow {rows / floor:,.0f} rows/s; last quarter of calls {last / first:.1f} times the first",
    )


def measure_reading(store: Store, tell: Callable[..., None]) -> None:
    con = duckdb.connect()
    start = BEGIN + timedelta(days=200)
    group = 5 * 7_919_000_000_007 + 11
    sql = "SELECT date_trunc('day', sent_at) AS day, count(*), count(DISTINCT author_key) FROM asked GROUP BY day"

    def ask(**asked: object) -> None:
        store.relation(con, community=COMMUNITY, **asked).create_view("asked", replace=True)  # type: ignore[arg-type]
        con.sql(sql).fetchall()

    everything = timed(ask)
    week = timed(lambda: ask(start=start, end=start + timedelta(days=7)))
    one = timed(lambda: ask(groups=[group], start=start, end=start + timedelta(days=7)))
    tell("talk and speakers a day: one group, one week", f"{one * 1000:.0f} ms", f"everything {everything * 1000:.0f} ms")
    tell("the same: all groups, one week", f"{week * 1000:.0f} ms", f"everything {everything * 1000:.0f} ms")


def measure_live(store: Store, live: list[MessagePosted], tell: Callable[..., None]) -> None:
    portions = [rows_of(live[start : start + 500]) for start in range(0, len(live), 500)]
    spent = [timed(lambda rows=rows: store.record(rows)) for rows in portions]  # type: ignore[misc]
    tell(
        "record 500 live events",
        f"{np.median(spent) * 1000:.0f} ms median, {max(spent) * 1000:.0f} ms worst",
        f"{len(live) / sum(spent):,.0f} events/s with merging",
    )
    again = timed(lambda: store.record(portions[0]))
    tell("record the same again", f"{again * 1000:.0f} ms", "adds none")


if __name__ == "__main__":
    main()
