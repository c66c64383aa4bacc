"""To nobody who left, nothing while somebody wants silence; what people said and showed is taken for what it was."""

from __future__ import annotations

from collections.abc import Iterator

from huoqun.sop.tests.judging.record import Record
from huoqun.sop.tests.making import SHOWABLE

PROOFS = {"picture", "link", "number", "note"}


def to_nobody_who_left(record: Record) -> Iterator[str]:
    for done in record.deeds:
        run = record.runs[done.run]
        if done.method != "whisper" or run.member is None or done.key in record.life.on_its_way:
            continue
        place = (run.group.native_id, run.member.native_id)
        since = record.life.gone.get(place)
        times = [(left, back) for room, who, left, back in record.life.known if (room, who) == place]
        times += [(since, len(record.life.world.deeds()))] if since is not None else []
        if any(left < done.number <= back for left, back in times):
            yield f"{done.run}/{done.step} went to {place}, who had left"


def in_silence(record: Record) -> Iterator[str]:
    for done in record.deeds:
        for silence in record.life.silences.get(done.run, ()):
            later = silence.after < done.number and (silence.until is None or done.number <= silence.until)
            if later and done.key not in silence.on_its_way:
                yield f"{done.key} was done, and its run was {silence.why}"


def waits(record: Record) -> Iterator[str]:
    for line in record.lines:
        run = record.runs[line.run_id]
        step = record.plain(run, line.step)
        if line.kind != "wait" or step is None or step.get("fact") != "spoke" or record.life.jumped:
            continue
        member = run.member.native_id if run.member else None
        said = [
            word
            for word in record.life.words
            if word.room == run.group.native_id and member in {None, word.who} and line.at <= word.at < line.latest
        ]
        if line.way == "limit" and any(word.heard_at <= line.latest for word in said):
            yield f"{line.run_id}/{line.step} gave up waiting at {line.latest}, and somebody had spoken: {said[0]}"
        if line.way == "came" and not said:
            yield f"{line.run_id}/{line.step} says somebody spoke between {line.at} and {line.latest}"


def shown(record: Record) -> Iterator[str]:
    """Where something has to be shown, a step is done only if it was; of a step that is no more, nobody is asked for it."""
    for line in record.lines:
        run = record.runs[line.run_id]
        steps = record.as_it_was(run, line.step)
        asked = record.plain(run, line.step) is not None and all(
            step.get("evidence") in PROOFS and step["do"] in SHOWABLE for step in steps
        )
        if asked and line.state == "done" and not record.is_shown(line):
            yield f"{line} {line.kind} says it is done, and nobody showed it"
        if line.reason == "no_proof" and record.is_shown(line):
            yield f"{line} {line.kind} says nobody showed it, and somebody did"
