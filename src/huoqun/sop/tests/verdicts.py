"""A life from its beginning to its end, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from huoqun.outbox.tests.worlds import Fate
from huoqun.sop.tests.judging import beginnings, beside, people, promises, roles, timing
from huoqun.sop.tests.judging.record import Record
from huoqun.sop.tests.lived import Verdict
from huoqun.sop.tests.worlds import Life

CHECKS: tuple[Callable[[Record], Iterator[str]], ...] = (
    beside.parked,
    promises.twice_or_lost,
    promises.open_ends,
    beginnings.begun_once,
    timing.planned_well,
    promises.each_promise,
    promises.anew,
    timing.at_its_moment,
    people.to_nobody_who_left,
    people.in_silence,
    timing.dragged,
    timing.on_days_off,
    people.shown,
    roles.to_roles,
    roles.nobody_meant,
    people.waits,
    beginnings.newcomers,
    beginnings.days,
    beside.apart,
    beside.flashes,
    beside.left_lying,
)


def live(seed: int) -> Verdict:
    """Until nothing is left to do."""
    fate = Fate()
    with fate.reigns():
        life = Life(seed, fate)
        with life.tables.seen():
            life.live()
        judge(life)
    return life.verdict


def judge(life: Life) -> None:
    record, verdict = Record(life), life.verdict
    verdict.wrong += [f"seed {verdict.seed}: {words}" for check in CHECKS for words in check(record)]
    verdict.lines.update(f"{line.kind} {line.state}" for line in record.lines)
    verdict.reasons.update(line.reason.partition(":")[0] for line in record.lines if line.reason)
    verdict.happened["deeds for a role"] += sum(done.part.startswith("to/") for done in record.deeds)
    verdict.runs, verdict.deeds = len(record.runs), len(record.deeds)
