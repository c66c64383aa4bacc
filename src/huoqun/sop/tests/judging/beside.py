"""Side by side: playbooks keep apart, flash groups end, and nothing is left lying about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from huoqun.inbox.models import Parked
from huoqun.ownership.models import Todo
from huoqun.sop.models import Line
from huoqun.sop.tests.judging.record import Record


def parked(record: Record) -> Iterator[str]:
    for row in Parked.objects.filter(settled_at=None):
        yield f"{row.subscriber} could not take an entry: {row.error[-300:]}"


def apart(record: Record) -> Iterator[str]:
    said: dict[int, list[Line]] = defaultdict(list)
    for line in record.lines:
        if line.kind in {"post", "topic", "notice"} and line.state != "skipped":
            said[record.runs[line.run_id].group_id].append(line)
    for lines in said.values():
        for one, other in combinations(lines, 2):
            if record.runs[one.run_id].launch_id != record.runs[other.run_id].launch_id and abs(one.at - other.at) < timedelta(
                hours=1
            ):
                yield f"{one} at {one.at} and {other} at {other.at} are of two playbooks"


def flashes(record: Record) -> Iterator[str]:
    for run in record.runs.values():
        if not run.version.plain["name"].startswith("flash") or run.state == "stopped":
            continue
        line = record.line.get((run.pk, "over"))
        if line is None:
            yield f"flash {run.pk} has no end"
        elif line.state == "done" or line.reason not in {"", "not_said"}:
            continue
        elif not Todo.objects.filter(request=line.request_key, given_at__lte=line.latest).exists():
            yield f"flash {run.pk} was neither ended nor given to anybody by {line.latest}: {line.state}"


def left_lying(record: Record) -> Iterator[str]:
    """Nothing that was stopped still goes out, or waits for somebody."""
    for key in Todo.objects.filter(room="sop", state="open").values_list("key", flat=True):
        named = key.removeprefix("request/").split("/")
        if named[1] == "yes":
            if record.runs[int(named[2])].state != "asked":
                yield f"somebody is still asked whether {named[2]} may begin"
        elif record.runs[int(named[1])].state == "stopped":
            yield f"{key} is still to be done for a run that was stopped"
