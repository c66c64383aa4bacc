"""Somebody says yes or no where a run, or a step of it, waits for that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huoqun.console.models import Staff
from huoqun.ownership import operations as ownership
from huoqun.ownership.models import Todo
from huoqun.ownership.operations.doing import do_many
from huoqun.sop.errors import NotOpen
from huoqun.sop.models import Line, Run
from huoqun.sop.operations import changing
from huoqun.sop.operations.beginning import say_yes
from huoqun.sop.operations.hearing import came
from huoqun.sop.rules.states import LineState, RunState
from huoqun.sop.steps import Approval


@transaction.atomic
def begin_after_all(run: Run, *, by: Staff, now: datetime) -> None:
    """The run begins, and the to-do that asked for it is done. Raises NotOpen."""
    if not say_yes([run], now=now):
        raise NotOpen
    do_many(_asking(run), by=by, now=now)


@transaction.atomic
def turn_down(run: Run, *, by: Staff, now: datetime) -> None:
    """It does not begin. Raises NotOpen."""
    if not Run.objects.filter(pk=run.pk, state=RunState.ASKED).exists() or not changing.stop(run, by=by, now=now):
        raise NotOpen
    ownership.cancel(_asking(run), by=by, now=now)


def _asking(run: Run) -> list[Todo]:
    return list(Todo.objects.filter(room="sop", key=f"sop/yes/{run.pk}"))


@transaction.atomic
def approve(line: Line, *, by: Staff, now: datetime) -> None:
    """The run goes on. Raises NotOpen."""
    row = _waiting(line)
    came([row], at=now, now=now)
    do_many(Todo.objects.filter(room="sop", key=row.request_key), by=by, now=now)


@transaction.atomic
def refuse(line: Line, *, by: Staff, now: datetime) -> None:
    """What the playbook says for a no: it ends, or goes on without. Raises NotOpen."""
    row = _waiting(line)
    step = row.run.version.book.find(row.step)
    if isinstance(step, Approval) and step.otherwise == "end":
        changing.stop(row.run, by=by, now=now)
    else:
        changing.skip(row, by=by, now=now)


def _waiting(line: Line) -> Line:
    rows = Line.objects.select_for_update(of=("self",)).select_related("run__version")
    row = rows.filter(pk=line.pk, kind="approval", state=LineState.WAITING, run__state=RunState.GOING).first()
    if row is None:
        raise NotOpen
    return row
