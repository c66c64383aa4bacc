"""Somebody has done what they were given, and what runs waited for has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from huoqun.sop.models import Line, Run
from huoqun.sop.operations.beginning import say_yes
from huoqun.sop.operations.closing import close_runs
from huoqun.sop.operations.naming import Place, lines_of, named
from huoqun.sop.operations.proving import PROOF, wanted_of
from huoqun.sop.rules.states import SETTLED, LineState, RunState
from huoqun.sop.steps import Wait
from huoqun.vocabulary.facts import TodoDone


@transaction.atomic
def done(facts: Iterable[TodoDone], *, now: datetime) -> int:
    """Somebody has done what they were given, or said yes."""
    told, by_carrier, yeses = dict[Place, TodoDone](), dict[Place, TodoDone](), list[int]()
    for fact in facts:
        if name := named(fact.key):
            if name.part in {"", PROOF}:
                (by_carrier if fact.key.startswith("request/") else told)[name.place] = fact
        elif fact.key.startswith("sop/yes/"):
            yeses.append(int(fact.key.removeprefix("sop/yes/")))
    say_yes(Run.objects.filter(pk__in=yeses), now=now)
    changed = 0
    for place, line in lines_of({*told, *by_carrier}).items():
        # What a carrier left to people and has to be shown is done when its request is (`settling`).
        done_ = told.get(place) or (None if wanted_of(line) else by_carrier[place])
        if done_ is None or line.state in SETTLED:
            continue
        line.state, line.settled_at = LineState.DONE, done_.at
        line.way = "came" if line.kind == "approval" else line.way
        line.save(update_fields=["state", "settled_at", "way"])
        came(_waiting_for_todo(line), at=line.settled_at, now=now)
        Run.objects.filter(pk=line.run_id, state=RunState.GOING).update(next_at=now)
        changed += 1
    close_runs({run for run, _edition, _step in {*told, *by_carrier}}, now=now)
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
