"""Charts for many things at once: where each stands, how they move between kinds, how far apart they are with how much doubt.

Like those in `charts`: plain data, and the table that says the same. Drawn by static/console/flows.js.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huoqun.console import figures
from huoqun.console.charts import Table
from huoqun.console.navigation import Words
from huoqun.console.states import mark_of

ROWS_SHOWN = 300
"""Of more marks than this the table holds counts by kind instead of a row each."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing on the map, or `number` things that stand so close that they are one mark."""

    x: float
    y: float
    size: float
    name: str
    url: str
    told: tuple[str, ...] = ()
    """What the axes say of it, in words."""
    number: int = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """Marks of one kind. The code gives colour and shape, as in lists (console.states)."""

    code: str
    words: Words
    spots: Sequence[Spot]


@dataclass(frozen=True, slots=True)
class Axis:
    """`ticks` are places with the words that stand there; the first and the last are the ends of the axis."""

    words: Words
    ticks: Sequence[tuple[float, str]]
    middle: float | None = None
    """Where a line divides the two halves, such as no growth."""


@dataclass(frozen=True)
class Map:
    """Where things stand by two figures. `heads` are those of the table: name, kind, x, y and so on."""

    title: Words
    kinds: Sequence[Kind]
    x: Axis
    y: Axis
    heads: Sequence[Words]
    counted: Table | None = None
    """Stands instead of a row for each mark where they are too many."""
    corners: Sequence[Words] = ()
    """What the four quarters mean: left above, right above, left below, right below."""

    def plain(self) -> dict[str, Any]:
        return {
            "kind": "map",
            "x": _axis(self.x),
            "y": _axis(self.y),
            "corners": [str(words) for words in self.corners],
            "told": [str(head) for head in self.heads[2:]],
            "kinds": [_kind(kind) for kind in self.kinds],
        }

    def table(self) -> Table:
        if self.counted is not None:
            return self.counted
        rows = [
            (format_html('<a href="{}">{}</a>', spot.url, spot.name) if spot.url else spot.name, str(kind.words), *spot.told)
            for kind in self.kinds
            for spot in kind.spots
        ]
        return Table(tuple(str(head) for head in self.heads), tuple(rows[:ROWS_SHOWN]))


def _axis(axis: Axis) -> dict[str, Any]:
    return {"name": str(axis.words), "ticks": [[place, words] for place, words in axis.ticks], "middle": axis.middle}


def _kind(kind: Kind) -> dict[str, Any]:
    mark = mark_of(kind.code)
    return {
        "name": str(kind.words),
        "tone": mark.tone,
        "shape": mark.shape,
        "spots": [[spot.x, spot.y, spot.size, spot.name, spot.url, *spot.told] for spot in kind.spots],
    }


@dataclass(frozen=True, slots=True)
class Stop:
    """How many were of one kind at one time. `column` is the place of the time among the columns."""

    column: int
    code: str
    words: Words
    number: int


@dataclass(frozen=True, slots=True)
class Stream:
    """So many went from one stop to the next; places in the stops."""

    start: int
    end: int
    number: int


@dataclass(frozen=True)
class Flows:
    """How things move between kinds, from column to column (a Sankey diagram). Stops stand in the order they are given."""

    title: Words
    columns: Sequence[str]
    stops: Sequence[Stop]
    streams: Sequence[Stream]

    def plain(self) -> dict[str, Any]:
        stops = [[stop.column, str(stop.words), mark_of(stop.code).tone, stop.number] for stop in self.stops]
        streams = [[stream.start, stream.end, stream.number] for stream in self.streams]
        return {"kind": "flows", "columns": list(self.columns), "stops": stops, "streams": streams}

    def table(self) -> Table:
        """Newest first; who stayed what they were stands below who moved."""
        rows = sorted(self.streams, key=lambda one: (-self.stops[one.start].column, self._stays(one), -one.number))
        heads = (_("From"), _("To"), _("Before"), _("After"), pgettext("of something", "Number"))
        return Table(heads, tuple(self._row(one) for one in rows))

    def _stays(self, stream: Stream) -> bool:
        return self.stops[stream.start].code == self.stops[stream.end].code

    def _row(self, stream: Stream) -> tuple[str, ...]:
        start, end = self.stops[stream.start], self.stops[stream.end]
        times = (self.columns[start.column], self.columns[end.column])
        return (*times, str(start.words), str(end.words), figures.count_words(stream.number))


@dataclass(frozen=True, slots=True)
class Span:
    """A difference with the ends between which it lies, 0.1 for ten points more; None where nothing is known."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    told: tuple[str, ...] = ()
    """The other cells of its row in the table."""


@dataclass(frozen=True)
class Spans:
    """Differences with their intervals, one below the other, beside the line of no difference, in points of a hundred."""

    title: Words
    rows: Sequence[Span]
    heads: Sequence[Words]
    """Name, difference, interval, then those of `told`."""

    def plain(self) -> dict[str, Any]:
        rows = [[row.name, row.value, row.low, row.high] for row in self.rows if row.value is not None]
        return {"kind": "spans", "rows": rows, "name": str(self.heads[1])}

    def table(self) -> Table:
        rows = tuple((row.name, points(row.value), points_between(row.low, row.high), *row.told) for row in self.rows)
        return Table(tuple(str(head) for head in self.heads), rows)


def points(share: float | None) -> str:
    """+10, −3, 0: points of a hundred."""
    if share is None:
        return figures.NOTHING
    number = round(100 * share)
    return f"{number:+d}".replace("-", "−") if number else "0"


def points_between(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return figures.NOTHING
    return _("%(low)s to %(high)s") % {"low": points(low), "high": points(high)}
