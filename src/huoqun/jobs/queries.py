"""What the pages and the worker read."""

from __future__ import annotations

from huoqun.jobs.models import OPEN, Job


def latest(kind: str, key: str) -> Job | None:
    """The open job, or else the one that ended last."""
    return Job.objects.filter(kind=kind, key=key).order_by("-id").first()


def is_open(kind: str, key: str) -> bool:
    return Job.objects.filter(kind=kind, key=key, state__in=OPEN).exists()
