"""Raises workers and kills them with SIGKILL while they send: `python -m huoqun.outbox.tests.nursery FOLDER KILLS SEED` prints
what really happened as JSON.

A fresh process of its own (settings come from the environment). It never opens the database itself: all is done in forked
children, so a child has its own connections and is a whole worker process when it is killed. The world outside is the pretended
carrier's file, which survives them all.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from huoqun.carriers.registry import Pretend, Settlement, World  # noqa: E402
from huoqun.outbox.loop import Sender  # noqa: E402
from huoqun.outbox.models import Request  # noqa: E402
from huoqun.outbox.operations import ask_many  # noqa: E402
from huoqun.outbox.rules.states import State  # noqa: E402
from huoqun.outbox.types import Ask  # noqa: E402
from huoqun.vocabulary.actions import Action, Body, MessageMember, MessageStaff, PostToGroup  # noqa: E402
from huoqun.vocabulary.ids import Account  # noqa: E402

ACCOUNT = Account("balcony", "pretend", "bot-1")
ROOMS = 400
AT_ONCE = 40
BODY = Body(text="今晚八点见")


def now() -> datetime:
    return datetime.now(UTC)


class Nursery:
    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.killed = self.asked = 0

    def carrier(self) -> Pretend:
        world = World(self.folder / "world.sqlite3")
        world.settle(Settlement(rooms=ROOMS, people=3, pulse=0), at=0)
        return Pretend(world, ACCOUNT, now=now)

    def sender(self, *, haste: float = 1.0) -> Sender:
        carrier = self.carrier()
        return Sender(lambda account: carrier, clock=now, steady=lambda: time.monotonic() * haste, most=20)

    def in_a_child(self, act: Callable[[], object]) -> object:
        """What `act` returns, done in a child that ends well."""
        reading, writing = os.pipe()
        child = self.fork(lambda: os.write(writing, json.dumps(act()).encode()))
        os.close(writing)
        with os.fdopen(reading, "rb") as answer:
            said = answer.read()
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status):
            sys.exit("a child failed by itself")
        return json.loads(said)

    def fork(self, act: Callable[[], object]) -> int:
        child = os.fork()
        if child:
            return child
        code = 1
        try:
            act()
            code = 0
        finally:
            os._exit(code)

    def prepare(self) -> None:
        call_command("migrate", verbosity=0)
        self.carrier().world.close()

    def kill_two(self) -> None:
        """Two workers at one outbox, with something new to do, each killed somewhere in its work."""
        begun_in, begun_out = os.pipe()
        self.asked = int(str(self.in_a_child(lambda: self.ask_more(self.asked))))
        children = [self.fork(lambda: self.live(begun_out)) for _ in range(2)]
        os.close(begun_out)
        os.read(begun_in, 1)
        os.close(begun_in)
        self.chance.shuffle(children)
        for child in children:
            time.sleep(self.chance.uniform(0.0, 0.15))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if not os.WIFSIGNALED(status):
                sys.exit("a worker ended before it was killed")
            self.killed += 1

    def ask_more(self, asked: int) -> int:
        ask_many([wish(number) for number in range(max(0, asked - 5), asked + AT_ONCE)], now=now())
        return asked + AT_ONCE

    def live(self, begun: int) -> None:
        one, said = self.sender(), False
        while True:
            worked = one.round()
            said = said or bool(worked and os.write(begun, b"."))
            if not worked:
                time.sleep(0.01)

    def finish(self) -> dict[str, object]:
        """One last worker finds what the dead ones left. Its time runs fast, for nobody is calling any more."""
        one, patience = self.sender(haste=20.0), time.monotonic() + 120
        while is_open() and time.monotonic() < patience:
            one.round()
            # What a look-up or a rest put off is due now.
            Request.objects.filter(next_try_at__isnull=False).update(next_try_at=now())
            time.sleep(0.01)
        times = self.carrier().world.times_done()
        rows = list(Request.objects.values_list("key", "action", "state"))
        return {
            "asked": self.asked,
            "rows": len(rows),
            "killed": self.killed,
            "ends": Counter(state for *_, state in rows),
            "wrong": [f"{key} {action}: {state}, done {times.get(key, 0)} times" for key, action, state in rows
                      if times.get(key, 0) not in FITS.get(state, ())],
        }  # fmt: skip


FITS = {State.SENT.value: (1,), State.UNKNOWN.value: (0, 1)}


def is_open() -> bool:
    waits = Request.objects.filter(state__in=[State.WAITING, State.LEASED]).exists()
    return waits or Request.objects.filter(state=State.UNKNOWN, next_try_at__isnull=False).exists()


def wish(number: int) -> Ask:
    made: tuple[Action, ...] = (
        PostToGroup(account=ACCOUNT, group_id=f"r{number % ROOMS + 1}", body=BODY),
        MessageMember(account=ACCOUNT, member_id=f"p{number % (3 * ROOMS) + 1}", body=BODY),
        MessageStaff(account=ACCOUNT, staff_id="mo", body=BODY),
    )
    return Ask(action=made[number % len(made)], key=f"k{number}", room="sop", about="run/1")


def main(folder: Path, kills: int, seed: int) -> None:
    nursery = Nursery(folder, random.Random(seed))
    nursery.in_a_child(nursery.prepare)
    while nursery.killed < kills:
        nursery.kill_two()
    sys.stdout.write(json.dumps(nursery.in_a_child(nursery.finish)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
