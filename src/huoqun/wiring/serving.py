"""Web and worker in one go: granian's web processes, and the worker's loops in the process that watches over them."""

from __future__ import annotations

import multiprocessing
import socket
import threading

from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

BLOCKING_THREADS = 4
"""Requests one web process works on at a time. SQLite has one writer, and two cores are soon busy."""


def is_taken(host: str, port: int) -> bool:
    """Whether somebody listens there already. The server itself would share the address and answer every other request."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def serve(host: str, port: int, *, processes: int, worker: bool) -> None:
    """Serve until told to stop (SIGINT, SIGTERM). The worker finishes the batch it is at."""
    # A forked child would share this process's database connection, and locks its threads hold would never open there.
    multiprocessing.set_start_method("spawn", force=True)
    connections.close_all()
    stop = threading.Event()
    loops = threading.Thread(target=_work, args=(stop,), name="worker", daemon=False)
    if worker:
        loops.start()
    try:
        Granian(
            "huoqun.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=processes,
            blocking_threads=BLOCKING_THREADS,
            websockets=False,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
        ).serve()
    finally:
        stop.set()
        if worker:
            loops.join()


def _work(stop: threading.Event) -> None:
    # What audits need takes longer to load than the pages: these come first.
    from huoqun.wiring.worker import Worker  # noqa: PLC0415

    Worker(apart=True).run(stop)
