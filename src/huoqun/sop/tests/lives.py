"""Many lives, counted: played one after the other, told in a log as they go, and added up from logs.

    play(range(10_000), told) -> Tally

A log is a line of JSON for each part of a run. What was played on other code counts apart: a run can be taken up again when
anything was mended, and nothing old passes for new.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

import huoqun
from huoqun.sop.tests.lived import Verdict
from huoqun.sop.tests.verdicts import live

AT_ONCE = 50
COUNTED = ("lines", "reasons", "happened", "crossed")


@dataclass
class Tally:
    database: str
    code: str
    seeds: list[tuple[int, int]] = field(default_factory=list)
    """First and last of each part."""
    lives: int = 0
    runs: int = 0
    deeds: int = 0
    seconds: float = 0.0
    lines: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    crossed: Counter[str] = field(default_factory=Counter)
    """Lives in which it happened at least once."""
    wrong: list[str] = field(default_factory=list)

    def take(self, verdict: Verdict) -> None:
        self.lives += 1
        self.runs += verdict.runs
        self.deeds += verdict.deeds
        self.lines.update(verdict.lines)
        self.reasons.update(verdict.reasons)
        self.happened.update(verdict.happened)
        self.crossed.update(name for name, times in verdict.happened.items() if times)
        self.wrong += verdict.wrong

    def add(self, other: Tally) -> None:
        self.seeds += other.seeds
        self.lives, self.runs, self.deeds = self.lives + other.lives, self.runs + other.runs, self.deeds + other.deeds
        self.seconds += other.seconds
        for name in COUNTED:
            getattr(self, name).update(getattr(other, name))
        self.wrong += other.wrong


def play(seeds: range, told: Callable[[Tally], None], *, clock: Callable[[], float]) -> Tally:
    """`told` after each part."""
    whole = fresh()
    for start in range(0, len(seeds), AT_ONCE):
        part, begun = fresh(), clock()
        some = seeds[start : start + AT_ONCE]
        for seed in some:
            part.take(live(seed))
        part.seeds, part.seconds = [(some[0], some[-1])], clock() - begun
        told(part)
        whole.add(part)
    return whole


def fresh() -> Tally:
    return Tally(connection.vendor, code())


@cache
def code() -> str:
    """The same for the same of what lives run: the product without pages, without health, growth, admission and the carriers
    that are not pretended, and of its tests only those that are the lives.
    """
    folder = Path(huoqun.__file__).parent
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        if not _is_run(path.relative_to(folder)):
            continue
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:10]


def _is_run(path: Path) -> bool:
    if "tests" in path.parts:
        return path.as_posix() in PLAYED
    return path.parts[0] not in NOT_PLAYED and "pages" not in path.parts and path.parts[:2] not in OTHER_CARRIERS


NOT_PLAYED = {"health", "growth", "admission"}
OTHER_CARRIERS = {("carriers", "wecom"), ("carriers", "exports")}
LIVES = (
    "days_off", "deciding", "lived", "lives", "making", "moved", "people", "resting", "tables", "verdicts", "worker", "worlds",
)  # fmt: skip
JUDGING = ("beginnings", "beside", "people", "promises", "record", "roles", "timing", "when")
PLAYED = {f"sop/tests/{name}.py" for name in LIVES}
PLAYED |= {f"sop/tests/judging/{name}.py" for name in JUDGING}
PLAYED |= {"outbox/tests/worlds.py"}


# Logs


def line_of(part: Tally) -> str:
    return json.dumps(vars(part), ensure_ascii=False)


def read(lines: Iterable[str]) -> list[Tally]:
    """One for each database and code, in the order in which they were begun."""
    found: dict[tuple[str, str], Tally] = {}
    for line in lines:
        told: dict[str, Any] = json.loads(line)
        told |= {name: Counter(told[name]) for name in COUNTED}
        part = Tally(**told)
        found.setdefault((part.database, part.code), Tally(part.database, part.code)).add(part)
    return list(found.values())


# As Markdown


def told(tally: Tally) -> Iterator[str]:
    first, last = min(start for start, _end in tally.seeds), max(end for _start, end in tally.seeds)
    each = tally.seconds / tally.lives
    yield f"{tally.lives:,} lives (seeds {first} to {last}) on {tally.database}, code {tally.code}, {each:.2f} s each:"
    yield f"{tally.runs:,} runs, {sum(tally.lines.values()):,} steps, {tally.deeds:,} deeds\n"
    yield from _steps(tally.lines)
    yield from _table(("why not", "number"), tally.reasons)
    yield "| what happened to them | number | in lives |\n| --- | ---: | ---: |"
    yield from (f"| {name} | {times:,} | {tally.crossed[name]:,} |" for name, times in sorted(tally.happened.items()))
    yield f"\nWrong (twice, lost, early, late, outside its hours, to somebody who left, no reason): **{len(tally.wrong)}**"
    yield from (f"- {words}" for words in tally.wrong[:20])


def _steps(lines: Counter[str]) -> Iterator[str]:
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for name, number in lines.items():
        kind, _, state = name.partition(" ")
        by_kind[kind][state] += number
    states = sorted({state for counted in by_kind.values() for state in counted})
    yield f"| step | {' | '.join(states)} |\n| --- |{' ---: |' * len(states)}"
    for kind, counted in sorted(by_kind.items()):
        yield f"| {kind} | {' | '.join(f'{counted[state]:,}' for state in states)} |"
    yield ""


def _table(head: tuple[str, str], counted: Counter[str]) -> Iterator[str]:
    yield f"| {head[0]} | {head[1]} |\n| --- | ---: |"
    yield from (f"| {name} | {number:,} |" for name, number in sorted(counted.items()))
    yield ""
