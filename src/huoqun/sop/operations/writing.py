"""Runs and lines, hundreds at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from huoqun.outbox.operations.disk import add_new_models, change, on_disk
from huoqun.sop.models import Line, Run

FAR = ("place", "before", "next_at", "laid_at")


def add_runs(runs: Sequence[Run]) -> int:
    """Those that have begun already stay as they are. Returns how many are new."""
    return add_new_models(runs, unique=("launch_id", "key"))


def add_lines(lines: Sequence[Line]) -> None:
    """Those a run has already stay as they are."""
    add_new_models(lines, unique=("run_id", "step"))


def keep_runs(runs: Iterable[Run]) -> None:
    """How far they have come."""
    written = on_disk()
    rows = [(run.place, written(run.before), written(run.next_at), written(run.laid_at), run.pk) for run in runs]
    change("sop_run", FAR, rows)
