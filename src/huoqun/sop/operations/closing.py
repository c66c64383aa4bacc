"""Runs end when all their lines have; lines nobody did in time are over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from huoqun.ownership.models import State as TodoState
from huoqun.ownership.models import Todo
from huoqun.sop.models import Line, Run
from huoqun.sop.rules.states import SETTLED, LineState, RunState, Why

AT_ONCE = 500


def close_runs(runs: Iterable[int], *, now: datetime) -> int:
    """Those of which everything is laid and settled are done."""
    unsettled = Line.objects.filter(run=OuterRef("pk")).exclude(state__in=SETTLED)
    laid = Run.objects.filter(pk__in=list(runs), state=RunState.GOING, laid_at__isnull=False)
    return laid.filter(~Exists(unsettled)).update(state=RunState.DONE, next_at=None, ended_at=now)


def close_overdue(*, now: datetime, most: int = AT_ONCE) -> int:
    """To-dos whose time is over are done by nobody any more. Returns how many lines it was."""
    waiting = Line.objects.filter(kind="todo", state=LineState.HAND, latest__lte=now)
    lines = {line.request_key: line for line in waiting.order_by("latest", "pk")[:most]}
    over = Todo.objects.filter(room="sop", key__in=lines, state__in=(TodoState.EXPIRED, TodoState.CANCELLED))
    ended = [lines[key] for key in over.values_list("key", flat=True)]
    why = {"state": LineState.SKIPPED, "reason": Why.TOO_LATE, "settled_at": now}
    Line.objects.filter(pk__in=[line.pk for line in ended], state=LineState.HAND).update(**why)
    close_runs({line.run_id for line in ended}, now=now)
    return len(ended)
