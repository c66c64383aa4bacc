"""The whole worker, killed again and again: `python -m tests.crash.working FOLDER KILLS SEED` prints what is wrong as JSON."""

from __future__ import annotations

import itertools
import json
import random
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import django
import duckdb

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from huoqun.history.store import Store  # noqa: E402
from huoqun.inbox.models import Entry  # noqa: E402
from huoqun.inbox.operations import store  # noqa: E402
from huoqun.jobs import operations as jobs  # noqa: E402
from huoqun.jobs.models import Job, State  # noqa: E402
from huoqun.jobs.rules import LEASE  # noqa: E402
from huoqun.jobs.run import Run  # noqa: E402
from huoqun.wiring.worker import Worker  # noqa: E402
from tests.crash import world  # noqa: E402
from tests.crash.nursery import Nursery, Say  # noqa: E402

# On a slow machine two workers in a row may be killed before the job's first step: here that is not the job's fault.
jobs.INTERRUPTIONS = 1000

STEPS = 400
AT_ONCE = 37


class Work:
    """One generation of workers."""

    def __init__(self, folder: Path, generation: int) -> None:
        self._folder = folder
        # Each generation lives after the leases of the one before have run out.
        now = world.BIRTH + generation * (LEASE + timedelta(seconds=1))
        self._worker = Worker(world.subscriptions(folder, history=True), {"count": self.count}, (), clock=lambda: now)

    def live(self, say: Say) -> None:
        self._worker.run(threading.Event())

    def live_and_feed(self, say: Say) -> None:
        """As the intake of a carrier too."""
        threading.Thread(target=_feed, args=(say,), daemon=True).start()
        self.live(say)

    def count(self, run: Run) -> None:
        """Goes on where the last run stopped: what is done is looked up, each step is one transaction."""
        done = len(world.effects("job"))
        for step in range(done, STEPS):
            if not jobs.beat(run.job, now=run.now()):
                return
            world.note("job", [step])
            run.report(step + 1, STEPS)
            time.sleep(0.005)

    def finish(self) -> dict[str, object]:
        stop = threading.Event()
        while self._worker.job(stop):
            pass
        self._worker._loop.run_dry()
        count = Entry.objects.filter(name="MessagePosted").count()
        wrong = world.what_is_wrong(self._folder, set(range(count)))
        wrong |= self._wrong_in_history(count) | _wrong_with_job()
        connection.close()
        return {"wrong": wrong, "events": count}

    def _wrong_in_history(self, count: int) -> dict[str, object]:
        with duckdb.connect() as con:
            found = Store(self._folder / "history").relation(con, community="balcony")
            rows = con.sql("SELECT count(*), count(DISTINCT source_id) FROM found").fetchall()
            assert found is not None
        return {} if rows == [(count, count)] else {"history": str(rows)}


def _wrong_with_job() -> dict[str, object]:
    job, steps = Job.objects.get(), world.effects("job")
    fine = job.state == State.DONE and set(steps) == set(range(STEPS)) and set(steps.values()) == {1}
    return {} if fine else {"job": f"{job.state}, {len(steps)} steps, {job.interruptions} interruptions: {job.detail}"}


def _feed(say: Say) -> None:
    """Deliver the last two portions once more, then new ones; say so when the first new one is in."""
    first = max(0, Entry.objects.filter(name="MessagePosted").count() - 2 * AT_ONCE)
    said = False
    for portion in itertools.count():
        start = first + portion * AT_ONCE
        new = store([world.said(number) for number in range(start, start + AT_ONCE)], now=world.BIRTH)
        if new and not said:
            said = bool(say())
        time.sleep(0.02)


def prepare() -> None:
    for room in ("inbox", "jobs", "outbox"):
        call_command("migrate", room, verbosity=0)
    world.make_table()
    jobs.ask("count", {}, key="once", by=None, now=world.BIRTH)


def main(folder: Path, kills: int, seed: int) -> None:
    nursery, generation = Nursery(random.Random(seed)), 0
    nursery.in_a_child(prepare)
    while nursery.killed < kills:
        generation += 1
        nursery.kill(_two(folder, generation), within=0.6)
    found = nursery.in_a_child(lambda: Work(folder, generation + 1).finish())
    sys.stdout.write(json.dumps({**dict(found), "killed": nursery.killed}))  # type: ignore[call-overload]


def _two(folder: Path, generation: int) -> list[Callable[[Say], None]]:
    return [lambda say: Work(folder, generation).live_and_feed(say), lambda say: Work(folder, generation).live(say)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
