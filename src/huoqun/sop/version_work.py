"""Hundreds of runs take another version, as a job: repeatable, and put down at the next batch when the worker has to stop."""

from __future__ import annotations

from datetime import datetime

from huoqun.console.models import Staff
from huoqun.jobs import operations as jobs
from huoqun.jobs.errors import CannotGoOn
from huoqun.jobs.run import Run
from huoqun.sop.errors import CannotLaunch
from huoqun.sop.models import Launch, Version
from huoqun.sop.operations.moving import UnderWay, choose
from huoqun.sop.underway import under_way

JOB = "another_version"


def ask(launch: Launch, version: Version, choice: UnderWay, *, by: Staff | None, now: datetime) -> None:
    said = {"launch": launch.pk, "version": version.pk, "choice": choice.value, "by": by.pk if by else None}
    jobs.ask(JOB, said, key=f"{launch.pk}/{version.pk}", by=by, now=now)


def take_another_version(run: Run) -> None:
    """Job `another_version`: `launch`, `version` and who asked by their numbers, `choice` of `moving.UnderWay`."""
    said = run.arguments
    launch = Launch.objects.select_related("community", "version").get(pk=said["launch"])
    version = Version.objects.select_related("playbook").get(pk=said["version"])
    by, total = Staff.objects.filter(pk=said["by"]).first(), under_way(launch, version).runs

    def progress(done: int) -> None:
        run.report(done, max(total, done))

    try:
        choose(launch, version, UnderWay(said["choice"]), by=by, now=run.now(), progress=progress)
    except CannotLaunch as wrong:
        raise CannotGoOn(f"the launch cannot take this version: {wrong}") from wrong
