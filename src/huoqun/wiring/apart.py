"""Long work in a process of its own, below all others: an audit or a first sync takes a processor for minutes and, inside the
worker, would hold up whoever is to be welcomed within seconds. The process is there while there is such work; its memory goes
with it.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

log = logging.getLogger(__name__)

PROCESS = "huoqun.wiring.long_work_process"


class Apart:
    """The worker's end of it: begins the process when there is work and none is running."""

    def __init__(self, is_due: Callable[[], bool]) -> None:
        self._is_due = is_due
        self._process: subprocess.Popen[bytes] | None = None

    def round(self) -> bool:
        if (self._process is None or self._process.poll() is not None) and self._is_due():
            self._report_the_last()
            self._process = subprocess.Popen([sys.executable, "-m", PROCESS], stdin=subprocess.PIPE)  # noqa: S603 -- our own
        return False

    def close(self, patience: float) -> None:
        """The job at hand has so many seconds to reach a checkpoint. Later another worker goes on with it."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
            return
        self._process.kill()
        self._process.wait()

    def _report_the_last(self) -> None:
        if self._process is not None and self._process.returncode:
            log.error("the process for long work ended with %s; another one goes on", self._process.returncode)
