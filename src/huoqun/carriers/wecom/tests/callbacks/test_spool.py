"""Callbacks that are put by while the database is busy: kept at once, in the database soon, and nothing is lost by a death."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError

from huoqun.carriers.wecom.callbacks.spool import PutBy, Spool

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("__import__('sys').platform == 'win32'", reason="there nothing is put by"),
]

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def one(number: int) -> PutBy:
    return PutBy(1, f"<xml>{number}\n</xml>".encode(), NOON)


class Database:
    """Refuses the first so many times, and waits to be let in."""

    def __init__(self, refuses: int = 0) -> None:
        self.refuses, self.has, self.open = refuses, list[PutBy](), threading.Event()
        self.all_in = threading.Event()

    def move(self, found: list[PutBy]) -> None:
        assert self.open.wait(20)
        self.refuses -= 1
        if self.refuses >= 0:
            raise DatabaseError("database is locked")
        self.has += found
        if one(2) in self.has:
            self.all_in.set()


def test_what_is_put_by_is_moved_in_order_also_where_the_database_first_refuses(tmp_path: Path) -> None:
    database = Database(refuses=1)
    spool = Spool(tmp_path, database.move)
    for number in range(3):
        spool.put(one(number))
    assert spool.waiting == 3
    database.open.set()
    assert database.all_in.wait(20)
    spool.close()
    assert database.has == [one(0), one(1), one(2)]
    assert (spool.waiting, list(tmp_path.iterdir())) == (0, [])


def test_what_a_dead_process_left_is_taken_over_and_what_a_living_one_has_is_not(tmp_path: Path) -> None:
    database = Database()
    living = Spool(tmp_path, database.move)
    living.put(one(1))
    (tmp_path / "00000000000000000001-1.jsonl").write_bytes(
        b'{"corp":1,"body":"PHhtbD4wCjwveG1sPg==","at":"2026-03-02T04:00:00Z"}\n{"corp":1,"bo'
    )
    moved = list[PutBy]()
    assert Spool(tmp_path, moved.extend).take_over() == 1
    assert moved == [one(0)], "a line that was never finished was never answered for"
    assert Spool(tmp_path, moved.extend).take_over() == 0
    database.open.set()
    living.close()
    assert database.has == [one(1)]
