"""Lines are what the outbox says of their requests: told in batches, and written in one go."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from huoqun.community.parts import parts
from huoqun.outbox import operations as outbox
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.ownership import operations as ownership
from huoqun.ownership.models import Todo
from huoqun.ownership.operations.doing import requests_of
from huoqun.sop.models import Line, Run
from huoqun.sop.operations.closing import close_runs
from huoqun.sop.operations.naming import ROOM, TO, Named, lines_of, named
from huoqun.sop.operations.proving import ask_for_proof, give_to_be_shown, shown_already, wanted_of
from huoqun.sop.rules.states import OF_OUTCOME, SETTLED, LineState, RunState, Why, together
from huoqun.sop.steps import Pin
from huoqun.vocabulary.facts import RequestSettled

Told = Sequence[tuple[Named, RequestSettled]]
WRITTEN = ["state", "reason", "message_id", "by_hand", "settled_at"]
AT_ONCE = 100


@dataclass(slots=True)
class Batch:
    """What facts come to, written together."""

    now: datetime
    given_up: set[str]
    """Requests the carrier cannot do, which nobody is to do instead."""
    shown: set[str]
    """Requests for which somebody has shown what the step asks for."""
    sums: Mapping[str, Counter[str]]
    """By line: in which states requests for several people are."""
    changed: dict[int, Line] = field(default_factory=dict)
    turns: int = 0
    proofs: dict[int, Line] = field(default_factory=dict)
    """Lines that are out, and still have to be shown."""
    handed: list[tuple[RequestSettled, str]] = field(default_factory=list)
    """With what has to be shown."""

    def keep(self, line: Line) -> None:
        self.changed[line.pk] = line
        self.turns += 1


@transaction.atomic
def settle(facts: Iterable[RequestSettled], *, now: datetime) -> int:
    """Returns how often a line changed. Facts about one line count in their order."""
    told = [(name, fact) for fact in facts if (name := named(fact.request))]
    lines = lines_of(name.place for name, _fact in told)
    here = [(lines[name.place], name, fact) for name, fact in told if name.place in lines]
    given_up = _give_up([(line, fact) for line, _name, fact in here], now)
    for_many = {line.pk: (line, fact) for line, name, fact in here if name.part.startswith(TO)}
    batch = Batch(now, given_up, _shown(lines.values()), _sums(for_many.values()))
    for line, fact in for_many.values():
        _settled_for_many(line, fact, batch)
    for line, name, fact in here:
        if name.part == "":
            _settled(line, fact, batch)
        elif name.part == "farewell":
            _farewell_settled(line, fact, batch)
    _write(batch)
    close_runs({name.run for name, _fact in told}, now=now)
    return batch.turns


# Looked up for all of them


def _give_up(here: Iterable[tuple[Line, RequestSettled]], now: datetime) -> set[str]:
    """What the carrier cannot do, and nobody is to do, is cancelled: but for what somebody has done all the same."""
    keys = set[tuple[str, str]]()
    for line, fact in here:
        step = line.run.version.book.find(line.step)
        if fact.outcome == "handed" and step is not None and step.fallback == "skip":
            keys.add((fact.community, fact.request))
    if not keys:
        return set()
    requests = requests_of(keys)
    outbox.cancel(requests, by=None, now=now)
    return {request.key for request in requests if request.state != RequestState.SENT}


def _shown(lines: Iterable[Line]) -> set[str]:
    return shown_already([line.request_key for line in lines if wanted_of(line)])


def _sums(for_many: Iterable[tuple[Line, RequestSettled]]) -> Mapping[str, Counter[str]]:
    by_community: dict[str, dict[str, str]] = defaultdict(dict)
    for line, fact in for_many:
        by_community[fact.community] |= dict.fromkeys(line.request_keys, line.request_key)
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for community, whose in by_community.items():
        for keys in parts(whose):
            states = Request.objects.filter(community=community, key__in=keys).values_list("key", "state")
            for key, state in states:
                sums[whose[key]][state] += 1
    return sums


# One line


def _farewell_settled(line: Line, fact: RequestSettled, batch: Batch) -> None:
    """The group may be dissolved all the same; that nothing was said before stands there."""
    if fact.outcome in {"refused", "expired"} and not line.reason:
        line.reason = Why.NOT_SAID
        batch.keep(line)


def _settled(line: Line, fact: RequestSettled, batch: Batch) -> None:
    state, was = OF_OUTCOME.get(fact.outcome), line.state
    if state is None or was in {LineState.DONE, LineState.SKIPPED} or was == state:
        return
    if was in {LineState.FAILED, LineState.UNKNOWN}:
        line.reason = ""  # it was tried again, or somebody has looked
    if state == LineState.HAND and fact.request in batch.given_up:
        state, line.reason = LineState.SKIPPED, Why.CANNOT
    elif state in {LineState.FAILED, LineState.UNKNOWN}:
        line.reason = fact.reason[:300]
    elif state == LineState.SKIPPED:
        too_late = fact.outcome == "expired" or (was == LineState.HAND and fact.at >= line.latest)
        line.reason = Why.TOO_LATE if too_late else Why.BY_HAND
    line.message_id = fact.message_id or line.message_id
    if state == LineState.HAND and (wants := wanted_of(line)):
        batch.handed.append((fact, wants))
    _turn(line, state, fact.at, batch)


def _settled_for_many(line: Line, fact: RequestSettled, batch: Batch) -> None:
    """One of those it is for: the line is what all of them are together."""
    if line.state in {LineState.DONE, LineState.SKIPPED}:
        return
    sums = batch.sums[line.request_key]
    state = together(sums)
    if state == line.state:
        return
    sent, all_ = sums[RequestState.SENT], sum(sums.values())
    if state == LineState.DONE and sent < all_:
        line.reason = f"{Why.SOME}: {sent}/{all_}"
    elif state == LineState.FAILED:
        line.reason = fact.reason[:300]
    elif state == LineState.SKIPPED:
        line.reason = Why.TOO_LATE if sums[RequestState.EXPIRED] else Why.BY_HAND
    _turn(line, state, fact.at, batch)


def _turn(line: Line, state: LineState, at: datetime, batch: Batch) -> None:
    if state == LineState.DONE and wanted_of(line) and line.request_key not in batch.shown:
        state = LineState.HAND
        batch.proofs[line.pk] = line
    line.state = state
    line.by_hand = line.by_hand or state in {LineState.HAND, LineState.CONFIRMING}
    line.settled_at = at if state in SETTLED else None
    batch.keep(line)


# Written down


def _write(batch: Batch) -> None:
    lines = sorted(batch.changed.values(), key=lambda line: line.pk)
    if not lines:
        return
    Line.objects.bulk_update(lines, WRITTEN, batch_size=AT_ONCE)
    ask_for_proof(batch.proofs.values(), now=batch.now)
    give_to_be_shown(batch.handed, now=batch.now)
    _drop_seeds(lines, batch.now)
    _wake_pins([line for line in lines if line.state in SETTLED], batch.now)


def _drop_seeds(lines: Iterable[Line], now: datetime) -> None:
    """Nobody keeps going a talk that was not begun."""
    unsaid = (LineState.FAILED, LineState.SKIPPED)
    keys = [f"{line.request_key}/seed" for line in lines if line.kind == "topic" and line.state in unsaid]
    for some in parts(keys):
        ownership.cancel(Todo.objects.filter(room=ROOM, key__in=some), by=None, now=now)


def _wake_pins(said: Iterable[Line], now: datetime) -> None:
    """Those which waited for it to be out are laid again."""
    books = {line.run_id: line.run.version.book for line in said}
    pinned = {(line.run_id, line.step) for line in said}
    asked = [
        run for run, book in books.items() if any((run, step.said) in pinned for step in book.steps if isinstance(step, Pin))
    ]
    for runs in parts(asked):  # usually none: then nothing is looked up
        woken = [
            pin
            for pin in Line.objects.filter(run__in=runs, kind="pin", state=LineState.WAITING)
            if isinstance(step := books[pin.run_id].find(pin.step), Pin) and (pin.run_id, step.said) in pinned
        ]
        Line.objects.filter(pk__in=[pin.pk for pin in woken]).delete()
        Run.objects.filter(pk__in=[pin.run_id for pin in woken], state=RunState.GOING).update(next_at=now)
