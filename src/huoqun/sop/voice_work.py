"""Hundreds of groups speak in another voice, as a job: repeatable, and put down at the next batch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from huoqun.console.models import Staff
from huoqun.jobs import operations as jobs
from huoqun.jobs.run import Run
from huoqun.sop.models import Launch
from huoqun.sop.operations.speaking import say_anew

JOB = "new_voices"


def ask(launch: Launch, before: Mapping[str, str], *, by: Staff | None, now: datetime) -> None:
    said = {"launch": launch.pk, "before": dict(before), "by": by.pk if by else None}
    jobs.ask(JOB, said, key=f"{launch.pk}/{now:%Y%m%dT%H%M%S.%f}", by=by, now=now)


def take_new_voices(run: Run) -> None:
    """Job `new_voices`: `launch` and who asked by their numbers, `before`: as whom whose voice changed spoke until then."""
    said = run.arguments
    by = Staff.objects.filter(pk=said["by"]).first()
    say_anew(Launch.objects.get(pk=said["launch"]), said["before"], by=by, now=run.now(), progress=run.report)
