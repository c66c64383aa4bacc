"""What fair tests over thousands of groups need, as jobs: repeatable."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from huoqun.console.models import Staff
from huoqun.jobs import operations as jobs
from huoqun.jobs.errors import CannotGoOn
from huoqun.jobs.models import Job
from huoqun.jobs.run import Run
from huoqun.sop.errors import CannotDraw, NoDraw
from huoqun.sop.models import Launch, Trial
from huoqun.sop.operations.trials import draw, stands_in_the_way
from huoqun.sop.rules.testing import Plan

from .operations.outlooks import named, work_out
from .operations.readings import reading_of
from .trials import taking_part

AT_ONCE = 300
"""So many groups are worked out while the page is made; more, as a job."""
OUTLOOK, DRAW, READING = "trial_outlook", "trial_draw", "trial_reading"
NOT_DRAWN = "the lots were not dealt: "


def outlook_key(launch: Launch, plan: Plan) -> str:
    return f"{launch.pk}/{named(plan)}"


def ask_outlook(launch: Launch, plan: Plan, *, by: Staff, now: datetime) -> Job:
    told = {"launch": launch.pk, "plan": _told(plan)}
    return jobs.ask(OUTLOOK, told, key=outlook_key(launch, plan), by=by, now=now)


def ask_draw(launch: Launch, plan: Plan, *, seed: int, smallest: float | None, by: Staff, now: datetime) -> Job:
    """Whoever asks while lots are being dealt gets those."""
    told = {"launch": launch.pk, "plan": _told(plan), "seed": seed, "smallest": smallest, "by": by.pk}
    return jobs.ask(DRAW, told, key=str(launch.pk), by=by, now=now)


def ask_reading(trial: Trial, *, by: Staff, now: datetime) -> Job:
    return jobs.ask(READING, {"trial": trial.pk}, key=str(trial.pk), by=by, now=now)


def _told(plan: Plan) -> dict[str, object]:
    return asdict(plan) | {"first_day": plan.first_day.isoformat()}


def plan_of(job: Job) -> Plan:
    """What a job is about."""
    told = job.arguments["plan"]
    return Plan(**(told | {"first_day": date.fromisoformat(told["first_day"])}))


def run_outlook(run: Run) -> None:
    """Job `trial_outlook`: `launch`, `plan`. A launch that cannot be tested any more needs none."""
    launch = Launch.objects.select_related("community", "version").filter(pk=run.arguments["launch"]).first()
    if launch is None or stands_in_the_way(launch):
        return
    run.report(0, 3, "who takes part")
    work_out(launch, plan_of(run.job), taking_part(launch), now=run.now(), report=run.report)


def run_draw(run: Run) -> None:
    """Job `trial_draw`: `launch`, `plan`, `seed`, `smallest`, `by`. Whoever takes it up again deals the same lots; lots that
    are dealt stay as they fell.
    """
    told = run.arguments
    launch = Launch.objects.filter(pk=told["launch"]).first()
    if launch is None or Trial.objects.filter(launch=launch).exists():
        return
    run.report(0, 3, "who shares members with whom")
    by, plan = Staff.objects.filter(pk=told["by"]).first(), plan_of(run.job)
    try:
        draw(launch, plan, seed=told["seed"], smallest=told["smallest"], by=by, now=run.now(), report=run.report)
    except CannotDraw as refused:
        raise CannotGoOn(f"{NOT_DRAWN}{refused.reason.value}") from refused


def not_drawn_because(job: Job) -> NoDraw | None:
    """Why this plan could not be drawn; None: something else went wrong."""
    told = job.error.rpartition(NOT_DRAWN)[2]
    return NoDraw(told) if told in set(NoDraw) and told != job.error else None


def run_reading(run: Run) -> None:
    """Job `trial_reading`: `trial`. Read once; a test that is not over is not read."""
    trial = Trial.objects.select_related("launch__community").filter(pk=run.arguments["trial"]).first()
    if trial is not None:
        run.report(0, 1, "reading")
        reading_of(trial, now=run.now())
