"""Raises workers in pairs and kills them with SIGKILL.

A nursery is a fresh process of its own (settings come from the environment). It never opens the database itself: everything is
done in forked children, so a child has its own connections and is a whole worker process when it is killed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial

Say = Callable[[], object]
"""To be called by a child when it has really begun."""


class Nursery:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.killed = 0

    def in_a_child(self, act: Callable[[], object]) -> object:
        """What `act` returns, done in a child that ends well."""
        reading, writing = os.pipe()
        child = _fork(lambda: os.write(writing, json.dumps(act()).encode()))
        os.close(writing)
        with os.fdopen(reading, "rb") as answer:
            said = answer.read()
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status):
            sys.exit("a child failed by itself")
        return json.loads(said)

    def kill(self, lives: Iterable[Callable[[Say], object]], *, within: float) -> None:
        """Live these all at once until the first has begun; then kill one after the other, each within so many seconds."""
        begun_in, begun_out = os.pipe()
        children = [_fork(partial(live, partial(os.write, begun_out, b"."))) for live in lives]
        os.close(begun_out)
        os.read(begun_in, 1)
        os.close(begun_in)
        self._chance.shuffle(children)
        for child in children:
            time.sleep(self._chance.uniform(0.0, within))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if not os.WIFSIGNALED(status):
                sys.exit("a worker ended before it was killed")
            self.killed += 1


def _fork(act: Callable[[], object]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        act()
        code = 0
    finally:
        os._exit(code)
