"""A process killed with SIGKILL while it sends: what it was answered is there, once, and no batch is there by half."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from huoqun.carriers.base import Asked
from huoqun.carriers.pretend.carrier import Pretend
from huoqun.carriers.pretend.world.book import Book
from huoqun.carriers.pretend.world.places import Settlement
from huoqun.carriers.pretend.world.world import World
from huoqun.vocabulary.actions import Body, PostToGroup
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.outcomes import Sent, TryLater

ACCOUNT = Account("garden", "pretend", "play")
BATCH = 20


def carrier(path: Path) -> Pretend:
    return Pretend(World(path), ACCOUNT, now=lambda: datetime.now(UTC))


def post(key: str, room: int) -> Asked:
    return Asked(key=key, action=PostToGroup(account=ACCOUNT, group_id=f"r{room}", body=Body(text="早上好")))


def send_until_killed(path: Path, answered: Path) -> None:
    """Runs in a child: writes down the number of every batch that was answered."""
    sending = carrier(path)
    with answered.open("a", buffering=1) as notes:
        for number in range(100_000):
            outcomes = sending.send_many([post(f"{number}-{place}", number % 500 + 1) for place in range(BATCH)])
            if all(isinstance(each, Sent) for each in outcomes):
                notes.write(f"{number}\n")


def in_a_child(act: Callable[[], object]) -> int:
    """Its process id. It ends with 0 when `act` ends well, and never goes on with the tests."""
    child = os.fork()
    if child == 0:
        ended = 1
        try:
            act()
            ended = 0
        finally:
            os._exit(ended)
    return child


def ended_well(child: int) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def killed_while_sending(path: Path, answered: Path, after: float) -> None:
    child = in_a_child(lambda: send_until_killed(path, answered))
    while not (answered.exists() and answered.stat().st_size):
        time.sleep(0.005)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize("seed", range(6))
def test_what_was_answered_is_there_once_and_batches_are_whole(tmp_path: Path, seed: int) -> None:
    path, answered = tmp_path / "world.sqlite3", tmp_path / "answered"
    settled = World(path)
    settled.settle(Settlement(rooms=500, people=1, pulse=0), at=0)
    killed_while_sending(path, answered, random.Random(seed).uniform(0, 0.05))
    done = settled.times_done()
    assert set(done.values()) == {1}
    assert len(done) % BATCH == 0
    known = [f"{line}-{place}" for line in answered.read_text().split() for place in range(BATCH)]
    assert set(known) <= set(done)
    assert len(done) - len(known) in {0, BATCH}, "at most the batch whose answer never came"

    after = carrier(path)
    assert all(isinstance(after.look_up(post(key, 1)), Sent) for key in list(done)[-BATCH:])
    assert isinstance(after.look_up(post("never asked", 1)), TryLater)


def test_a_book_opened_before_a_fork_is_opened_anew_behind_it(tmp_path: Path) -> None:
    book = Book(tmp_path / "world.sqlite3")
    with book.look() as ours:
        pass

    def write() -> None:
        with book.change() as theirs:
            theirs.execute("INSERT INTO setting (name, value) VALUES ('from', 'the child')")
            assert theirs is not ours

    assert ended_well(in_a_child(write))
    with book.look() as still_ours:
        assert still_ours is ours
        assert still_ours.execute("SELECT value FROM setting").fetchall() == [("the child",)]


def test_two_processes_sending_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "world.sqlite3"
    world = World(path)
    world.settle(Settlement(rooms=500, people=1, pulse=0), at=0)

    def send(name: str) -> None:
        sending = carrier(path)
        for number in range(40):
            sending.send_many([post(f"{name}-{number}-{place}", number + place + 1) for place in range(5)])

    children = [in_a_child(partial(send, name)) for name in ("lin", "mo")]
    assert [ended_well(child) for child in children] == [True, True]
    done = world.times_done()
    assert len(done) == 2 * 40 * 5
    assert set(done.values()) == {1}
