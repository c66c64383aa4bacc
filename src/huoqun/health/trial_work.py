"""What fair tests over thousands of groups need, as jobs: repeatable."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from huoqun.console.models import Staff
from huoqun.jobs import operations as jobs
from huoqun.jobs.models import Job
from huoqun.jobs.run import Run
from huoqun.sop.models import Launch, Trial
from huoqun.sop.operations.trials import stands_in_the_way
from huoqun.sop.rules.testing import Plan

from .operations.outlooks import named, work_out
from .operations.readings import reading_of
from .trials import taking_part

AT_ONCE = 300
"""So many groups are worked out while the page is made; more, as a job."""
OUTLOOK, READING = "trial_outlook", "trial_reading"


def outlook_key(launch: Launch, plan: Plan) -> str:
    return f"{launch.pk}/{named(plan)}"


def ask_outlook(launch: Launch, plan: Plan, *, by: Staff, now: datetime) -> Job:
    told = {"launch": launch.pk, "plan": asdict(plan) | {"first_day": plan.first_day.isoformat()}}
    return jobs.ask(OUTLOOK, told, key=outlook_key(launch, plan), by=by, now=now)


def ask_reading(trial: Trial, *, by: Staff, now: datetime) -> Job:
    return jobs.ask(READING, {"trial": trial.pk}, key=str(trial.pk), by=by, now=now)


def run_outlook(run: Run) -> None:
    """Job `trial_outlook`: `launch`, `plan`. A launch that cannot be tested any more needs none."""
    launch = Launch.objects.select_related("community", "version").filter(pk=run.arguments["launch"]).first()
    if launch is None or stands_in_the_way(launch):
        return
    told = run.arguments["plan"]
    plan = Plan(**(told | {"first_day": date.fromisoformat(told["first_day"])}))
    run.report(0, 3, "who takes part")
    work_out(launch, plan, taking_part(launch), now=run.now(), report=run.report)


def run_reading(run: Run) -> None:
    """Job `trial_reading`: `trial`. Read once; a test that is not over is not read."""
    trial = Trial.objects.select_related("launch__community").filter(pk=run.arguments["trial"]).first()
    if trial is not None:
        run.report(0, 1, "reading")
        reading_of(trial, now=run.now())
