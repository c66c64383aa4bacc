"""What a life left behind: its runs and lines, and the world's book of deeds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from huoqun.ownership.models import Todo
from huoqun.sop.models import Line, Run, Version
from huoqun.sop.tests import moved
from huoqun.sop.tests.judging.when import HOLIDAYS, NAMED, SECOND
from huoqun.sop.tests.worlds import Life


@dataclass(frozen=True)
class Done:
    run: int
    step: str
    part: str
    at: datetime
    method: str
    number: int
    key: str


class Record:
    def __init__(self, life: Life) -> None:
        self.life = life
        rows = Run.objects.select_related("version", "launch", "group", "member")
        self.runs = {run.pk: run for run in rows}
        self.lines = list(Line.objects.order_by("pk"))
        self.line = {(line.run_id, line.step): line for line in self.lines}
        self.there: dict[int, dict[str, Line]] = defaultdict(dict)
        for line in self.lines:
            self.there[line.run_id][line.step] = line
        self.versions: dict[int, dict[str, Any]] = dict(Version.objects.values_list("pk", "plain"))
        self.deeds = list(self._deeds())
        self._steps: dict[int, list[dict[str, Any]]] = {}

    def _deeds(self) -> Iterator[Done]:
        for number, deed in enumerate(self.life.world.deeds(), 1):
            named = deed.key.split("/")
            if named[0] == "sop":
                yield Done(
                    int(named[1]),
                    named[3],
                    "/".join(named[4:]),
                    datetime.fromtimestamp(deed.at / 1000, UTC),
                    deed.method,
                    number,
                    deed.key,
                )

    def plain(self, run: Run, step: str) -> dict[str, Any] | None:
        return next((each for each in run.version.plain["steps"] if each["key"] == step), None)

    def as_it_was(self, run: Run, step: str) -> list[dict[str, Any]]:
        """In the run's version, and in those it had before: what was on its way then, stayed so."""
        return [each for version in self.life.versions[run.pk] for each in self._steps_of(version) if each["key"] == step]

    def _steps_of(self, version: int) -> list[dict[str, Any]]:
        """With what the whole playbook says of days."""
        if version not in self._steps:
            book = self.versions[version]
            whole = {
                HOLIDAYS: book.get("holidays", "as_usual"),
                NAMED: any(start["when"] == "event" for start in book["starts"]),
            }
            self._steps[version] = [step | whole for step in book["steps"]]
        return self._steps[version]

    def asked_at(self, done: Done) -> datetime:
        """A slow carrier does it later than it was asked to."""
        return next((begun for begun, over in self.life.slow if begun <= done.at <= over + SECOND), done.at)

    def before_drags(self, line: Line, at: datetime) -> set[datetime]:
        return {each for minutes in self.dragged_by(line) for each in moved.before_it(at, minutes, self.life.zone)}

    def dragged_by(self, line: Line) -> set[int]:
        """Minutes."""
        drags = self.life.drags.get((self.runs[line.run_id].launch_id, line.step))
        return moved.ways(drags) if drags else {0}

    def by_hand(self, line: Line) -> bool:
        key = f"request/sop/{line.run_id}/{line.edition}/{line.step}"
        keys = [f"{key}/to/{who}" for who in line.to] or [key]
        return Todo.objects.filter(key__in=keys, state="done").exists()

    def is_shown(self, line: Line) -> bool:
        keys = {line.request_key, f"{line.request_key}/proof"} & self.life.offered
        return Todo.objects.filter(key__in=keys, state="done").exclude(shown="").exists()

    def was_not_shown(self, line: Line) -> bool:
        """It is out, and somebody still had to show it when its time, or its run, was over."""
        asked = Todo.objects.filter(key=f"{line.request_key}/proof").exclude(state="open")
        return line.state == "skipped" and bool(line.reason) and asked.exists()
