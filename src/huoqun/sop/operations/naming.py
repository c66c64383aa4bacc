"""Which line a request or a to-do belongs to, by its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huoqun.sop.models import Line

ROOM = "sop"
TO = "to/"
AT_ONCE = 400

Place = tuple[int, int, str]
"""Run, edition, step: one line."""


@dataclass(frozen=True, slots=True)
class Named:
    """A line as its request or to-do is called."""

    run: int
    edition: int
    step: str
    part: str = ""
    """"farewell", "seed", "proof": something beside the line itself; "to/17": one of those it is for."""

    @property
    def place(self) -> Place:
        return self.run, self.edition, self.step


def named(key: str) -> Named | None:
    """None: it is not the name of a line."""
    parts = key.removeprefix("request/").split("/")
    if len(parts) < 4 or parts[0] != ROOM or not (parts[1].isdecimal() and parts[2].isdecimal()):
        return None
    return Named(int(parts[1]), int(parts[2]), parts[3], "/".join(parts[4:]))


def lines_of(places: Iterable[Place]) -> dict[Place, Line]:
    """Those that are there, locked, in the order in which they were planned."""
    wanted = set(places)
    runs = sorted({run for run, _edition, _step in wanted})
    found: list[Line] = []
    for start in range(0, len(runs), AT_ONCE):
        rows = Line.objects.select_for_update(of=("self",)).filter(run__in=runs[start : start + AT_ONCE])
        found += rows.select_related("run__version").defer("run__version__plain").order_by("pk")
    return {place: line for line in found if (place := (line.run_id, line.edition, line.step)) in wanted}
