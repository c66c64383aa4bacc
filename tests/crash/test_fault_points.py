"""The process dies between any two statements: hundreds of random places inside one process, the connection cut each time."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from huoqun.inbox.loop import Loop
from huoqun.inbox.operations import store
from tests.crash import world

LIVES = 250
AT_ONCE = 23

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class Death(BaseException):
    """Not an Exception: no handler of errors can hold it back."""


class Fate:
    """Cuts the connection before or after the n-th statement or commit from now; nothing reaches the database afterwards."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.dead = False
        self.before = True
        self.passed = 0

    def comes_after(self, statements: int, *, before: bool) -> None:
        self.left, self.before, self.dead = statements, before, False

    def is_off(self) -> None:
        self.left, self.dead = None, False
        connection.close()
        connection.connect()

    def step(self, act: Callable[[], Any]) -> Any:
        if self.dead:
            raise Death
        self.passed += 1
        if self.left is not None:
            self.left -= 1
        now = self.left is not None and self.left < 0
        if now and self.before:
            self._die()
        result = act()
        if now:
            self._die()
        return result

    def _die(self) -> None:
        self.dead = True
        if connection.vendor == "sqlite":
            # A statement still open in some frame would keep a closed connection, and its lock, alive.
            connection.connection.rollback()
        connection.connection.close()
        raise Death


@pytest.fixture
def fate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fate]:
    one = Fate()
    real = connection._commit
    monkeypatch.setattr(connection, "_commit", lambda: one.step(real))
    with connection.execute_wrapper(lambda execute, *statement: one.step(lambda: execute(*statement))):
        world.make_table()
        yield one
        one.is_off()
        world.drop_table()


def live(folder: Path, delivered: range, *, landed: Callable[[], None] = lambda: None) -> None:
    """One life of the process: a carrier delivers, the loop goes round. Dying is the way it usually ends."""
    store([world.said(number) for number in delivered], now=world.BIRTH)
    Loop(world.subscriptions(folder, history=False, landed=landed), clock=lambda: world.BIRTH).run_dry()


def test_every_effect_happens_once_wherever_the_process_dies(
    fate: Fate, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    chance, deaths = random.Random(2026), 0
    live(tmp_path, range(AT_ONCE))
    whole_life = fate.passed
    for life in range(1, LIVES + 1):
        # What was delivered in a life that ended early comes again in the next, with more behind it.
        delivered = range(max(0, (life - 1) * AT_ONCE), (life + 1) * AT_ONCE)
        before, landed = chance.random() < 0.5, lambda: None
        if life % 5:
            fate.comes_after(chance.randrange(whole_life), before=before)
        else:
            # Between an effect outside the database and the commit lie two statements only: some deaths are sent there.
            landed = partial(fate.comes_after, chance.randrange(2), before=before)
        try:
            live(tmp_path, delivered, landed=landed)
        except BaseException:
            if not fate.dead:
                raise
            deaths += 1
        fate.is_off()
        if life % 25 == 0:
            live(tmp_path, delivered)
            assert world.what_is_wrong(tmp_path, set(range((life + 1) * AT_ONCE))) == {}
    assert deaths >= 200, "the test itself must have killed often enough"


def test_a_double_effect_would_be_seen(fate: Fate, tmp_path: Path) -> None:
    live(tmp_path, range(30))
    assert world.what_is_wrong(tmp_path, set(range(30))) == {}
    world.note("tally", [7])
    assert world.what_is_wrong(tmp_path, set(range(31))) == {
        "stored": {"missing": [30]},
        "tally": {"missing": [30], "twice": [7]},
        "echo": {"missing": [30]},
        "picky": {"missing": [30]},
        "far": {"missing": [30]},
    }
