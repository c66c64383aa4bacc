"""In time: planned for its moment, done in its hours, where somebody moved it to, never on a day that is left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from huoqun.outbox.models import Request
from huoqun.sop.models import Run
from huoqun.sop.tests.days_off import COUNTED, LEAVES_OUT, counted, is_on
from huoqun.sop.tests.judging.record import Done, Record
from huoqun.sop.tests.judging.when import HOLIDAYS, NAMED, SECOND, earliest, in_its_window, is_moment, time_of
from huoqun.sop.tests.resting import is_changed

LEFT_OUT = {"post", "topic", "notice", "message", "todo"}
"""Kinds that are left out on days off, where a playbook says so; the others decide how it goes on."""
IN_GROUPS = {"post", "topic", "notice"}
"""What gives way to another playbook, and finds no other hour than on a day off, is left out for that."""


def planned_well(record: Record) -> Iterator[str]:
    """What has a moment of its own is planned for it, or for the first of its hours after it; what gives way to another
    playbook keeps its end.
    """
    for line in record.lines:
        run = record.runs[line.run_id]
        steps = [step for step in record.as_it_was(run, line.step) if {"time", "offset"} & step.get("at", {}).keys()]
        if not steps or line.kind == "wait" or len(record.as_it_was(run, line.step)) > len(steps):
            continue
        due = line.moved_from or line.at
        dues = record.before_drags(line, due)
        anchors_ = record.life.anchors[run.pk]
        if not any(is_moment(step, anchor, each, record.life.zone) for step in steps for anchor in anchors_ for each in dues):
            if record.dragged_by(line) != {0} and any(step[HOLIDAYS] in COUNTED for step in steps):
                continue  # `dragged` looks at it
            told, anchors = [(step["at"], step.get("window")) for step in steps], sorted(record.life.anchors[run.pk])
            yield f"{line.run_id}/{line.step} is planned for {due}, and its playbook says {told} of {anchors}"
        if not any(line.latest <= due + time_of(step) for step in steps):
            yield f"{line.run_id}/{line.step} may be done until {line.latest}, and is due at {due}"


def at_its_moment(record: Record) -> Iterator[str]:
    for done in record.deeds:
        yield from _at_its_moment(record, done)


def _at_its_moment(record: Record, done: Done) -> Iterator[str]:
    run, line = record.runs[done.run], record.line.get((done.run, done.step))
    steps = record.as_it_was(run, done.step)
    if line is None or not steps:
        return
    name, asked_at = f"{done.run}/{done.step}/{done.part}", record.asked_at(done)
    if done.at < line.at - SECOND:
        yield f"{name} was done at {done.at}, before {line.at}"
    if not any(_fits_an_anchor(record, step, run, at) for step in steps for at in record.before_drags(line, done.at)):
        told = [step.get("at") for step in steps]
        yield f"{name} was done at {done.at}, and its playbook says {told} of {sorted(record.life.anchors[run.pk])}"
    asked = Request.objects.filter(key__startswith=f"sop/{done.run}/", key__endswith=f"/{done.step}", state="sent").first()
    if asked_at > line.latest + SECOND and not (asked and asked.in_doubt):
        yield f"{name} was done at {asked_at}, after {line.latest}"
    if not any(in_its_window(step, asked_at, record.life.zone) for step in steps):
        yield f"{name} was done at {asked_at}, outside of {[step.get('window') for step in steps]}"


def dragged(record: Record) -> Iterator[str]:
    """What somebody moved in the calendar is planned for where they put it."""
    for place, drag in record.life.dragged.items():
        line, run = record.line.get(place), record.runs[place[0]]
        steps = [
            (step.get("at", {}), step.get("window"), step[HOLIDAYS], step[NAMED]) for step in record.as_it_was(run, place[1])
        ]
        same = len(steps) == len(record.life.versions[run.pk]) and all(step == steps[0] for step in steps)
        if line is None or not same or not {"time", "offset"} & steps[0][0].keys():
            continue  # what hangs on the step before it moves along with that
        planned, to, here = line.moved_from or line.at, drag.to, drag.to.astimezone(record.life.zone)
        whole = record.as_it_was(run, place[1])[0]
        on = counted(here.date(), 0, whole[HOLIDAYS], named=whole[NAMED])
        if on != here.date():
            if len(record.life.drags[run.launch_id, place[1]]) > 1:
                continue
            to = datetime.combine(on, here.time(), record.life.zone).astimezone(UTC)
        slack = timedelta(minutes=61) if is_changed(planned.astimezone(record.life.zone)) else SECOND
        if abs(planned - to) > slack:
            yield f"{line} was dragged to {to} in the calendar, and is planned for {planned}"


def on_days_off(record: Record) -> Iterator[str]:
    done = {(deed.run, deed.step) for deed in record.deeds}
    for line in record.lines:
        run = record.runs[line.run_id]
        steps = record.as_it_was(run, line.step)
        day, why = line.at.astimezone(record.life.zone).date(), line.reason.partition(":")[0]
        said = [step.get("holidays") or step[HOLIDAYS] for step in steps]
        left_out = [each in LEAVES_OUT and not is_on(day, each) for each in said]
        days = [day + timedelta(days=number) for number in range((line.latest - line.at).days + 2)]
        off = any(not is_on(each, holidays) for each in days for holidays in said)
        if why in {"holiday", "no_workday"} and not (any(left_out) or (off and line.kind in IN_GROUPS)):
            yield f"{line} was left out on {day} as a day off, and its playbook says {said}"
        out = line.state == "done" or (line.run_id, line.step) in done
        if out and line.kind in LEFT_OUT and steps and all(left_out):
            yield f"{line} was done for {day}, a day off on which its playbook says {said}"
        moves = steps and all(step[HOLIDAYS] in COUNTED and not step[NAMED] for step in steps)
        first = (line.moved_from or line.at).astimezone(record.life.zone).date()
        if moves and not all(any(is_on(each, step[HOLIDAYS]) for step in steps) for each in (first, day)):
            yield f"{line} is planned for {first}, a day off over which its playbook moves"


def _fits_an_anchor(record: Record, step: dict[str, Any], run: Run, at: datetime) -> bool:
    when = step.get("at", {})
    if "time" not in when and "offset" not in when:
        return any(at >= anchor - SECOND for anchor in record.life.anchors[run.pk])
    return any(at >= earliest(step, anchor, record.life.zone) - SECOND for anchor in record.life.anchors[run.pk])
