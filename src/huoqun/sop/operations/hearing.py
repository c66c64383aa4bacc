"""What became of lines, and what they waited for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huoqun.outbox import operations as outbox
from huoqun.outbox.models import Request
from huoqun.ownership import operations as ownership
from huoqun.ownership.models import Todo
from huoqun.sop.models import Line, Run
from huoqun.sop.operations.beginning import say_yes
from huoqun.sop.operations.closing import close_runs
from huoqun.sop.rules.states import OF_OUTCOME, SETTLED, LineState, RunState, Why
from huoqun.sop.steps import Pin, Wait
from huoqun.vocabulary.facts import RequestSettled, TodoDone

ROOM = "sop"
AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Named:
    """A line as its request or to-do is called."""

    run: int
    edition: int
    step: str
    part: str = ""
    """"farewell", "seed": something beside the line itself."""


def named(key: str) -> Named | None:
    """None: it is not the name of a line."""
    parts = key.removeprefix("request/").split("/")
    if len(parts) < 4 or parts[0] != ROOM or not (parts[1].isdecimal() and parts[2].isdecimal()):
        return None
    return Named(int(parts[1]), int(parts[2]), parts[3], "/".join(parts[4:]))


@transaction.atomic
def settle(facts: Iterable[RequestSettled], *, now: datetime) -> int:
    """Lines are what the outbox says of their requests. Returns how many changed."""
    told = {name: fact for fact in facts if (name := named(fact.request))}
    changed = 0
    for line in _lines(told):
        for part, settled in (("", _settled), ("farewell", _farewell_settled)):
            fact = told.get(Named(line.run_id, line.edition, line.step, part))
            changed += settled(line, fact, now) if fact else 0
    close_runs({name.run for name in told}, now=now)
    return changed


def _farewell_settled(line: Line, fact: RequestSettled, now: datetime) -> bool:
    """The group may be dissolved all the same; that nothing was said before stands there."""
    if fact.outcome not in {"refused", "expired"} or line.reason:
        return False
    line.reason = Why.NOT_SAID
    line.save(update_fields=["reason"])
    return True


def _settled(line: Line, fact: RequestSettled, now: datetime) -> bool:
    state, was = OF_OUTCOME.get(fact.outcome), line.state
    if state is None or was in {LineState.DONE, LineState.SKIPPED} or was == state:
        return False
    step = line.run.version.book.find(line.step)
    if state == LineState.HAND and step is not None and step.fallback == "skip":
        outbox.cancel(Request.objects.filter(community=fact.community, key=fact.request), by=None, now=now)
        state, line.reason = LineState.SKIPPED, Why.CANNOT
    elif state in {LineState.FAILED, LineState.UNKNOWN}:
        line.reason = fact.reason[:300]
    elif state == LineState.SKIPPED:
        too_late = fact.outcome == "expired" or (was == LineState.HAND and fact.at >= line.latest)
        line.reason = Why.TOO_LATE if too_late else Why.BY_HAND
    line.state, line.message_id = state, fact.message_id or line.message_id
    line.settled_at = fact.at if state in SETTLED else None
    line.save(update_fields=["state", "reason", "message_id", "settled_at"])
    if state in {LineState.FAILED, LineState.SKIPPED}:
        ownership.cancel(Todo.objects.filter(room=ROOM, key=f"{line.request_key}/seed"), by=None, now=now)
    if state in SETTLED:
        _wake_pins(line, now)
    return True


def _wake_pins(said: Line, now: datetime) -> None:
    """Those which waited for it to be out are laid again."""
    for pin in Line.objects.filter(run=said.run_id, kind="pin", state=LineState.WAITING):
        step = said.run.version.book.find(pin.step)
        if isinstance(step, Pin) and step.said == said.step:
            pin.delete()
            Run.objects.filter(pk=said.run_id, state=RunState.GOING).update(next_at=now)


@transaction.atomic
def done(facts: Iterable[TodoDone], *, now: datetime) -> int:
    """Somebody has done what they were given, or said yes."""
    told, yeses = dict[Named, TodoDone](), list[int]()
    for fact in facts:
        if name := named(fact.key):
            if not name.part:
                told[name] = fact
        elif fact.key.startswith("sop/yes/"):
            yeses.append(int(fact.key.removeprefix("sop/yes/")))
    say_yes(Run.objects.filter(pk__in=yeses), now=now)
    changed = 0
    for line in _lines(told):
        if line.state in SETTLED:
            continue
        line.state, line.settled_at = LineState.DONE, told[Named(line.run_id, line.edition, line.step)].at
        line.way = "came" if line.kind == "approval" else line.way
        line.save(update_fields=["state", "settled_at", "way"])
        came(_waiting_for_todo(line), at=line.settled_at, now=now)
        Run.objects.filter(pk=line.run_id, state=RunState.GOING).update(next_at=now)
        changed += 1
    close_runs({name.run for name in told}, now=now)
    return changed


def _waiting_for_todo(todo: Line) -> list[Line]:
    waiting = Line.objects.filter(run=todo.run_id, kind="wait", state=LineState.WAITING)
    book = todo.run.version.book
    return [line for line in waiting if _waits(book.find(line.step), "todo_done", todo.step)]


def _waits(step: object, fact: str, said: str = "") -> bool:
    return isinstance(step, Wait) and step.fact == fact and step.said == said


def came(lines: Iterable[Line], *, at: datetime, now: datetime) -> int:
    """What they waited for has happened: their runs go on."""
    keys = [line.pk for line in lines]
    ended = Line.objects.filter(pk__in=keys, state=LineState.WAITING).update(state=LineState.DONE, way="came", settled_at=at)
    runs = Line.objects.filter(pk__in=keys).values("run")
    # A paused run is looked at when it goes on.
    Run.objects.filter(pk__in=runs, state=RunState.GOING).update(next_at=now)
    return ended


def _lines(told: Mapping[Named, object]) -> list[Line]:
    wanted = {(name.run, name.edition, name.step) for name in told}
    runs = sorted({run for run, _edition, _step in wanted})
    found: list[Line] = []
    for start in range(0, len(runs), AT_ONCE):
        rows = Line.objects.select_for_update(of=("self",)).filter(run__in=runs[start : start + AT_ONCE])
        found += [
            line
            for line in rows.select_related("run__version").defer("run__version__plain").order_by("pk")
            if (line.run_id, line.edition, line.step) in wanted
        ]
    return found
