"""Senders, killed again and again: `python -m tests.crash.sending FOLDER KILLS SEED` prints what really happened as JSON.

The world outside is the pretended carrier's file, which survives them all.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from functools import partial
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
from tests.crash.nursery import Nursery, Say  # noqa: E402

ACCOUNT = Account("balcony", "pretend", "bot-1")
ROOMS = 400
AT_ONCE = 40
BODY = Body(text="今晚八点见")
FITS = {State.SENT.value: (1,), State.UNKNOWN.value: (0, 1)}


def now() -> datetime:
    return datetime.now(UTC)


def wish(number: int) -> Ask:
    made: tuple[Action, ...] = (
        PostToGroup(account=ACCOUNT, group_id=f"r{number % ROOMS + 1}", body=BODY),
        MessageMember(account=ACCOUNT, member_id=f"p{number % (3 * ROOMS) + 1}", body=BODY),
        MessageStaff(account=ACCOUNT, staff_id="mo", body=BODY),
    )
    return Ask(action=made[number % len(made)], key=f"k{number}", room="sop", about="run/1")


class Work:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carrier(self) -> Pretend:
        world = World(self._folder / "world.sqlite3")
        world.settle(Settlement(rooms=ROOMS, people=3, pulse=0), at=0)
        return Pretend(world, ACCOUNT, now=now)

    def prepare(self) -> None:
        call_command("migrate", verbosity=0)
        self.carrier().world.close()

    def live(self, say: Say) -> None:
        one, said = self._sender(), False
        while True:
            worked = one.round()
            said = said or bool(worked and say())
            if not worked:
                time.sleep(0.01)

    def _sender(self, *, haste: float = 1.0) -> Sender:
        carrier = self.carrier()
        return Sender(lambda account: carrier, clock=now, steady=lambda: time.monotonic() * haste, most=20)

    def finish(self, asked: int) -> dict[str, object]:
        """One last worker finds what the dead ones left. Its time runs fast, for nobody is calling any more."""
        one, patience = self._sender(haste=20.0), time.monotonic() + 120
        while is_open() and time.monotonic() < patience:
            one.round()
            # What a look-up or a rest put off is due now.
            Request.objects.filter(next_try_at__isnull=False).update(next_try_at=now())
            time.sleep(0.01)
        times = self.carrier().world.times_done()
        rows = list(Request.objects.values_list("key", "action", "state"))
        return {
            "asked": asked,
            "rows": len(rows),
            "ends": Counter(state for *_, state in rows),
            "wrong": [f"{key} {action}: {state}, done {times.get(key, 0)} times" for key, action, state in rows
                      if times.get(key, 0) not in FITS.get(state, ())],
        }  # fmt: skip


def ask_more(asked: int) -> int:
    """The last five once more, then new ones."""
    ask_many([wish(number) for number in range(max(0, asked - 5), asked + AT_ONCE)], now=now())
    return asked + AT_ONCE


def is_open() -> bool:
    waits = Request.objects.filter(state__in=[State.WAITING, State.LEASED]).exists()
    return waits or Request.objects.filter(state=State.UNKNOWN, next_try_at__isnull=False).exists()


def main(folder: Path, kills: int, seed: int) -> None:
    nursery, work, asked = Nursery(random.Random(seed)), Work(folder), 0
    nursery.in_a_child(work.prepare)
    while nursery.killed < kills:
        asked = int(str(nursery.in_a_child(partial(ask_more, asked))))
        nursery.kill([work.live, work.live], within=0.15)
    found = nursery.in_a_child(lambda: work.finish(asked))
    sys.stdout.write(json.dumps({**dict(found), "killed": nursery.killed}))  # type: ignore[call-overload]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
