"""One run is paused, shifted, stopped; one of its lines left out or said otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from huoqun.community.parts import parts
from huoqun.console.models import Staff
from huoqun.outbox import operations as outbox
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.ownership import operations as ownership
from huoqun.ownership.models import State as TodoState
from huoqun.ownership.models import Todo
from huoqun.sop.errors import NotOpen
from huoqun.sop.models import Line, Run
from huoqun.sop.operations.closing import close_runs
from huoqun.sop.operations.proving import PROOF
from huoqun.sop.rules.going import ended
from huoqun.sop.rules.states import OPEN, SETTLED, LineState, RunState, Why

AT_ONCE = 500
UNDER_WAY = [state for state in LineState if state not in SETTLED]


@transaction.atomic
def pause(run: Run, *, by: Staff | None, now: datetime) -> None:
    """What is asked of carriers is held, nothing more is planned."""
    if Run.objects.filter(pk=run.pk, state=RunState.GOING).update(state=RunState.PAUSED):
        outbox.hold(_requests(Line.objects.filter(run=run)), by=by, now=now)


@transaction.atomic
def resume(run: Run, *, by: Staff | None, now: datetime) -> None:
    if Run.objects.filter(pk=run.pk, state=RunState.PAUSED).update(state=RunState.GOING, next_at=now):
        outbox.release(_requests(Line.objects.filter(run=run)), by=by, now=now)


@transaction.atomic
def stop(run: Run, *, by: Staff | None, now: datetime) -> bool:
    """It is over; what has not gone out does not. False: it was over."""
    return stop_runs(Run.objects.filter(pk=run.pk), by=by, now=now) > 0


def stop_runs(
    runs: QuerySet[Run], *, by: Staff | None, now: datetime, why: Why = Why.STOPPED, sparing: Collection[str] = ()
) -> int:
    """`sparing`: kinds of steps which settle by themselves."""
    stopped = 0
    keys = list(runs.filter(state__in=OPEN).order_by().values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        with transaction.atomic():
            ended = Run.objects.filter(pk__in=part, state__in=OPEN)
            stopped += ended.update(state=RunState.STOPPED, reason=why, next_at=None, ended_at=now)
            lines = Line.objects.filter(run__in=part, state__in=UNDER_WAY).exclude(kind__in=sparing)
            leave_out(lines, why, by=by, now=now)
            asking = Todo.objects.filter(room="sop", key__in=[f"sop/yes/{run}" for run in part], state=TodoState.OPEN)
            ownership.cancel(asking, by=by, now=now)
    return stopped


@transaction.atomic
def skip(line: Line, *, by: Staff | None, now: datetime) -> None:
    """It is left out; the run goes on with what comes after. Raises NotOpen, also where it is out already."""
    row = Line.objects.select_for_update(of=("self",)).select_related("run").get(pk=line.pk)
    if row.state in SETTLED or not row.run.is_open:
        raise NotOpen
    waited = row.state == LineState.WAITING
    if not leave_out(Line.objects.filter(pk=row.pk), Why.BY_HAND, by=by, now=now):
        raise NotOpen
    close_runs([row.run_id], now=now)
    if waited:
        Run.objects.filter(pk=row.run_id, state=RunState.GOING).update(next_at=now)


@transaction.atomic
def shift(run: Run, by_how_much: timedelta, *, by: Staff | None, now: datetime) -> None:
    """Everything that has not gone out is due so much later, or earlier. Raises NotOpen."""
    row = _open(run)
    row.anchor += by_how_much
    plan_again(row, [step.key for step in row.version.book.steps], by=by, now=now, later=by_how_much)


@transaction.atomic
def reword(line: Line, text: str, *, by: Staff | None, now: datetime) -> None:
    """This group's own words for this step, as long as it has not gone out. Raises NotOpen."""
    row = _open(line.run)
    row.own_words = {**row.own_words, line.step: text}
    if not plan_again(row, [line.step], by=by, now=now):
        raise NotOpen


def _open(run: Run) -> Run:
    row = Run.objects.select_for_update(of=("self",)).select_related("version").get(pk=run.pk)
    if row.state not in OPEN:
        raise NotOpen
    return row


def plan_again(
    run: Run, steps: Collection[str], *, by: Staff | None, now: datetime, later: timedelta = timedelta(0)
) -> set[str]:
    """What of these steps could be taken back is unmade and planned again; what is out, or on its way, stays. Returns those
    unmade. `run` is locked by the caller.
    """
    lines = Line.objects.filter(run=run, step__in=steps)
    given = Q(state=LineState.HAND, kind="todo", at__gt=now)
    ahead = Q(state=LineState.PLANNED) | given | Q(state=LineState.WAITING, kind__in=("wait", "pin"), at__gt=now)
    unmade = withdraw(lines.filter(ahead), by=by, now=now)
    kept = {line.step: line for line in Line.objects.filter(run=run)}
    places = [number for number, step in enumerate(run.version.book.steps) if step.key in unmade]
    run.place = min([run.place, *places])
    before = [ended(kept[step.key]) + later for step in run.version.book.steps[: run.place] if step.key in kept]
    run.before = max([run.anchor, *before])
    run.edition, run.next_at = run.edition + 1, now
    run.laid_at = None if unmade else run.laid_at
    run.save(update_fields=["anchor", "before", "own_words", "place", "edition", "next_at", "laid_at"])
    return unmade


def withdraw(lines: QuerySet[Line], *, by: Staff | None, now: datetime) -> set[str]:
    """What was planned is unmade, where nothing of it is out. Returns the steps."""
    rows = list(lines)
    _take_back(rows, by=by, now=now)
    out = _out(rows)
    unmade = [row for row in rows if row.request_key not in out]
    Line.objects.filter(pk__in=[row.pk for row in unmade]).delete()
    return {row.step for row in unmade}


def leave_out(lines: QuerySet[Line], why: Why, *, by: Staff | None, now: datetime) -> int:
    """What is out already, or on its way, stays what it is: how that ends will be told. Returns how many were left out."""
    rows = list(lines)
    _take_back(rows, by=by, now=now)
    # What is out and was only still to be shown is settled by nobody else any more.
    out = _out(rows, whole=False) - _to_be_shown(rows)
    left = [row.pk for row in rows if row.request_key not in out]
    for start in range(0, len(left), AT_ONCE):
        some = Line.objects.filter(pk__in=left[start : start + AT_ONCE])
        some.update(state=LineState.SKIPPED, reason=why, settled_at=now)
    return len(left)


def _take_back(lines: Sequence[Line], *, by: Staff | None, now: datetime) -> None:
    outbox.cancel(_requests_of(lines), by=by, now=now)
    ownership.cancel(_todos_of(lines), by=by, now=now)


def _out(lines: Sequence[Line], *, whole: bool = True) -> set[str]:
    """Names of those of which something is out. `whole`: also of what belongs to them, such as a farewell."""
    out = {request.key for request in _requests_of(lines) if request.state != RequestState.CANCELLED}
    todos = [todo for todo in _todos_of(lines) if todo.state not in {TodoState.CANCELLED, TodoState.EXPIRED}]
    out |= {todo.key.removeprefix("request/") for todo in todos}
    return {_of_line(key) for key in out} if whole else {key.split("/to/")[0] for key in out}


def _to_be_shown(lines: Sequence[Line]) -> set[str]:
    keys = [f"{line.request_key}/{PROOF}" for line in lines if line.state == LineState.HAND]
    found = [key for some in parts(keys) for key in Todo.objects.filter(room="sop", key__in=some).values_list("key", flat=True)]
    return {key.removesuffix(f"/{PROOF}") for key in found}


def _of_line(key: str) -> str:
    return "/".join(key.split("/")[:4])


def _requests(lines: QuerySet[Line]) -> list[Request]:
    return _requests_of(list(lines))


def _requests_of(lines: Iterable[Line]) -> list[Request]:
    keys = [key for line in lines for key in (*line.request_keys, f"{line.request_key}/farewell")]
    return [row for some in parts(keys) for row in Request.objects.filter(room="sop", key__in=some)]


def _todos_of(lines: Iterable[Line]) -> list[Todo]:
    named = [line.request_key for line in lines]
    keys = [each for key in named for each in (key, f"{key}/seed", f"{key}/proof", f"request/{key}/farewell")]
    keys += [f"request/{key}" for line in lines for key in line.request_keys]
    return [row for some in parts(keys) for row in Todo.objects.filter(room="sop", key__in=some)]
