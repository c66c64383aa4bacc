"""Runs end when all their lines have; lines nobody did in time are over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from huoqun.community.parts import parts
from huoqun.ownership.models import State as TodoState
from huoqun.ownership.models import Todo
from huoqun.sop.models import Line, Run
from huoqun.sop.rules.states import SETTLED, LineState, RunState, Why

AT_ONCE = 500
GIVEN_UP = (TodoState.EXPIRED, TodoState.CANCELLED)


def close_runs(runs: Iterable[int], *, now: datetime) -> int:
    """Those of which everything is laid and settled are done."""
    unsettled = Line.objects.filter(run=OuterRef("pk")).exclude(state__in=SETTLED)
    laid = Run.objects.filter(pk__in=list(runs), state=RunState.GOING, laid_at__isnull=False)
    return laid.filter(~Exists(unsettled)).update(state=RunState.DONE, next_at=None, ended_at=now)


def close_overdue(*, now: datetime, most: int = AT_ONCE) -> int:
    """To-dos whose time is over are done by nobody any more. Returns how many lines it was."""
    # What is over was due before: so it is found among what is open.
    waiting = Line.objects.filter(kind="todo", state=LineState.HAND, latest__lte=now, due_at__lte=now, settled_at__isnull=True)
    lines = {line.request_key: line for line in waiting.order_by("latest", "pk")[:most]}
    return _over(lines, Why.TOO_LATE, now) + _close_unproven(now)


def _close_unproven(now: datetime) -> int:
    """What went out, and nobody showed while that was of use: other lines that somebody had are settled by then."""
    had = Line.objects.filter(state=LineState.HAND, latest__lte=now, due_at__lte=now, settled_at__isnull=True)
    lines = {f"{line.request_key}/proof": line for line in had.exclude(kind="todo").order_by("due_at", "pk")}
    return sum(_over({key: lines[key] for key in keys}, Why.NO_PROOF, now) for keys in parts(lines))


def _over(lines: Mapping[str, Line], why: Why, now: datetime) -> int:
    """Those whose to-do, by its key, nobody is to do any more. Returns how many.

    With their runs or not at all: nobody would look again at a run all of whose lines are settled.
    """
    over = Todo.objects.filter(room="sop", key__in=lines, state__in=GIVEN_UP)
    ended = [lines[key] for key in over.values_list("key", flat=True)]
    if not ended:
        return 0  # the usual case: looked up without taking SQLite's one write lock
    settled = {"state": LineState.SKIPPED, "reason": why, "settled_at": now}
    with transaction.atomic():
        Line.objects.filter(pk__in=[line.pk for line in ended], state=LineState.HAND).update(**settled)
        close_runs({line.run_id for line in ended}, now=now)
    return len(ended)
