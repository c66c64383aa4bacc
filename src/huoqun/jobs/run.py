"""What a job function is given, and how one job is run."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection

from huoqun.jobs import operations
from huoqun.jobs.errors import Cancelled, CannotGoOn, LostIt, TryLater
from huoqun.jobs.models import Job
from huoqun.jobs.rules import BEAT

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Work = Callable[["Run"], object]

_BETWEEN_REPORTS = timedelta(seconds=1)


class Run:
    """One go at a job. The function may be called again after a crash: it looks what is done and goes on from there.

    Report between transactions, not inside one: what is reported inside is only seen at its end.
    """

    def __init__(self, job: Job, clock: Clock, *, closing: Callable[[], bool] = lambda: False) -> None:
        self.job = job
        self.now = clock
        self._closing = closing
        self.stopped = False
        """The function was told that somebody asked to stop."""
        self._reported_at: datetime | None = None
        self._looked_at: datetime | None = None

    @property
    def arguments(self) -> Mapping[str, Any]:
        return self.job.arguments  # type: ignore[no-any-return]

    def report(self, done: int, total: int | None = None, message: str = "") -> None:
        """Show how far it is; as often as you like, written about once a second. A checkpoint: see
        there; raises LostIt as well.
        """
        now = self.now()
        ended = total is not None and done >= total
        soon = self._reported_at is not None and now - self._reported_at < _BETWEEN_REPORTS
        if soon and not ended and not self._closing():
            return
        self._reported_at = now
        if not operations.report(self.job, done, total, message, now=now):
            raise LostIt
        self.checkpoint()

    def cancelled(self) -> bool:
        """Whether somebody asked to stop (looked up about once a second). After True, clean up and return."""
        now = self.now()
        if not self.stopped and (self._looked_at is None or now - self._looked_at >= _BETWEEN_REPORTS):
            self._looked_at = now
            self.stopped = operations.held(self.job).filter(cancel_asked=True).exists()
        return self.stopped

    def checkpoint(self) -> None:
        """Raises Cancelled where somebody asked to stop, TryLater where the worker is being shut down."""
        if self.cancelled():
            raise Cancelled
        if self._closing():
            raise TryLater(timedelta(0))


def work_on(job: Job, function: Work, *, clock: Clock, closing: Callable[[], bool] = lambda: False) -> None:
    """Do a claimed job and write down how it ended."""
    run = Run(job, clock, closing=closing)
    try:
        function(run)
    except LostIt:
        log.warning("job %s (%s) went on elsewhere: this run was silent for too long", job.pk, job.kind)
    except Cancelled:
        operations.stop(job, now=clock())
    except TryLater as later:
        operations.put_off(job, clock() + later.after, str(later))
    except CannotGoOn as plain:
        operations.fail(job, plain, plain=str(plain), now=clock())
    except Exception as error:  # noqa: BLE001 -- where an unexpected error ends: kept with the job, and the page says so
        operations.fail(job, error, plain="", now=clock())
    else:
        ended = operations.stop if run.stopped else operations.finish
        ended(job, now=clock())


@contextmanager
def beating(job: Job, *, clock: Clock) -> Iterator[None]:
    """Says in a thread of its own that the run lives, however long the function is silent. Ends with the process."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(BEAT.total_seconds()):
                try:
                    operations.beat(job, now=clock())
                except DatabaseError as refusal:
                    log.warning("job %s: the heartbeat could not be written: %s", job.pk, refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat of job {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
