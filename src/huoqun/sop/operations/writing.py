"""Runs and lines, hundreds at a time. Plain SQL: the ORM made expressions of every value, most of the time of planning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from huoqun.outbox.operations.disk import on_disk
from huoqun.sop.models import Line, Run

LINE = (
    "run_id", "step", "kind", "at", "latest", "state", "reason", "way", "text", "message_id", "edition", "moved_from",
    "settled_at",
)  # fmt: skip
RUN = ("place", "before", "next_at", "laid_at")
ONE_STATEMENT = 500


def add_lines(lines: Sequence[Line]) -> None:
    """Those a run has already stay as they are."""
    written = on_disk()
    rows = [
        (
            line.run_id, line.step, line.kind, written(line.at), written(line.latest), str(line.state), str(line.reason),
            line.way, line.text, line.message_id, line.edition, written(line.moved_from), written(line.settled_at),
        )
        for line in lines
    ]  # fmt: skip
    one = f"({', '.join(['%s'] * len(LINE))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ONE_STATEMENT):
            part = rows[start : start + ONE_STATEMENT]
            cursor.execute(
                f"INSERT INTO sop_line ({', '.join(LINE)}) VALUES {', '.join([one] * len(part))}"  # noqa: S608
                " ON CONFLICT (run_id, step) DO NOTHING",
                [value for row in part for value in row],
            )


def keep_runs(runs: Iterable[Run]) -> None:
    """How far they have come."""
    written = on_disk()
    rows = [(run.place, written(run.before), written(run.next_at), written(run.laid_at), run.pk) for run in runs]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE sop_run SET {', '.join(f'{name} = %s' for name in RUN)} WHERE id = %s", rows)  # noqa: S608
