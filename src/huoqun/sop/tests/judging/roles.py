"""Messages to those who have a role in a group: the newcomers, the silent, the helpers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from huoqun.community.models import Identity
from huoqun.sop.models import Line
from huoqun.sop.tests.judging.record import Done, Record
from huoqun.sop.tests.judging.when import SECOND

ONCE_A_DAY = {"newcomers", "silent"}


def to_roles(record: Record) -> Iterator[str]:
    """Each once, those who are meant, not more of them than may be."""
    told: dict[tuple[int, str, int], list[tuple[Done, Line]]] = defaultdict(list)
    people: dict[tuple[int, str], set[int]] = defaultdict(set)
    places = dict(Identity.objects.values_list("pk", "native_id"))
    for done in record.deeds:
        part, _, who = done.part.partition("/")
        line = record.line.get((done.run, done.step))
        if part != "to" or line is None:
            continue
        run, one = record.runs[done.run], int(who.partition("/")[0])
        steps = [step for step in record.as_it_was(run, done.step) if step.get("to", "member") != "member"]
        yield from _is_meant(record, done, line, steps, places.get(one, ""))
        if (one in people[done.run, done.step]) or "/" in who:
            yield f"{line} went to {places.get(one)} twice"
        people[done.run, done.step].add(one)
        if {step["to"] for step in steps} <= ONCE_A_DAY:
            earlier = [before for before in told[run.launch_id, done.step, one] if before[1].run_id != line.run_id]
            if any(done.at < before.at + timedelta(days=1) for _done, before in earlier) and not record.life.jumped:
                yield f"{line} went to {places.get(one)} at {done.at}, and {earlier[0][1]} had within a day"
            told[run.launch_id, done.step, one].append((done, line))
    for (pk, step), several in people.items():
        most = max((each.get("most", 30) for each in record.as_it_was(record.runs[pk], step)), default=30)
        if len(several) > most:
            yield f"{pk}/{step} went to {len(several)}, and may to {most}"


def _is_meant(record: Record, done: Done, line: Line, steps: list[dict[str, Any]], who: str) -> Iterator[str]:
    room, life = record.runs[done.run].group.native_id, record.life
    roles = {step["to"] for step in steps}
    known = [(at, back) for there, one, at, back in life.away if (there, one) == (room, who)]
    known += [(life.gone_at[room, who], len(life.world.deeds()))] if (room, who) in life.gone_at else []
    dragged = record.dragged_by(line) != {0}  # whom it is for was looked up when it would have come
    if any(at < line.at and done.number <= back for at, back in known) and not dragged:
        yield f"{line} went to {who} in {room}, who had left"
    came = [at for at in life.came.get((room, who), ()) if at <= done.at + SECOND]
    late = timedelta(days=4 if dragged else 1, hours=2)
    days = timedelta(days=max((step.get("days", 7) for step in steps), default=7))
    if roles == {"newcomers"} and not any(at >= line.at - days - late for at in came):
        yield f"{line} went to {who} in {room}, who is no newcomer: {came}"
    if roles == {"moderators"} and who != life.helper_of(room):
        yield f"{line} went to {who} in {room}, who is no moderator"
    spoke = life.spoke.get(who)
    if roles == {"silent"} and spoke and done.at < spoke + min(timedelta(days=step.get("days", 14)) for step in steps):
        yield f"{line} went to {who} in {room}, who spoke at {spoke}"


def nobody_meant(record: Record) -> Iterator[str]:
    """Whoever helped the owner from the first day to the last is there to be written to."""
    left = {(room, who) for room, who, *_more in (*record.life.away, *record.life.known)} | record.life.gone.keys()
    for line in record.lines:
        run = record.runs[line.run_id]
        place = (run.group.native_id, record.life.helper_of(run.group.native_id))
        roles = {step.get("to") for step in record.as_it_was(run, line.step)}
        if line.reason == "nobody" and roles == {"moderators"} and place in record.life.members and place not in left:
            yield f"{line} says nobody is meant, and {place} is"
