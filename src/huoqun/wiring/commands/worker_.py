"""`huoqun worker`: the loops alone, for installations with several processes or machines."""

from __future__ import annotations

import signal
import threading

import click

from huoqun.wiring.worker import Worker


@click.command("worker")
def command() -> None:
    """Run the worker alone, beside `huoqun serve --no-worker`. Stops after the batch at hand on SIGTERM."""
    stop = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stop.set())
    Worker(apart=True).run(stop)
