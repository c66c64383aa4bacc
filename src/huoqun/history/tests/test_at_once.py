"""Several writers at once, and long lives of random work."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoqun.history.errors import TryAgain
from huoqun.history.ledger import Ledger, Overtaken
from huoqun.history.rows import rows_of
from huoqun.history.rules import DataFile
from huoqun.history.store import Store
from huoqun.vocabulary.events import Person
from huoqun.vocabulary.ids import person_key

from .conftest import LIN, NOON, REN, SPRING, rows_in, said

WRITER = """
import sys
from pathlib import Path
from huoqun.history.rows import rows_of
from huoqun.history.store import Store
from huoqun.history.tests.conftest import said
store, start = Store(Path(sys.argv[1])), int(sys.argv[2])
added = 0
for first in range(start, start + 120, 6):
    table = rows_of([said(number) for number in range(first, first + 12)])
    added += store.record(table) if sys.argv[3] == "live" else store.add_new(table)
print(added)
"""


def test_processes_that_bring_the_same_rows_at_the_same_time_bring_each_once(tmp_path: Path) -> None:
    source = Path(__file__).resolve().parents[3]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "history"), str(start), how],
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(source), "PATH": "/usr/bin:/bin"},
            text=True,
        )
        for start, how in ((0, "live"), (0, "import"), (60, "live"))
    ]
    answers = [process.communicate(timeout=120)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0]
    rows = rows_in(Store(tmp_path / "history"))
    assert [row["source_id"] for row in rows] == [f"m{number}" for number in range(186)]
    assert sum(int(answer) for answer in answers) == 186


def test_a_writer_killed_at_any_moment_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    source = Path(__file__).resolve().parents[3]
    endless = WRITER.replace("added = 0", "print('begun', flush=True)").replace("added += ", "_ = ").replace("print(added)", "")
    for turn in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", endless, str(tmp_path / "history"), "0", "import"],
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(source), "PATH": "/usr/bin:/bin"},
            text=True,
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            time.sleep(0.05 + 0.037 * turn)
            process.kill()
        found = [int(row["source_id"][1:]) for row in rows_in(Store(tmp_path / "history"))]
        assert found == list(range(len(found)))
    after = Store(tmp_path / "history", clock=lambda: datetime.now(UTC) + timedelta(hours=2))
    after.vacuum()
    live = after.ledger.now().paths
    assert {file.relative_to(after.path).as_posix() for file in after.path.glob("community=*/month=*/*")} >= live
    after.add_new(rows_of([said(number) for number in range(126)]))
    assert [row["source_id"] for row in rows_in(after)] == [f"m{number}" for number in range(126)]


def test_threads_write_merge_erase_and_read_the_same_store(store: Store) -> None:
    store.add_new(rows_of([said(number, by=REN if number % 3 == 0 else LIN) for number in range(300)], import_id=1))
    failures: list[BaseException] = []

    def at_work(work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    def write(start: int) -> None:
        for number in range(start, start + 40):
            store.record(rows_of([said(number, by=LIN)]))

    def merge() -> None:
        for _ in range(15):
            store.compact()

    def erase() -> None:
        for _ in range(5):
            store.erase([person_key(SPRING, "ren")], "spring-reading")

    jobs = [lambda: write(1000), lambda: write(1020), merge, erase]
    threads = [threading.Thread(target=at_work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    expected = [f"m{number}" for number in (*(n for n in range(300) if n % 3), *range(1000, 1060))]
    assert [row["source_id"] for row in rows_in(store)] == expected


def test_a_writer_that_is_always_overtaken_gives_up_and_has_written_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*_: object, **__: object) -> None:
        raise Overtaken("somebody else was faster")

    waits: list[float] = []
    store.pause = waits.append
    store.ledger.now()
    monkeypatch.setattr(Ledger, "enter", overtaken)
    with pytest.raises(TryAgain, match="call again"):
        store.record(rows_of([said(1)]))
    monkeypatch.undo()
    assert sum(waits) > 1
    assert rows_in(store) == []
    assert not list(store.path.rglob("*.parquet"))


def test_a_file_vacuumed_under_a_writer_is_looked_up_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.record(rows_of([said(1)]))
    store.record(rows_of([said(2)]))
    stale = store.ledger.now()
    store.compact()
    store.vacuum(keep=timedelta(0))
    snapshots = iter([stale])
    now = Ledger.now
    monkeypatch.setattr(Ledger, "now", lambda self: next(snapshots, None) or now(self))
    assert store.record(rows_of([said(1), said(2), said(3)])) == 1
    assert [row["source_id"] for row in rows_in(store)] == ["m1", "m2", "m3"]


def test_merging_files_that_somebody_rewrote_meanwhile_changes_nothing(store: Store) -> None:
    store.record(rows_of([said(1, by=REN)]))
    store.record(rows_of([said(2)]))
    stale = store.ledger.now()
    files: list[DataFile] = stale.files()
    store.erase([person_key(SPRING, "ren")], "spring-reading")
    assert store._merge(stale, [files]) == 0
    assert [row["source_id"] for row in rows_in(store)] == ["m2"]


def test_of_two_who_replace_the_same_files_at_the_same_moment_one_is_overtaken(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.record(rows_of([said(1)]))
    store.record(rows_of([said(2)]))
    stale = store.ledger.now()
    files: list[DataFile] = stale.files()
    assert store._merge(stale, [files]) == 2
    snapshots = iter([stale])
    now = Ledger.now
    monkeypatch.setattr(Ledger, "now", lambda self: next(snapshots, None) or now(self))
    assert store._merge(stale, [files]) == 0
    assert [row["source_id"] for row in rows_in(store)] == ["m1", "m2"]


NAMES = ("lin", "mo", "ren")
NUMBERS = st.lists(st.integers(0, 60), min_size=1, max_size=12)
STEPS = st.one_of(
    st.tuples(st.just("record"), NUMBERS),
    st.tuples(st.just("append"), NUMBERS),
    st.tuples(st.just("import"), NUMBERS),
    st.tuples(st.just("undo"), st.integers(0, 3)),
    st.tuples(st.just("erase"), st.sampled_from(NAMES)),
    st.tuples(st.just("compact"), st.none()),
    st.tuples(st.just("vacuum"), st.none()),
)


def message(number: int) -> object:
    # Ten hours apart, so that a life crosses three months.
    return said(number, f"第{number}句", by=Person(id=NAMES[number % 3]), at=NOON + timedelta(hours=10 * number))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=1, max_size=14))
def test_whatever_is_done_in_whatever_order_each_row_is_there_once(steps: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "history")
        expected: dict[int, int | None] = {}
        for turn, (what, value) in enumerate(steps):
            _take(store, expected, what, value, turn)
        found = Counter((row["source_id"], row["text"], row["import_id"]) for row in rows_in(store))
        assert found == Counter((f"m{number}", f"第{number}句", brought) for number, brought in expected.items())


def _take(store: Store, expected: dict[int, int | None], what: str, value: object, turn: int) -> None:
    if what in {"record", "append", "import"}:
        import_id = turn % 4 if what == "import" else None
        table = rows_of([message(number) for number in value], import_id=import_id)  # type: ignore[union-attr, misc]
        new = {number: import_id for number in value if number not in expected}  # type: ignore[union-attr]
        expected |= new
        if what == "record":
            assert store.record(table) == len(new)
        elif what == "import":
            assert store.add_new(table) == len(new)
        else:
            assert store.append(table, writer="inbox/1", version=turn)
            assert not store.append(table, writer="inbox/1", version=turn)
    elif what == "undo":
        gone = [number for number, brought in expected.items() if brought == value]
        assert store.remove_import(value, "spring-reading") == len(gone)  # type: ignore[arg-type]
        for number in gone:
            del expected[number]
    elif what == "erase":
        gone = [number for number in expected if NAMES[number % 3] == value]
        assert store.erase([person_key(SPRING, str(value))], "spring-reading") == len(gone)
        for number in gone:
            del expected[number]
    elif what == "compact":
        store.compact()
    else:
        store.vacuum(keep=timedelta(0))
