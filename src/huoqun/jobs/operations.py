"""The only place which changes jobs."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from huoqun.console.models import Staff
from huoqun.jobs.models import OPEN, Job, State
from huoqun.jobs.rules import INTERRUPTIONS, LEASE, Daily

log = logging.getLogger(__name__)


def ask(
    kind: str,
    arguments: Mapping[str, Any],
    *,
    key: str,
    by: Staff | None,
    now: datetime,
    not_before: datetime | None = None,
) -> Job:
    """The open job of this kind and key; a new one where there is none. Asking twice is asking once."""
    job = Job(kind=kind, key=key, arguments=dict(arguments), asked_by=by, asked_at=now, not_before=not_before or now)
    while True:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        there = Job.objects.filter(kind=kind, key=key, state__in=OPEN).first()
        if there is not None:
            return there  # None: the one in our way has ended meanwhile


def ask_what_is_due(calendar: Iterable[Daily], *, now: datetime) -> None:
    """Ask once a day for daily work. Days nobody was there are not made up for: the latest one is asked for."""
    for daily in calendar:
        key = daily.key(now)
        if not Job.objects.filter(kind=daily.kind, key=key).exists():
            ask(daily.kind, {}, key=key, by=None, now=now)


def claim(kinds: Collection[str], *, now: datetime) -> Job | None:
    """Take the job that has waited longest, or one whose worker has gone silent. Nobody else gets it while it is beating."""
    if not _claimable(kinds, now).exists():
        return None  # the usual case: looked up without taking SQLite's one write lock
    with transaction.atomic():
        job = _claimable(kinds, now).select_for_update(skip_locked=True).first()
        if job is None:
            return None
        job.interruptions += job.state == State.RUNNING
        if job.interruptions >= INTERRUPTIONS:
            job.state, job.finished_at = State.FAILED, now
            job.detail = f"the worker died {job.interruptions} times while doing this"
        else:
            job.state, job.attempts, job.heartbeat_at = State.RUNNING, job.attempts + 1, now
            job.started_at = job.started_at or now
        job.save()
        return job if job.is_open else None


def is_due(kinds: Collection[str], *, now: datetime) -> bool:
    """Whether `claim` would have something to give."""
    return _claimable(kinds, now).exists()


def _claimable(kinds: Collection[str], now: datetime) -> QuerySet[Job]:
    due = Q(state=State.WAITING, not_before__lte=now)
    silent = Q(state=State.RUNNING, heartbeat_at__lt=now - LEASE)
    return Job.objects.filter(due | silent, kind__in=kinds).order_by("not_before", "id")


def held(job: Job) -> QuerySet[Job]:
    """The row, while this run still holds it: `attempts` is the fence that a run which was thought dead cannot pass."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)


def beat(job: Job, *, now: datetime) -> bool:
    """Say that the run lives. False where it holds the job no longer."""
    return held(job).update(heartbeat_at=now) > 0


def report(job: Job, done: int, total: int | None, message: str, *, now: datetime) -> bool:
    """How far the run is, which also says that it lives. False where it holds the job no longer."""
    news: dict[str, Any] = {"done": done, "total": total, "message": message[:300], "heartbeat_at": now}
    if done > job.done:
        news["interruptions"] = 0  # it got further than any run before
    return held(job).update(**news) > 0


def finish(job: Job, *, now: datetime) -> bool:
    """False where the run had lost the job: then nothing changes."""
    return held(job).update(state=State.DONE, finished_at=now, error="", detail="", cancel_asked=False) > 0


def stop(job: Job, *, now: datetime) -> bool:
    """The run has ended because somebody asked it to."""
    return held(job).update(state=State.CANCELLED, finished_at=now) > 0


def fail(job: Job, error: BaseException, *, plain: str, now: datetime) -> bool:
    log.error("job %s (%s) failed", job.pk, job.kind, exc_info=error)
    detail = "".join(traceback.format_exception(error))
    return held(job).update(state=State.FAILED, finished_at=now, error=plain[:500], detail=detail) > 0


def put_off(job: Job, until: datetime, why: str) -> bool:
    return held(job).update(state=State.WAITING, not_before=until, message=why[:300]) > 0


def cancel(job: Job, *, now: datetime) -> None:
    """A waiting job ends at once, a running one at its next checkpoint, an ended one stays as it is."""
    waiting = Job.objects.filter(pk=job.pk, state=State.WAITING)
    if not waiting.update(state=State.CANCELLED, finished_at=now):
        Job.objects.filter(pk=job.pk, state=State.RUNNING).update(cancel_asked=True)
    job.refresh_from_db()


def resume(job: Job, *, by: Staff | None, now: datetime) -> Job:
    """Go on with a job that failed or was cancelled: the same arguments, where the function finds what is done already."""
    with transaction.atomic():
        ended = Job.objects.select_for_update().get(pk=job.pk)
        if ended.is_open or ended.state == State.DONE:
            return ended
        return ask(ended.kind, ended.arguments, key=ended.key, by=by, now=now)


def forget(before: datetime) -> int:
    """Drop jobs that ended before. Returns how many."""
    return Job.objects.filter(finished_at__lt=before).exclude(state__in=OPEN).delete()[0]
