"""The metrics: SQL files with a header, read, checked and put in order. A figure exists because its file does.

`metrics/book/` makes the compact day-book from history, `metrics/shared/` what several metrics need, and every other folder is
a family of metrics. A header is `-- key: value` lines; a key given twice goes on. SQL is written once, in DuckDB's dialect,
and kept to what sqlglot can say in Spark's (`spark.py`, tested).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent / "metrics"
BOOK, SHARED = "book", "shared"
FAMILIES = (
    "life",
    "structure",
    "connection",
    "dependence",
    "symptoms",
    "newcomers",
    "service",
    "growth",
    "breadth",
    "value",
    "portfolio",
)
PER = ("group", "portfolio", "person", "question")
SOURCES = frozenset({"history", "house", "plans", "same_person", "unheard"})
"""Tables that are handed in."""

_HEADER = re.compile(r"^-- ([a-z_]+): (.*)$")
_SHARED_KEYS = frozenset({"name", "as", "needs", "about"})
_METRIC_KEYS = frozenset(
    {"name", "zh", "en", "per", "needs", "method", "source", "formula", "definition_en", "definition_zh", "column"}
)
_EMPTY = ("0", "unknown")


class BadMetric(ValueError):
    """A metric's file cannot be used; says which file, what is wrong and what to write."""


@dataclass(frozen=True, slots=True)
class Column:
    """One figure. `empty` is what a group with talk but without a row has: 0, or unknown (null)."""

    name: str
    unit: str
    empty: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Step:
    """A table or view that is made of others."""

    name: str
    stage: str
    kind: str
    needs: tuple[str, ...]
    about: str
    sql: str


@dataclass(frozen=True, slots=True)
class Metric:
    name: str
    family: str
    per: str
    zh: str
    en: str
    needs: tuple[str, ...]
    method: tuple[str, ...]
    source: str
    formula: str
    definition_en: str
    definition_zh: str
    columns: tuple[Column, ...]
    sql: str

    @property
    def table(self) -> str:
        return f"metric_{self.name}"


@dataclass(frozen=True, slots=True)
class Registry:
    steps: Mapping[str, Step]
    metrics: Mapping[str, Metric]

    def choose(self, *, families: Collection[str] = FAMILIES) -> list[Metric]:
        return [metric for metric in self.metrics.values() if metric.family in families]

    def steps_for(self, needed: Iterable[str]) -> list[Step]:
        """The shared steps these names rest on, each after what it needs. What the day-book holds is taken as given."""
        wanted: dict[str, tuple[str, ...]] = {}
        open_ends = list(needed)
        while open_ends:
            step = self.steps.get(open_ends.pop())
            if step and step.stage == SHARED and step.name not in wanted:
                wanted[step.name] = step.needs
                open_ends.extend(step.needs)
        ordered = TopologicalSorter({name: sorted(needs) for name, needs in sorted(wanted.items())}).static_order()
        return [self.steps[name] for name in ordered if name in wanted]

    def book_steps(self) -> list[Step]:
        book = {name: sorted(step.needs) for name, step in sorted(self.steps.items()) if step.stage == BOOK}
        return [self.steps[name] for name in TopologicalSorter(book).static_order() if name in book]


def fill(sql: str, constants: Mapping[str, str]) -> str:
    """The SQL with its `$names` replaced; raises KeyError for a name that has no value."""
    return Template(sql).substitute(constants)


@cache
def registry() -> Registry:
    return load(FOLDER)


def load(folder: Path) -> Registry:
    """Reads every file under `folder`. Raises BadMetric for the first that cannot be used."""
    steps = {step.name: step for stage in (BOOK, SHARED) for step in map(_step, sorted((folder / stage).glob("*.sql")))}
    metrics = {metric.name: metric for family in FAMILIES for metric in map(_metric, sorted((folder / family).glob("*.sql")))}
    made = Registry(steps, metrics)
    _check_needs(made)
    _check_names(made.metrics.values())
    return made


def _check_names(metrics: Iterable[Metric]) -> None:
    """Figures of one row stand in one table, so none may be named like another."""
    seen: dict[tuple[str, str], str] = {}
    for metric in metrics:
        for column in metric.columns:
            other = seen.setdefault((metric.per, column.name), metric.name)
            if other != metric.name:
                raise BadMetric(f"{metric.name}: {other} has a column {column.name} already; call this one something else")


def _check_needs(made: Registry) -> None:
    known = SOURCES | made.steps.keys()
    both: tuple[Step | Metric, ...] = (*made.steps.values(), *made.metrics.values())
    for each in both:
        if missing := [name for name in each.needs if name not in known]:
            raise BadMetric(f"{each.name}.sql needs {missing[0]}, which no file makes; known are {', '.join(sorted(known))}")
    try:
        TopologicalSorter({name: step.needs for name, step in made.steps.items()}).prepare()
    except CycleError as circle:
        raise BadMetric(f"these files need one another in a circle: {' -> '.join(circle.args[1])}") from circle


def _step(path: Path) -> Step:
    header, sql = _parts(path, _SHARED_KEYS)
    kind = _one(path, header, "as")
    if kind not in {"table", "view"}:
        raise BadMetric(f"{path.name}: `-- as:` is {kind!r}; write table or view")
    return Step(
        name=_name(path, header),
        stage=path.parent.name,
        kind=kind,
        needs=_names(header.get("needs", [])),
        about=" ".join(header.get("about", [])),
        sql=sql,
    )


def _metric(path: Path) -> Metric:
    header, sql = _parts(path, _METRIC_KEYS)
    per = _one(path, header, "per")
    if per not in PER:
        raise BadMetric(f"{path.name}: `-- per:` is {per!r}; write one of {', '.join(PER)}")
    return Metric(
        name=_name(path, header),
        family=path.parent.name,
        per=per,
        zh=_one(path, header, "zh"),
        en=_one(path, header, "en"),
        needs=_names(header.get("needs", [])),
        method=tuple(_one(path, header, "method").split()),
        source=_one(path, header, "source"),
        formula=_one(path, header, "formula"),
        definition_en=_one(path, header, "definition_en"),
        definition_zh=_one(path, header, "definition_zh"),
        columns=tuple(_column(path, line) for line in header.get("column", [])),
        sql=sql,
    )


def _parts(path: Path, allowed: frozenset[str]) -> tuple[dict[str, list[str]], str]:
    header: dict[str, list[str]] = {}
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.startswith("-- "):
            return header, "\n".join(lines[number - 1 :])
        match = _HEADER.match(line)
        if match is None or match[1] not in allowed:
            raise BadMetric(f"{path.name}, line {number}: write `-- key: value` with a key of {', '.join(sorted(allowed))}")
        header.setdefault(match[1], []).append(match[2].strip())
    raise BadMetric(f"{path.name}: there is no SQL after the header")


def _one(path: Path, header: Mapping[str, list[str]], key: str) -> str:
    if not header.get(key):
        raise BadMetric(f"{path.name}: the header has no `-- {key}:` line")
    return " ".join(header[key])


def _name(path: Path, header: Mapping[str, list[str]]) -> str:
    name = _one(path, header, "name")
    if path.parent.name in {BOOK, SHARED} and name != path.stem:
        raise BadMetric(f"{path.name}: `-- name:` is {name}; a file is named after what it makes")
    return name


def _names(lines: list[str]) -> tuple[str, ...]:
    return tuple(name.strip() for line in lines for name in line.split(",") if name.strip())


def _column(path: Path, line: str) -> Column:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != len(Column.__slots__) or parts[2] not in _EMPTY:
        raise BadMetric(f"{path.name}: write `-- column: name | unit | 0 or unknown | zh | en`, not {line!r}")
    return Column(*parts)
