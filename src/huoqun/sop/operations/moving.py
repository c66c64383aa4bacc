"""A launch goes on with another version of its playbook, and so do its runs under way, if that is wanted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huoqun.console.models import Staff
from huoqun.sop.models import Launch, Line, Run, Version
from huoqun.sop.operations.changing import leave_out, withdraw
from huoqun.sop.operations.renewing import renew
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.rules.going import ended, next_place
from huoqun.sop.rules.states import OPEN, SETTLED, LineState, RunState, Why

AT_ONCE = 200


def move_to(launch: Launch, version: Version, *, under_way: bool, by: Staff | None, now: datetime) -> int:
    """Runs that begin from now on are of this version. Those under way end with theirs, or (`under_way`) go on with the new:
    what is done, or on its way, is kept; what was only planned is planned by the new version; what people were to do for steps
    that are no more is taken back from them. Returns how many runs moved. Raises CannotLaunch.
    """
    if not renew(launch, version) or not under_way:
        return 0
    runs = Run.objects.filter(launch=launch, state__in=OPEN).exclude(version=version).order_by("pk")
    keys = list(runs.values_list("pk", flat=True))
    return sum(_move(keys[start : start + AT_ONCE], version, by=by, now=now) for start in range(0, len(keys), AT_ONCE))


@transaction.atomic
def _move(keys: list[int], version: Version, *, by: Staff | None, now: datetime) -> int:
    rows = Run.objects.select_for_update(of=("self",)).filter(pk__in=keys, state__in=OPEN)
    runs, book = list(rows.order_by("pk")), version.book
    for run in runs:
        lines = Line.objects.filter(run=run)
        withdraw(lines.filter(state=LineState.PLANNED), by=by, now=now)
        _unmake_waits(run, book, now)
        dropped = lines.exclude(state__in=SETTLED).exclude(step__in=[step.key for step in book.steps])
        leave_out(dropped, Why.REPLACED, by=by, now=now)
        _go_on_with(run, version)
        run.edition, run.laid_at = run.edition + 1, None
        run.next_at = now if run.state == RunState.GOING else run.next_at
    Run.objects.bulk_update(runs, ["version", "place", "before", "edition", "laid_at", "next_at"], batch_size=100)
    return len(runs)


def _unmake_waits(run: Run, book: Playbook, now: datetime) -> None:
    """Those that have not begun are as the new version has them."""
    Line.objects.filter(run=run, state=LineState.WAITING, kind__in=("wait", "pin"), at__gt=now).delete()


def _go_on_with(run: Run, version: Version) -> None:
    """After the last of the new version's steps that was done, or is on its way."""
    book = version.book
    lines = {line.step: line for line in Line.objects.filter(run=run)}
    kept = [number for number, step in enumerate(book.steps) if step.key in lines]
    run.version, run.place = version, 0
    if kept:
        last = lines[book.steps[kept[-1]].key]
        waits = last.state == LineState.WAITING
        run.place = kept[-1] if waits else next_place(book, kept[-1], last)
    run.before = max([run.anchor, *(ended(line) for line in lines.values() if line.state != LineState.WAITING)])
