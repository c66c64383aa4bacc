"""Charts as plain data. Each knows the table that says the same, so that a page cannot show one without the other.

`plain()` is what static/console/charts.js draws with ECharts; colours are chosen there, by the theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huoqun.console import figures
from huoqun.console.navigation import Words

Number = int | float | None


@dataclass(frozen=True)
class Table:
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Chart(Protocol):
    """What the `chart` tag takes."""

    @property
    def title(self) -> Words:
        """Read out instead of the picture."""
        ...

    def plain(self) -> dict[str, Any]:
        """What the script draws."""
        ...

    def table(self) -> Table:
        """The same as rows."""
        ...


@dataclass(frozen=True)
class Series:
    """One line, row of bars or layer. None is a gap: not known, which is not zero. `tone` as of a state; empty: the next."""

    name: Words
    values: Sequence[Number]
    tone: str = ""


@dataclass(frozen=True)
class Turn:
    """A change-point: from `at` (a label of the axis) the level went from `before` to `after`."""

    at: str
    words: Words
    before: float | None = None
    after: float | None = None


def _by_label(first: Words, labels: Sequence[str], series: Sequence[Series]) -> Table:
    """A row for each label, newest last, a column for each series."""
    columns = [[figures.count_words(value) for value in one.values] for one in series]
    rows = tuple((label, *(column[i] for column in columns)) for i, label in enumerate(labels))
    return Table((str(first), *(str(one.name) for one in series)), rows)


def _checked(labels: Sequence[str], series: Sequence[Series]) -> list[dict[str, Any]]:
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"series {one.name} has {len(one.values)} values for {len(labels)} labels")
    return [{"name": str(one.name), "values": list(one.values), "tone": one.tone} for one in series]


@dataclass(frozen=True)
class Line:
    """Values over time, with the places where the level changed."""

    title: Words
    labels: Sequence[str]
    series: Sequence[Series]
    turns: Sequence[Turn] = ()
    first: Words = ""
    """The head of the labels' column; empty: "Day"."""

    def plain(self) -> dict[str, Any]:
        turns = [{"at": t.at, "words": str(t.words), "before": t.before, "after": t.after} for t in self.turns]
        return {"kind": "line", "labels": list(self.labels), "series": _checked(self.labels, self.series), "turns": turns}

    def table(self) -> Table:
        return _by_label(self.first or _("Day"), self.labels, self.series)


@dataclass(frozen=True)
class Stack:
    """Parts of a whole over time. `shares` draws them as parts of 100; the table keeps the counts."""

    title: Words
    labels: Sequence[str]
    series: Sequence[Series]
    shares: bool = True
    first: Words = ""

    def plain(self) -> dict[str, Any]:
        return {
            "kind": "stack",
            "labels": list(self.labels),
            "series": _checked(self.labels, self.series),
            "shares": self.shares,
        }

    def table(self) -> Table:
        return _by_label(self.first or _("Day"), self.labels, self.series)


@dataclass(frozen=True)
class Bars:
    """Things compared. Lying bars read better when names are long, which names of groups are."""

    title: Words
    labels: Sequence[str]
    series: Sequence[Series]
    lying: bool = True
    first: Words = ""

    def plain(self) -> dict[str, Any]:
        return {"kind": "bars", "labels": list(self.labels), "series": _checked(self.labels, self.series), "lying": self.lying}

    def table(self) -> Table:
        return _by_label(self.first or _("Name"), self.labels, self.series)


@dataclass(frozen=True)
class Calendar:
    """One value a day as a heat map. A day that is not in `days` was not seen; a day with 0 was quiet."""

    title: Words
    days: Sequence[tuple[date, int]]
    unit: Words = ""
    weeks_shown: int = field(default=53)

    def plain(self) -> dict[str, Any]:
        days = self.days[-self.weeks_shown * 7 :]
        return {"kind": "calendar", "days": [[day.isoformat(), value] for day, value in days], "unit": str(self.unit)}

    def table(self) -> Table:
        rows = tuple((day.isoformat(), figures.count_words(value)) for day, value in self.days)
        return Table((_("Day"), str(self.unit) or pgettext("of something", "Number")), rows)
