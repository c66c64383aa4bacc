"""Where an audit's time goes: a connection that writes down what each of its statements took."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

_MADE = re.compile(r"^\s*(?:CREATE OR REPLACE (?:TEMP )?(?:TABLE|VIEW)|INSERT INTO) (\w+)")
IN_PYTHON = (
    "huoqun.health.assembly._group_days",
    "huoqun.health.assembly._with_life",
    "huoqun.health.ties.connection.core_of",
    "huoqun.health.ties.inferred.link",
    "huoqun.health.conclusions.outlook",
    "huoqun.health.conclusions.diagnose_all",
    "huoqun.health.conclusions.advise",
    "huoqun.health.conclusions.disperse",
)


@dataclass(slots=True)
class Steps:
    """Of each step, in order: its name, seconds by the wall, seconds of all processors, greatest memory (GB)."""

    taken: list[tuple[str, float, float, float]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        Path("/proc/self/clear_refs").write_text("5")
        begun, busy = time.perf_counter(), time.process_time()
        yield
        self.taken.append((name, time.perf_counter() - begun, time.process_time() - busy, _greatest_memory()))

    def table(self) -> str:
        sums: dict[str, tuple[float, float, float]] = {}
        for name, wall, cpu, memory in self.taken:
            so_far = sums.get(name, (0.0, 0.0, 0.0))
            sums[name] = (so_far[0] + wall, so_far[1] + cpu, max(so_far[2], memory))
        rows = sorted(sums.items(), key=lambda item: -item[1][1])
        lines = [f"| {name} | {wall:.2f} | {cpu:.2f} | {memory:.2f} |" for name, (wall, cpu, memory) in rows if cpu >= 0.01]
        return "\n".join(["| step | wall s | processor s | memory GB |", "| --- | ---: | ---: | ---: |", *lines])


def _greatest_memory() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    assert found is not None
    return int(found[1]) / 1024**2


class Watched:
    """A DuckDB connection whose statements are steps, named after what they make."""

    def __init__(self, con: duckdb.DuckDBPyConnection, steps: Steps) -> None:
        self._con = con
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)

    def execute(self, sql: str, *more: Any) -> Any:
        made = _MADE.match(sql)
        with self._steps.step(made[1] if made else f"read: {' '.join(sql.split())[:70]}"):
            return self._con.execute(sql, *more)

    def sql(self, sql: str) -> Any:
        return _Relation(self._con.sql(sql), f"read: {' '.join(sql.split())[:70]}", self._steps)


class _Relation:
    def __init__(self, relation: Any, name: str, steps: Steps) -> None:
        self._relation, self._name, self._steps = relation, name, steps

    def to_arrow_table(self) -> Any:
        with self._steps.step(self._name):
            return self._relation.to_arrow_table()


@contextmanager
def python_watched(steps: Steps) -> Iterator[None]:
    """The work between statements, by function."""
    patches = [patch(name, _timed(name, steps)) for name in IN_PYTHON]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def _timed(name: str, steps: Steps) -> Callable[..., Any]:
    module, _, function = name.rpartition(".")
    original = getattr(__import__(module, fromlist=[function]), function)

    def run(*args: Any, **kwargs: Any) -> Any:
        with steps.step(f"{function}()"):
            return original(*args, **kwargs)

    return run
