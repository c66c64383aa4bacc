from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from huoqun.history import rules
from huoqun.history import store as store_module
from huoqun.history.files import Staging
from huoqun.history.ledger import Ledger
from huoqun.history.operations import maintain
from huoqun.history.rows import rows_of
from huoqun.history.rules import DataFile, overfull_tier, portions, to_merge
from huoqun.history.store import Store
from huoqun.vocabulary.ids import group_key

from .conftest import ELSEWHERE, NOON, SPRING, rows_in, said


def file_of(rows: int, first_day: int = 1, last_day: int = 1, name: str = "f") -> DataFile:
    first = datetime(2026, 3, first_day, tzinfo=UTC)
    return DataFile(name, "spring-reading", "2026-03", rows, rows * 50, first, datetime(2026, 3, last_day, 23, tzinfo=UTC))


BIG = rules.SETTLED_ROWS


@pytest.mark.parametrize(
    ("files", "merged"),
    [
        ([], []),
        ([file_of(10)], []),
        ([file_of(10), file_of(20)], [10, 20]),
        ([file_of(BIG)], []),
        ([file_of(BIG), file_of(BIG + 1)], []),
        ([file_of(BIG, 1, 5), file_of(10, 3, 3)], []),
        ([file_of(BIG, 1, 5), file_of(10, 3, 3), file_of(20, 3, 3)], [10, 20]),
        ([file_of(BIG, 1, 5), file_of(BIG // 4, 3, 3)], [BIG // 4, BIG]),
        ([file_of(BIG, 1, 5), file_of(BIG // 4, 6, 7)], []),
    ],
)
def test_small_files_are_merged_and_large_ones_only_where_it_pays(files: list[DataFile], merged: list[int]) -> None:
    assert [file.rows for file in to_merge(files)] == merged


def test_a_tier_is_merged_when_it_is_full() -> None:
    crowd = [file_of(500)] * rules.TIER_FILES
    assert overfull_tier(crowd) == crowd
    assert overfull_tier([*crowd[1:], file_of(20_000)]) == []
    assert overfull_tier([file_of(20_000)] * rules.TIER_FILES + crowd) == crowd
    assert overfull_tier([file_of(BIG)] * 100) == []


def test_portions_hold_a_large_files_rows_and_lose_no_partition() -> None:
    half, third = [file_of(rules.FILE_ROWS // 2)], [file_of(rules.FILE_ROWS // 3)]
    huge = [file_of(rules.FILE_ROWS)] * 3
    assert list(portions([half, half, half, huge, third])) == [[half, half], [half], [huge], [third]]
    assert list(portions([])) == []


def test_merging_keeps_every_row_and_sorts_them_by_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huoqun.history.files.ROW_GROUP", 64)
    monkeypatch.setattr("huoqun.history.rewriting.ROW_GROUP", 64)
    for start in (400, 0, 200):
        numbers = range(start + 199, start - 1, -1)
        store.record(rows_of([said(number, group_id=f"g{number % 3}", mentions=("lin",)) for number in numbers]))
    before = rows_in(store)
    assert store.compact() == 3
    assert rows_in(store) == before
    (path,) = store.ledger.now().paths
    file = pq.ParquetFile(store.path / path)
    assert file.read()["sent_at"].to_pylist() == sorted(file.read()["sent_at"].to_pylist())
    times = [
        file.metadata.row_group(number).column(file.schema_arrow.names.index("sent_at")).statistics
        for number in range(file.num_row_groups)
    ]
    assert len(times) >= 9
    assert all(one.max < next_one.min for one, next_one in pairwise(times))
    assert store.compact() == 0


def test_large_partitions_become_several_files(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huoqun.history.rewriting.ROW_GROUP", 2048)
    monkeypatch.setattr("huoqun.history.files.FILE_ROWS", 5000)
    store.add_new(rows_of([said(number) for number in range(6000)]))
    store.add_new(rows_of([said(number) for number in range(6000, 12_000)]))
    before = rows_in(store)
    store.compact()
    files = store.ledger.now().files()
    assert [file.rows for file in files] == [4096, 4096, 3808]
    assert all(one.last < next_one.first for one, next_one in pairwise(files))
    assert rows_in(store) == before


def test_writers_merge_as_they_go(store: Store) -> None:
    for number in range(3 * rules.TIER_FILES):
        store.record(rows_of([said(number)]))
    assert len(store.ledger.now().paths) <= rules.TIER_FILES + 2
    assert len(rows_in(store)) == 3 * rules.TIER_FILES


def cost_of(store: Store, **asked: Any) -> tuple[int, int, int]:
    """What a question costs: files opened, row groups read; and how many rows answer it."""
    con = duckdb.connect()
    store.relation(con, community="spring-reading", **asked).create_view("asked")
    plan = json.loads(con.sql("EXPLAIN (ANALYZE, FORMAT json) SELECT count(text) FROM asked").fetchall()[0][1])
    (files,) = _said_by_scans(plan["operator"][0])
    ((rows,),) = con.sql("SELECT count(*) FROM asked").fetchall()
    return files, plan["query"]["total_row_groups_scanned"], rows


def _said_by_scans(node: dict[str, Any]) -> list[int]:
    mine = [int(node["extra_info"]["Total Files Read"])] if node["type"] == "TABLE_SCAN" else []
    return mine + [files for child in node.get("children", []) for files in _said_by_scans(child)]


def test_a_question_opens_only_files_that_may_answer_it(store: Store) -> None:
    for month in range(1, 13):
        at = datetime(2025, month, 10, tzinfo=UTC)
        store.add_new(rows_of([said(month * 100 + n, at=at + timedelta(hours=n), group_id=f"g{month}") for n in range(50)]))
        store.add_new(rows_of([said(month * 100 + n, at=at + timedelta(hours=n), account=ELSEWHERE) for n in range(50)]))
    assert cost_of(store) == (12, 12, 600)
    march = datetime(2025, 3, 10, tzinfo=UTC)
    assert cost_of(store, start=march, end=march + timedelta(hours=5)) == (1, 1, 5)
    files, _, rows = cost_of(store, groups=[group_key(SPRING, "g7")])
    assert (files, rows) == (1, 50)
    assert cost_of(store, start=datetime(2025, 11, 1, tzinfo=UTC)) == (2, 2, 100)


def test_row_groups_of_other_days_are_skipped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huoqun.history.files.ROW_GROUP", 100)
    store.add_new(rows_of([said(number) for number in range(5000)]))
    start = NOON + timedelta(minutes=2001)
    assert cost_of(store) == (1, 50, 5000)
    assert cost_of(store, start=start, end=start + timedelta(minutes=99)) == (1, 1, 99)


def test_files_without_statistics_are_read_rather_than_missed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huoqun.history.files._Measure.as_json", lambda self: json.dumps({"numRecords": self.rows}))
    store.record(rows_of([said(1)]))
    monkeypatch.undo()
    store.record(rows_of([said(2)], import_id=3))
    assert len(rows_in(store, start=NOON, groups=[group_key(SPRING, "reading")])) == 2
    assert store.record(rows_of([said(1)])) == 0
    assert store.remove_import(3, "spring-reading") == 1


def test_the_log_survives_its_checkpoints(store: Store) -> None:
    for number in range(120):
        store.append(rows_of([said(number)], import_id=number % 2 or None), writer="inbox/1", version=number)
    assert list((store.path / "_delta_log").glob("*.checkpoint*"))
    assert not store.append(rows_of([said(999)]), writer="inbox/1", version=119)
    assert len(rows_in(store, end=NOON + timedelta(minutes=60))) == 60
    assert store.remove_import(1, "spring-reading") == 60
    assert len(rows_in(store)) == 60


def test_a_crash_between_writing_and_entering_leaves_nothing_behind(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class PowerCut(BaseException):
        pass

    def dies(*_: object, **__: object) -> None:
        raise PowerCut

    store.record(rows_of([said(1)]))
    monkeypatch.setattr(Ledger, "enter", dies)
    monkeypatch.setattr(Staging, "__exit__", lambda *_: None)
    with pytest.raises(PowerCut):
        store.record(rows_of([said(2, "没写完")]))
    monkeypatch.setattr(Staging, "put", dies)
    with pytest.raises(PowerCut):
        store.record(rows_of([said(3, "没写完")]))
    monkeypatch.undo()

    assert [row["source_id"] for row in rows_in(store)] == ["m1"]
    assert len(list(store.path.rglob("*.parquet"))) == 3
    store.vacuum()
    assert len(list(store.path.rglob("*.parquet"))) == 3, "a young file may belong to a writer at work"
    an_hour_later = Store(store.path, clock=lambda: datetime.now(UTC) + timedelta(hours=1, minutes=1))
    assert maintain(an_hour_later).deleted >= 2
    assert len(list(store.path.rglob("*.parquet"))) == 1
    assert not any((store.path / "_staging").iterdir())
    assert store.record(rows_of([said(2), said(3)])) == 2


def test_vacuum_keeps_files_queries_may_still_read(store: Store) -> None:
    for number in range(3):
        store.record(rows_of([said(number)]))
    con = duckdb.connect()
    begun = store.relation(con, community="spring-reading")
    store.compact()
    maintain(store)
    store.vacuum(keep=timedelta(minutes=30))
    assert len(begun.fetchall()) == 3
    store.vacuum(keep=timedelta(0))
    assert len(list(store.path.glob("community=*/month=*/*.parquet"))) == 1


def test_looking_at_a_place_where_nothing_is_makes_an_empty_table(tmp_path: Path) -> None:
    store = Store(tmp_path / "deep" / "history")
    assert rows_in(store) == []
    assert store.compact() == 0
    assert store.erase([1], "spring-reading") == 0
    assert store.remove_import(1, "spring-reading") == 0


def test_the_installations_store_lies_in_its_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HISTORY", tmp_path / "history")
    store_module.open_store.cache_clear()
    assert store_module.open_store().path == tmp_path / "history"
    assert store_module.open_store() is store_module.open_store()
    store_module.open_store.cache_clear()


def test_a_broken_file_is_an_error_and_not_an_empty_answer(store: Store) -> None:
    store.record(rows_of([said(1)]))
    (path,) = store.ledger.now().paths
    os.truncate(store.path / path, 10)
    with pytest.raises(duckdb.Error):
        rows_in(store)
    with pytest.raises(duckdb.Error):
        store.record(rows_of([said(2)]))


def test_bulk_rows_need_not_be_sorted(store: Store) -> None:
    numbers = [7, 3, 9, 1, 5]
    table = pa.concat_tables([rows_of([said(number)]) for number in numbers])
    assert store.add_new(table) == 5
    assert [row["source_id"] for row in rows_in(store)] == ["m1", "m3", "m5", "m7", "m9"]
