"""Planning a broadcast as a job: repeatable, and put down at the next batch when the worker is told to stop."""

from __future__ import annotations

from huoqun.content import operations
from huoqun.content.errors import CannotSend
from huoqun.jobs.errors import CannotGoOn
from huoqun.jobs.run import Run


def run_broadcast(run: Run) -> None:
    """Job `broadcast`: `broadcast` (its number)."""
    try:
        operations.plan(run.arguments["broadcast"], now=run.now(), progress=run.report)
    except CannotSend as wrong:
        raise CannotGoOn(f"the broadcast can no longer go out as it was checked: {wrong}") from wrong
