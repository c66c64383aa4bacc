"""Raises workers and kills them with SIGKILL: `python -m tests.crash.nursery FOLDER KILLS SEED` prints what is wrong as JSON.

A fresh process of its own (settings come from the environment). It never opens the database itself: everything is done in
forked children, so a child has its own connections and is a whole worker process when it is killed.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
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

# On a slow machine two workers in a row may be killed before the job's first step: here that is not the job's fault.
jobs.INTERRUPTIONS = 1000

STEPS = 400
AT_ONCE = 37


class Nursery:
    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.killed = 0

    def in_a_child(self, act: Callable[[], object]) -> object:
        """What `act` returns, done in a child that ends well."""
        reading, writing = os.pipe()
        child = self._fork(lambda: os.write(writing, json.dumps(act()).encode()))
        os.close(writing)
        with os.fdopen(reading, "rb") as answer:
            said = answer.read()
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status):
            sys.exit("a child failed by itself")
        return json.loads(said)

    def kill_two(self, generation: int) -> None:
        """Two workers at once, one of which is a carrier's intake as well; both are killed while they work."""
        begun_in, begun_out = os.pipe()

        def lives(feeding: bool) -> Callable[[], object]:
            return lambda: self._live(generation, feeding=feeding, begun=begun_out)

        children = [self._fork(lives(feeding)) for feeding in (True, False)]
        os.close(begun_out)
        os.read(begun_in, 1)
        os.close(begun_in)
        self.chance.shuffle(children)
        for child in children:
            time.sleep(self.chance.uniform(0.0, 0.6))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if not os.WIFSIGNALED(status):
                sys.exit("a worker ended before it was killed")
            self.killed += 1

    def _fork(self, act: Callable[[], object]) -> int:
        child = os.fork()
        if child:
            return child
        code = 1
        try:
            act()
            code = 0
        finally:
            os._exit(code)

    def _worker(self, generation: int) -> Worker:
        # Each generation lives after the leases of the one before have run out.
        now = world.BIRTH + generation * (LEASE + timedelta(seconds=1))
        return Worker(world.subscriptions(self.folder, history=True), {"count": self.count}, (), clock=lambda: now)

    def _live(self, generation: int, *, feeding: bool, begun: int) -> None:
        stop = threading.Event()
        if feeding:
            threading.Thread(target=self._feed, args=(begun,), daemon=True).start()
        self._worker(generation).run(stop)

    def _feed(self, begun: int) -> None:
        """Deliver the last two portions once more, then new ones; say so when the first new one is in."""
        first = max(0, Entry.objects.filter(name="MessagePosted").count() - 2 * AT_ONCE)
        said = False
        for portion in itertools.count():
            start = first + portion * AT_ONCE
            new = store([world.said(number) for number in range(start, start + AT_ONCE)], now=world.BIRTH)
            if new and not said:
                said = bool(os.write(begun, b"."))
            time.sleep(0.02)

    def count(self, run: Run) -> None:
        """Goes on where the last run stopped: what is done is looked up, each step is one transaction."""
        done = len(world.effects("job"))
        for step in range(done, STEPS):
            if not jobs.beat(run.job, now=run.now()):
                return
            world.note("job", [step])
            run.report(step + 1, STEPS)
            time.sleep(0.005)

    def prepare(self) -> None:
        call_command("migrate", "inbox", verbosity=0)
        call_command("migrate", "jobs", verbosity=0)
        call_command("migrate", "outbox", verbosity=0)
        world.make_table()
        jobs.ask("count", {}, key="once", by=None, now=world.BIRTH)

    def finish(self, generation: int) -> dict[str, object]:
        worker, stop = self._worker(generation), threading.Event()
        while worker.job(stop):
            pass
        worker._loop.run_dry()
        count = Entry.objects.filter(name="MessagePosted").count()
        wrong = world.what_is_wrong(self.folder, set(range(count)))
        wrong |= self._wrong_in_history(count) | self._wrong_with_job()
        connection.close()
        return {"wrong": wrong, "events": count, "killed": self.killed}

    def _wrong_in_history(self, count: int) -> dict[str, object]:
        with duckdb.connect() as con:
            found = Store(self.folder / "history").relation(con, community="balcony")
            rows = con.sql("SELECT count(*), count(DISTINCT source_id) FROM found").fetchall()
            assert found is not None
        return {} if rows == [(count, count)] else {"history": str(rows)}

    def _wrong_with_job(self) -> dict[str, object]:
        job, steps = Job.objects.get(), world.effects("job")
        fine = job.state == State.DONE and set(steps) == set(range(STEPS)) and set(steps.values()) == {1}
        return {} if fine else {"job": f"{job.state}, {len(steps)} steps, {job.interruptions} interruptions: {job.detail}"}


def main(folder: Path, kills: int, seed: int) -> None:
    nursery = Nursery(folder, random.Random(seed))
    nursery.in_a_child(nursery.prepare)
    generation = 0
    while nursery.killed < kills:
        generation += 1
        nursery.kill_two(generation)
    sys.stdout.write(json.dumps(nursery.in_a_child(lambda: nursery.finish(generation + 1))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
