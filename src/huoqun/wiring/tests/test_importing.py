from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from django.conf import settings

from huoqun.carriers.models import BadRecord, Import
from huoqun.carriers.operations import ask_import
from huoqun.community.models import Community, Group, Identity, Membership
from huoqun.community.operations import communities
from huoqun.history.store import Store
from huoqun.inbox.models import Entry
from huoqun.jobs import operations as jobs
from huoqun.jobs.run import work_on
from huoqun.wiring import importing

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def balcony(db: None) -> Community:
    return communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "history")


def message(number: int, who: int, text: str, **more: object) -> dict[str, object]:
    at = 1740830400 + number * 60
    return {
        "id": number,
        "type": "message",
        "date": "2025-03-01T20:00:00",
        "date_unixtime": str(at),
        "from": f"u{who}",
        "from_id": f"user{who}",
        "text": text,
        "text_entities": [{"type": "plain", "text": text}],
        **more,
    }


def export(path: Path, count: int, **changes: object) -> Path:
    """A Telegram Desktop export of `count` messages."""
    chat = {"name": "夜跑群", "type": "private_supergroup", "id": 1900000001}
    records = [
        message(n, n % 3, f"今晚跑第{n}圈", **({"reply_to_message_id": n - 1} if n % 2 else {})) for n in range(1, count + 1)
    ]
    path.write_text(json.dumps({**chat, "messages": [*records, *changes.get("more", [])]}, ensure_ascii=False, indent=1))
    return path


@pytest.fixture
def take(balcony: Community, store: Store) -> Callable[[Path], Import]:
    def take(path: Path) -> Import:
        asked = ask_import("balcony", [path], title=path.name, zone="Asia/Shanghai", by=None, now=NOW)
        importing.read_in(asked, report=lambda *_: None, now=lambda: NOW, store=store)
        asked.refresh_from_db()
        return asked

    return take


def rows(store: Store) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        return store.relation(con, community="balcony").project("source_id, reply_to_author, import_id").order("1").fetchall()


def test_an_export_becomes_history_groups_people_and_a_fact(
    take: Callable[[Path], Import], store: Store, tmp_path: Path
) -> None:
    asked = take(export(tmp_path / "result.json", 10))
    assert (asked.state, asked.read, asked.added, asked.known, asked.bad) == ("done", 10, 10, 0, 0)
    assert (asked.groups, asked.people) == (1, 3)
    assert asked.format == "Telegram Desktop JSON"
    assert Group.objects.get().name == "夜跑群"
    assert Membership.objects.count() == 3
    assert len(rows(store)) == 10
    assert Entry.objects.filter(name="HistoryImported").count() == 1
    replies = {author for _, author, _ in rows(store) if author}
    assert replies <= set(Identity.objects.values_list("key", flat=True))
    assert replies


def test_importing_twice_changes_nothing_and_a_longer_export_adds_what_is_new(
    take: Callable[[Path], Import], store: Store, tmp_path: Path
) -> None:
    take(export(tmp_path / "result.json", 10))
    before = rows(store)
    again = take(export(tmp_path / "again.json", 10))
    assert (again.added, again.known, again.groups, again.people) == (0, 10, 0, 0)
    assert rows(store) == before
    longer = take(export(tmp_path / "longer.json", 15))
    assert (longer.added, longer.known) == (5, 10)


def test_a_bad_record_is_kept_and_the_rest_goes_on(take: Callable[[Path], Import], tmp_path: Path) -> None:
    broken = message(99, 1, "没有时间")
    del broken["date"], broken["date_unixtime"]
    asked = take(export(tmp_path / "result.json", 4, more=[broken, message(100, 1, "还在")]))
    assert (asked.state, asked.added, asked.bad) == ("done", 5, 1)
    bad = BadRecord.objects.get()
    assert bad.file == "result.json"
    assert "没有时间" in bad.raw
    assert bad.line


def test_a_file_nobody_can_read_says_what_was_tried(take: Callable[[Path], Import], tmp_path: Path) -> None:
    path = tmp_path / "holiday.txt"
    path.write_text("只是一封信")
    asked = take(path)
    assert asked.state == "failed"
    words = asked.error.format(**asked.error_values)
    assert "holiday.txt" in words
    assert "Telegram Desktop JSON" in words


def test_undo_takes_the_whole_import_back(take: Callable[[Path], Import], store: Store, tmp_path: Path) -> None:
    asked = take(export(tmp_path / "result.json", 10))
    assert importing.take_back(asked, now=lambda: NOW, store=store) == 10
    asked.refresh_from_db()
    assert asked.state == "undone"
    assert rows(store) == []
    assert not Group.objects.exists()
    assert not Identity.objects.exists()
    assert Entry.objects.filter(name="ImportUndone").count() == 1


def test_an_import_that_dies_half_way_is_read_again_without_doubles(
    balcony: Community, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)
    asked = ask_import(
        "balcony", [export(tmp_path / "result.json", 10)], title="result.json", zone="Asia/Shanghai", by=None, now=NOW
    )

    class PowerCut(BaseException):
        pass

    def fails_late(done: int, total: int, message: str) -> None:
        if int(message) >= 6:
            raise PowerCut

    with pytest.raises(PowerCut):
        importing.read_in(asked, report=fails_late, now=lambda: NOW, store=store)
    assert 0 < len(rows(store)) < 10
    importing.read_in(asked, report=lambda *_: None, now=lambda: NOW, store=store)
    asked.refresh_from_db()
    assert (asked.state, asked.read) == ("done", 10)
    assert len(rows(store)) == 10
    assert Group.objects.count() == 1


def test_an_uploaded_file_goes_as_soon_as_it_is_read(
    balcony: Community, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "UPLOADS", tmp_path / "uploads")
    monkeypatch.setattr(importing, "open_store", lambda: Store(tmp_path / "history"))
    folder = tmp_path / "uploads" / "imports" / "a1"
    folder.mkdir(parents=True)
    ours, theirs = export(folder / "result.json", 3), export(tmp_path / "theirs.json", 3)
    for path in (ours, theirs):
        asked = ask_import("balcony", [path], title=path.name, zone="", by=None, now=NOW)
        jobs.ask("import", {"import_id": asked.pk}, key=str(asked.pk), by=None, now=NOW)
        job = jobs.claim(["import"], now=NOW)
        assert job is not None
        work_on(job, importing.run_import, clock=lambda: NOW)
        asked.refresh_from_db()
        assert asked.state == "done"
    assert not folder.exists()
    assert theirs.exists(), "a file named on the command line is not ours to delete"
