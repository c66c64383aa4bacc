"""A step moved in thousands of groups is planned again as a job: repeatable, and put down at the next batch."""

from __future__ import annotations

from datetime import date

from huoqun.console.models import Staff
from huoqun.jobs.run import Run
from huoqun.sop.operations.retiming import Wish, plan_moved


def run_move(run: Run) -> None:
    """Job `move_steps`: `launch`, `step`, `days` (where lines stand and go), `groups` (None: all), `by`."""
    told = run.arguments
    by = Staff.objects.filter(pk=told["by"]).first()
    days = [date.fromisoformat(day) for day in told["days"]]
    wish = Wish(told["launch"], told["step"], days[0], 0, told["groups"])
    plan_moved(wish, days, by=by, now=run.now(), progress=run.report)
