"""Every promised step once, or left out and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from huoqun.sop.models import Line, Run
from huoqun.sop.rules.states import Why
from huoqun.sop.tests.judging.record import Record

OVER = {"done", "skipped", "failed"}
BY_CARRIER = {"post", "topic", "notice", "message", "pin"}


def twice_or_lost(record: Record) -> Iterator[str]:
    count: dict[tuple[int, str, str], int] = defaultdict(int)
    for done in record.deeds:
        count[done.run, done.step, done.part] += 1
    for (run, step, part), times in count.items():
        line = record.line.get((run, step))
        if times > 1:
            yield f"{run}/{step}/{part} was done {times} times"
        if line is None:
            yield f"{run}/{step} was done, and no line says so"
        elif not part and line.state not in {"done", "unknown", "confirming"} and not record.was_not_shown(line):
            yield f"{run}/{step} was done, and its line says {line.state} {line.reason}"
    for line in record.lines:
        if (
            line.state == "done"
            and line.kind in BY_CARRIER
            and not count[line.run_id, line.step, ""]
            and not (line.to and any(count[line.run_id, line.step, f"to/{who}"] for who in line.to))
            and not record.by_hand(line)
        ):
            yield f"{line.run_id}/{line.step} {line.kind} says it is done, and nobody did it"
        if line.state == "done" and line.kind == "end" and not _is_over(record, line, count):
            yield f"{line.run_id}/{line.step} says it is over, and it is not"


def _is_over(record: Record, line: Line, count: dict[tuple[int, str, str], int]) -> bool:
    """The group is dissolved by hand, its farewell said by the carrier; an end with neither is one by itself."""
    steps = record.as_it_was(record.runs[line.run_id], line.step)
    said = count[line.run_id, line.step, ""] or record.by_hand(line)
    return bool(said) or any(not (step.get("dissolve") or step.get("farewell")) for step in steps)


def open_ends(record: Record) -> Iterator[str]:
    for line in record.lines:
        if line.state not in OVER | {"unknown"}:
            yield f"{line.run_id}/{line.step} {line.kind} is {line.state} in the end ({record.runs[line.run_id].state})"
        if line.state in {"skipped", "failed"} and not line.reason:
            yield f"{line.run_id}/{line.step} is {line.state} and does not say why"
    for run in record.runs.values():
        unknown = any(line.state == "unknown" for line in record.lines if line.run_id == run.pk)
        if run.state not in {"done", "stopped", "asked"} and not (unknown and run.laid_at):
            yield f"{run} is {run.state} in the end"


def each_promise(record: Record) -> Iterator[str]:
    """Walks each finished run through its playbook: every step on its way has its line, none off it has. A run that took
    another version is walked from the last of its steps that was written down by then, or from the first that had only
    been planned and was taken back; what was before that stays.
    """
    for run in record.runs.values():
        if run.state != "done":
            continue
        there = record.there[run.pk]
        keys = [step["key"] for step in run.version.plain["steps"]]
        kept = record.life.kept.get(run.pk, set())
        last = max((number for number, key in enumerate(keys) if key in kept), default=0)
        taken_back = [number for number, key in enumerate(keys) if key in record.life.withdrawn.get(run.pk, set())]
        walked = list(_way(run, there, min([last, *taken_back])))
        if taken_back and walked == [keys[last]]:
            # As the new version has it this step ends the run; as it was when it came, it did not.
            walked += _way(run, there, min(taken_back))
        yield from (f"{run.pk}: there is no line for {step}" for step in walked if step not in there)
        yield from (f"{run.pk}: {step} is off its way" for step in there.keys() - set(walked) - kept)


def _way(run: Run, there: dict[str, Line], place: int) -> Iterator[str]:
    steps = run.version.plain["steps"]
    keys = [step["key"] for step in steps]
    while place < len(steps):
        step = steps[place]
        yield step["key"]
        line = there.get(step["key"])
        way = line.way if line else ""
        gives_up = step["do"] == "approval" and step.get("otherwise", "end") == "end"
        gives_up = gives_up or (step["do"] == "wait" and step.get("otherwise") == "end")
        if step["do"] in {"end", "hand_over"} or way == "end" or (gives_up and way == "limit"):
            return
        onward = step.get(way, "") if step["do"] == "branch" else ""
        place = keys.index(onward) if onward else place + 1


def anew(record: Record) -> Iterator[str]:
    """What was to begin again with another version has."""
    begun: dict[tuple[object, ...], int] = defaultdict(int)
    for run in record.runs.values():
        about = (run.launch_id, run.group_id, run.member_id)
        begun[about] = max(begun[about], record.life.versions[run.pk][0])
    for run in record.runs.values():
        if run.reason == Why.ANEW and begun[run.launch_id, run.group_id, run.member_id] <= run.version_id:
            yield f"{run.pk} was to begin anew, and did not"
