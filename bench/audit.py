"""What an audit costs: `python bench/audit.py [--millions 1 10 100] [--pandas-millions 1] [--steps]`; prints Markdown tables.

Each figure is taken in a process of its own, one after the other: wall time, processor time of all threads, greatest memory.
Beside them stand two floors: one bare DuckDB scan-and-group of the columns the audit counts (no text, no ids), and the same
with every text touched (its length summed up), because the audit reads texts for questions, advertisements and check-ins. And
the same figures in pandas at a size pandas can hold. 9,000 groups and 1.8 million people per 100 million messages. `--steps`
runs the full audit once more in this process and prints what each of its steps took.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from audit_steps import Steps, Watched, python_watched

from huoqun.health import engine, runner
from huoqun.health.daybook import DayBook
from huoqun.health.results import AuditResult
from huoqun.health.rules import starts_at

ZONE = ZoneInfo("Asia/Shanghai")
UNTIL = date(2026, 11, 20)
LAST = UNTIL - timedelta(days=2)
"""The last day that is whole in the community's zone."""
CHOSEN = (
    "messages_7d",
    "speakers_7d",
    "days_active_7d",
    "life_days",
    "half_holders",
    "gini",
    "questions_30d",
    "answered_by_members",
    "spoke_within_7d",
    "joins_30d",
    "ads_90d",
    "conversation_starts",
    "pairs_said",
)
"""Figures by which pandas and the audit are compared: a peer that computes something else is no peer."""


class Files:
    """The generated months as a source for the day-book."""

    def __init__(self, folder: Path) -> None:
        self.paths = sorted((folder / "history").glob("*.parquet"))

    def extent(self) -> tuple[datetime, datetime]:
        ends = engine.connect().execute(f"SELECT MIN(sent_at), MAX(sent_at) FROM {self._scan()}").fetchone()
        assert ends is not None
        return ends[0].astimezone(UTC), ends[1].astimezone(UTC)

    def mark(self, start: datetime, end: datetime) -> str:
        return "generated once"

    def open(self, con: duckdb.DuckDBPyConnection, start: datetime, end: datetime) -> None:
        first, last = (f"TIMESTAMPTZ '{moment:%Y-%m-%d %H:%M:%S}+00'" for moment in (start, end))
        where = f"sent_at >= {first} AND sent_at < {last}"
        con.execute(f"CREATE OR REPLACE VIEW history AS SELECT * FROM {self._scan()} WHERE {where}")

    def _scan(self) -> str:
        return f"read_parquet([{', '.join(repr(str(path)) for path in self.paths)}])"


def connection(folder: Path) -> duckdb.DuckDBPyConnection:
    con = engine.connect(folder / "spill")
    con.execute(f"CREATE VIEW history AS SELECT * FROM '{folder}/history/*.parquet'")
    con.execute(f"CREATE TABLE house AS SELECT author_key, kind AS house FROM '{folder}/house.csv'")
    runner.tables_asked_for(con)
    return con


def floor(folder: Path) -> object:
    """The least anybody must do who reads no text: read the columns that are counted, and group them once."""
    return _grouped(folder, "")


def text_floor(folder: Path) -> object:
    """The same, with every text touched."""
    return _grouped(folder, ", SUM(LENGTH(text))")


def _grouped(folder: Path, more: str) -> object:
    return (
        connection(folder)
        .execute(
            f"""SELECT COUNT(*) FROM (SELECT group_key, author_key, EPOCH_US(sent_at) // 86400000000 AS day, COUNT(*),
            MIN(sent_at), MAX(sent_at), MIN(kind), COUNT(reply_to_author), COUNT(mentions){more} FROM history GROUP BY ALL)"""
        )
        .fetchone()
    )


def full(folder: Path) -> object:
    result = runner.audit(connection(folder), as_of=LAST, zone=ZONE)
    return _figures(result)


def _figures(result: AuditResult) -> dict[str, float]:
    frame = result.groups.to_pandas()
    return _sums(frame.assign(pairs_said=frame["pairs_connected"].where(frame["ties_from"] == "replies")))


def book(folder: Path) -> object:
    """The first making of the day-book, up to the day before the last."""
    shutil.rmtree(folder / "book", ignore_errors=True)
    question = runner.Question(LAST - timedelta(days=1), ZONE)
    made = DayBook(folder / "book", Files(folder), ZONE).bring_up_to(
        engine.connect(folder / "spill"), question.as_of, service_from=question.service_from
    )
    return len(made)


def new_day(folder: Path) -> object:
    """The daily audit's share of history: one new day."""
    question = runner.Question(LAST, ZONE)
    made = DayBook(folder / "book", Files(folder), ZONE).bring_up_to(
        engine.connect(folder / "spill"), LAST, service_from=question.service_from
    )
    assert made == {LAST}, made
    return len(made)


def daily(folder: Path) -> object:
    """The daily audit's figures: from the day-book, and from history where people do not say whom they answer."""
    question = runner.Question(LAST, ZONE)
    con = connection(folder)
    DayBook(folder / "book", Files(folder), ZONE).open(con, service_from=question.service_from)
    messages = Files(folder)
    messages.open(con, starts_at(question.service_from, ZONE), question.ends_at)
    return _figures(runner.evaluate(con, question))


def pandas(folder: Path) -> object:
    from audit_in_pandas import figures  # noqa: PLC0415 -- pandas is only loaded where it is measured

    return _sums(figures(folder, LAST, ZONE)[list(CHOSEN)])


def _sums(frame: object) -> dict[str, float]:
    return {name: round(float(frame[name].sum()), 6) for name in CHOSEN}  # type: ignore[index]


WORK: dict[str, Callable[[Path], object]] = {
    "floor": floor,
    "text_floor": text_floor,
    "full": full,
    "book": book,
    "new_day": new_day,
    "daily": daily,
    "pandas": pandas,
}
TITLES = {
    "floor": "floor: one bare scan-and-group, no text",
    "text_floor": "floor: the same with every text touched",
    "full": "full audit, every metric",
    "book": "day-book, first making",
    "new_day": "daily audit: reading the new day",
    "daily": "daily audit: every metric from the day-book",
    "pandas": "the same figures in pandas",
}


def measure(work: str, folder: Path) -> dict[str, object]:
    """Runs one piece of work in a process of its own."""
    command = [sys.executable, __file__, "--one", work, "--folder", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{work} failed:\n{done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def run_one(work: str, folder: Path) -> None:
    begun = time.perf_counter()
    came_to = WORK[work](folder)
    wall = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory, "came_to": came_to}))


def generate(folder: Path, millions: float) -> None:
    if (folder / "house.csv").exists():
        return
    size = int(millions * 1_000_000)
    command = [sys.executable, "-m", "sample_world.scale", str(folder), "--groups", str(max(size * 9 // 100_000, 9))]
    command += ["--people", str(size * 18 // 1000), "--messages", str(size), "--seed", "3", "--until", UNTIL.isoformat()]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def table(millions: float, folder: Path, *, with_pandas: bool) -> str:
    generate(folder, millions)
    taken = {work: measure(work, folder) for work in WORK if work != "pandas" or with_pandas}
    base, text_base = taken["floor"], taken["text_floor"]
    lines = [
        f"\n### {millions:g} million messages, {max(int(millions * 90), 9):,} groups, {int(millions * 18_000):,} people\n",
        "| work | wall s | processor s | memory GB | times the bare floor (wall / processor) | times the floor with texts |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for work, row in taken.items():
        times = " | ".join(_times(row, beside) for beside in (base, text_base))
        lines.append(f"| {TITLES[work]} | {row['wall']:.1f} | {row['cpu']:.1f} | {row['memory']:.2f} | {times} |")
    if taken["daily"]["came_to"] != taken["full"]["came_to"]:
        raise SystemExit(f"daily and full differ: {taken['daily']['came_to']} {taken['full']['came_to']}")
    if with_pandas:
        ratio = _times(taken["pandas"], taken["full"])
        lines.append(f"\npandas takes {ratio} times the audit's time (wall / processor).{_agreement(taken)}")
    return "\n".join(lines)


def _times(row: dict[str, object], beside: dict[str, object]) -> str:
    """Wall and processor time as multiples."""
    return " / ".join(f"{float(row[clock]) / float(beside[clock]):.1f}" for clock in ("wall", "cpu"))  # type: ignore[arg-type]


def _agreement(taken: dict[str, dict[str, object]]) -> str:
    ours, theirs = taken["full"]["came_to"], taken["pandas"]["came_to"]
    assert isinstance(ours, dict)
    assert isinstance(theirs, dict)
    apart = [name for name in CHOSEN if abs(ours[name] - theirs[name]) > 1e-6 * max(1.0, abs(ours[name]))]
    return f" Sums differ in: {', '.join(f'{n} ({ours[n]:g}, {theirs[n]:g})' for n in apart)}." if apart else " All sums agree."


def by_step(millions: float, folder: Path) -> str:
    generate(folder, millions)
    steps = Steps()
    with python_watched(steps):
        runner.audit(Watched(connection(folder), steps), as_of=LAST, zone=ZONE)  # type: ignore[arg-type]
    return f"\n### {millions:g} million messages, step by step\n\n{steps.table()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=float, nargs="+", default=[1.0])
    parser.add_argument("--pandas-millions", type=float, default=1.0, help="beside pandas up to this size")
    parser.add_argument("--folder", type=Path, help="keep generated data here; otherwise a temporary folder")
    parser.add_argument("--steps", action="store_true", help="instead: one full audit of each size, step by step")
    parser.add_argument("--one", choices=WORK, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        run_one(asked.one, asked.folder)
        return
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="huoqun-bench-"))
    try:
        if asked.steps:
            for millions in asked.millions:
                print(by_step(millions, folder / f"{millions:g}m"), flush=True)
            return
        print("## Audit")
        for millions in asked.millions:
            print(table(millions, folder / f"{millions:g}m", with_pandas=millions <= asked.pandas_millions), flush=True)
    finally:
        if asked.folder is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
