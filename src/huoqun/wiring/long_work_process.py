"""`python -m huoqun.wiring.long_work_process`: does long work while there is any (see `apart`). It ends when nothing was left
to do for a while, when it is told to (SIGTERM), and when whoever began it is gone: then its input is closed.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import django

NICE = 10
RESTS = 20.0
"""Seconds without work after which it ends. Loading what audits need takes two."""
PAUSE = 0.5


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huoqun.config.settings")
    django.setup()
    from huoqun.wiring.worker import Worker, taken  # noqa: PLC0415 -- has models

    stop = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: stop.set())
    threading.Thread(target=_until_alone, args=(stop,), daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICE)
    worker, worked_at = Worker(), time.monotonic()
    while not stop.is_set() and time.monotonic() - worked_at < RESTS:
        if taken(lambda: worker.job(stop)):
            worked_at = time.monotonic()
        else:
            stop.wait(PAUSE)


def _until_alone(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    stop.set()


if __name__ == "__main__":
    main()
