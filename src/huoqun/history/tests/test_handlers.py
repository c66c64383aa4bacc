from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from huoqun.history import handlers
from huoqun.history.store import Store
from huoqun.vocabulary.facts import ImportUndone

from .conftest import LIN, NOON, REN, rows_in, said


@dataclass(frozen=True)
class Entry:
    position: int
    what: object


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store(tmp_path / "history")
    monkeypatch.setattr(handlers, "open_store", lambda: store)
    return store


def entries(*numbers: int) -> list[Entry]:
    return [Entry(number, said(number, by=REN if number == 2 else LIN)) for number in numbers]


def ids(store: Store) -> list[str]:
    return [row["source_id"] for row in rows_in(store)]


def test_what_happened_is_written_once_however_it_is_delivered(here: Store) -> None:
    handlers.record(entries(1, 2, 3), now=NOON)
    handlers.record(entries(1, 2, 3), now=NOON)
    handlers.record(entries(2, 3, 4, 5), now=NOON)
    assert ids(here) == ["m1", "m2", "m3", "m4", "m5"]


def test_a_parked_entry_is_written_when_it_is_replayed(here: Store) -> None:
    handlers.record(entries(1), now=NOON)
    handlers.record(entries(3, 4), now=NOON)
    handlers.record(entries(2), now=NOON)
    assert ids(here) == ["m1", "m2", "m3", "m4"]


def test_facts_are_not_history(here: Store) -> None:
    undone = Entry(2, ImportUndone(community="spring-reading", at=NOON, import_id=1))
    handlers.record([undone], now=NOON)
    handlers.record([*entries(1), undone], now=NOON)
    assert ids(here) == ["m1"]
