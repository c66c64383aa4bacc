"""Small pictures as inline SVG. Each says in words what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import sqrt

from huoqun.console.states import SHAPES, mark_of
from huoqun.health.life.rules import State
from huoqun.health.life.wording import STATES

from .html import Html, el, joined

WIDTH, HEIGHT = 132, 26


def state_mark(state: State, language: str) -> Html:
    """Colour, shape and word together, as in the console."""
    mark = mark_of(state)
    shape = el("svg", Html(SHAPES[mark.shape]), viewBox="0 0 12 12", aria_hidden="true")
    return el("span", shape, STATES[state].say(language), class_=f"state {mark.tone}")


def sparkline(daily: Sequence[float], label: str, *, changed_on: date | None, as_of: date) -> Html:
    """A bar a day; heights by the square root, so that quiet days stay visible beside loud ones."""
    step, most = WIDTH / len(daily), max(*daily, 1)
    bars = [
        f"M{day * step:.1f} {HEIGHT - 1}v{-max(1.5, sqrt(value / most) * (HEIGHT - 2)):.1f}"
        for day, value in enumerate(daily)
        if value > 0
    ]
    return el(
        "svg",
        el("title", label),
        el("path", d=f"M0 {HEIGHT - 0.5}H{WIDTH}", class_="base"),
        el("path", d="".join(bars), class_="bars", stroke_width=f"{max(step * 0.8, 0.8):.2f}") if bars else None,
        _change_line(changed_on, as_of, len(daily), step),
        viewBox=f"0 0 {WIDTH} {HEIGHT}", width=WIDTH, height=HEIGHT, role="img", class_="spark",
    )  # fmt: skip


def _change_line(changed_on: date | None, as_of: date, days: int, step: float) -> Html | None:
    if changed_on is None:
        return None
    place = days - 1 - (as_of - changed_on).days
    return el("path", d=f"M{place * step - step / 2:.1f} 0V{HEIGHT}", class_="change") if 0 < place < days else None


def state_bar(counts: Sequence[tuple[State, int]], label: str) -> Html:
    """All groups as one bar, a part a state."""
    total, x, parts = sum(count for _, count in counts), 0.0, []
    for state, count in counts:
        width = 1000 * count / total
        parts.append(
            el("rect", x=f"{x:.2f}", y=0, width=f"{max(width - 2, 1):.2f}", height=20, class_=f"{mark_of(state).tone} {state}")
        )
        x += width
    return el(
        "svg", el("title", label), *parts, viewBox="0 0 1000 20", preserveAspectRatio="none", role="img", class_="statebar"
    )


def bullet(value: float, other: float | None) -> Html:
    """A share on a line from 0 to 100 %, with a tick where others stand."""
    tick = None if other is None else el("path", d=f"M{other * 100:.1f} 0V12", class_="tick")
    fill = el("rect", x=0, y=3, width=f"{max(value * 100, 0.6):.1f}", height=6, class_="fill")
    track = el("rect", x=0, y=3, width=100, height=6, class_="track")
    return el("svg", track, fill, tick, viewBox="0 0 100 12", preserveAspectRatio="none", aria_hidden="true", class_="bullet")


def interval(middle: float, low: float | None, high: float | None) -> Html:
    """A probability as a dot on a line from 0 to 1, with its interval."""
    line = el("path", d="M2 6H62", class_="base")
    span = None
    if low is not None and high is not None:
        span = el("path", d=f"M{2 + low * 60:.1f} 6H{2 + max(high * 60, low * 60 + 0.5):.1f}", class_="span")
    dot = el("circle", cx=f"{2 + middle * 60:.1f}", cy=6, r=2.6, class_="dot")
    return el("svg", joined(line, span, dot), viewBox="0 0 64 12", width=64, height=12, aria_hidden="true", class_="interval")
