"""What became of lines, and what they waited for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from huoqun.outbox import operations as outbox
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.ownership import operations as ownership
from huoqun.ownership.models import Todo
from huoqun.sop.models import Line, Run
from huoqun.sop.operations.beginning import say_yes
from huoqun.sop.operations.closing import close_runs
from huoqun.sop.operations.proving import PROOF, ask_for_proof
from huoqun.sop.parts.shape import PROOFS
from huoqun.sop.rules.states import OF_OUTCOME, SETTLED, LineState, RunState, Why, together
from huoqun.sop.steps import Pin, Wait
from huoqun.vocabulary.facts import RequestSettled, TodoDone

ROOM = "sop"
TO = "to/"
AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Named:
    """A line as its request or to-do is called."""

    run: int
    edition: int
    step: str
    part: str = ""
    """"farewell", "seed", "proof": something beside the line itself; "to/17": one of those it is for."""


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
    to_roles = {(name.run, name.edition, name.step): fact for name, fact in told.items() if name.part.startswith(TO)}
    changed = 0
    for line in _lines(told):
        if one := to_roles.get((line.run_id, line.edition, line.step)):
            changed += _settled_for_many(line, one, now)
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
    line.message_id = fact.message_id or line.message_id
    _keep(line, state, fact.at, now)
    return True


def _keep(line: Line, state: LineState, at: datetime, now: datetime) -> None:
    step = line.run.version.book.find(line.step)
    if state == LineState.DONE and step is not None and step.evidence in PROOFS:
        state = LineState.HAND
        ask_for_proof(line, step, now=now)
    line.state = state
    line.by_hand = line.by_hand or state in {LineState.HAND, LineState.CONFIRMING}
    line.settled_at = at if state in SETTLED else None
    line.save(update_fields=["state", "reason", "message_id", "by_hand", "settled_at"])
    if state in {LineState.FAILED, LineState.SKIPPED}:
        ownership.cancel(Todo.objects.filter(room=ROOM, key=f"{line.request_key}/seed"), by=None, now=now)
    if state in SETTLED:
        _wake_pins(line, now)


def _settled_for_many(line: Line, fact: RequestSettled, now: datetime) -> bool:
    """One of those it is for: the line is what all of them are together."""
    if line.state in {LineState.DONE, LineState.SKIPPED}:
        return False
    step = line.run.version.book.find(line.step)
    if fact.outcome == "handed" and step is not None and step.fallback == "skip":
        outbox.cancel(Request.objects.filter(community=fact.community, key=fact.request), by=None, now=now)
    requests = Request.objects.filter(community=fact.community, key__in=line.request_keys)
    sums = Counter(requests.values_list("state", flat=True))
    state = together(sums)
    if state == line.state:
        return False
    sent, all_ = sums[RequestState.SENT], sum(sums.values())
    if state == LineState.DONE and sent < all_:
        line.reason = f"{Why.SOME}: {sent}/{all_}"
    elif state == LineState.FAILED:
        line.reason = fact.reason[:300]
    elif state == LineState.SKIPPED:
        line.reason = Why.TOO_LATE if sums[RequestState.EXPIRED] else Why.BY_HAND
    _keep(line, state, fact.at, now)
    return True


def _wake_pins(said: Line, now: datetime) -> None:
    """Those which waited for it to be out are laid again."""
    if not any(isinstance(step, Pin) and step.said == said.step for step in said.run.version.book.steps):
        return  # the usual case: nothing has to be looked up
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
            if name.part in {"", PROOF}:
                told[replace(name, part="")] = fact
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
    by_words: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        by_words[line.text].append(line.pk)
    keys, ended = [pk for some in by_words.values() for pk in some], 0
    for words, some in by_words.items():
        waiting = Line.objects.filter(pk__in=some, state=LineState.WAITING)
        ended += waiting.update(state=LineState.DONE, way="came", text=words, settled_at=at)
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
