"""A line of a few weeks, small enough to stand in a row of a list: inline SVG, no script."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT, PAD = 88, 22, 2


def points(values: Sequence[float | None], top: float) -> list[tuple[float, float] | None]:
    """Where each value is drawn; None where nothing is known, so that the line breaks there."""
    step = (WIDTH - 2 * PAD) / max(1, len(values) - 1)
    scale = (HEIGHT - 2 * PAD) / (top or 1)
    return [
        None if value is None else (round(PAD + i * step, 1), round(HEIGHT - PAD - value * scale, 1))
        for i, value in enumerate(values)
    ]


def path(places: Sequence[tuple[float, float] | None]) -> str:
    """The line as an SVG path: a new stroke after every gap."""
    strokes: list[str] = []
    pen_up = True
    for place in places:
        if place is not None:
            strokes.append(f"{'M' if pen_up else 'L'}{place[0]} {place[1]}")
        pen_up = place is None
    return "".join(strokes)


def area(places: Sequence[tuple[float, float] | None]) -> str:
    """What lies under the line, when nothing is missing; else nothing."""
    known = [place for place in places if place is not None]
    if len(known) != len(places) or len(known) < 2:
        return ""
    floor = HEIGHT - PAD
    return f"{path(places)}L{known[-1][0]} {floor}L{known[0][0]} {floor}Z"
