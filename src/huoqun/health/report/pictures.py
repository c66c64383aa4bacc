"""Small pictures as SVG. Each says in words what it shows; colours are classes, which the page and the sheet each give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import sqrt

from huoqun.console.states import SHAPES, mark_of
from huoqun.health.life.rules import State
from huoqun.health.life.wording import STATES

from .blocks import Picture
from .markup import Html, el, joined

WIDTH, HEIGHT = 132, 26


def shape(state: State | None) -> Html:
    """The state's shape alone, in the colour of the text around it."""
    return el("svg", Html(SHAPES[mark_of(state or "").shape]), viewBox="0 0 12 12", aria_hidden="true")


def tone(state: State | None) -> str:
    return mark_of(state or "").tone


def sparkline(daily: Sequence[float], label: str, *, changed_on: date | None, as_of: date) -> Picture:
    """A bar a day; heights by the square root, so that quiet days stay visible beside loud ones."""
    step = WIDTH / len(daily)
    svg = el(
        "svg",
        el("title", label),
        el("path", d=f"M0 {HEIGHT - 0.5}H{WIDTH}", class_="base"),
        _bars(daily, max(*daily, 1), step, HEIGHT, "bars"),
        _change_line(changed_on, as_of, len(daily), step, HEIGHT),
        viewBox=f"0 0 {WIDTH} {HEIGHT}", width=WIDTH, height=HEIGHT, role="img", class_="spark",
    )  # fmt: skip
    return Picture(svg, WIDTH, HEIGHT, label)


def _bars(values: Sequence[float], most: float, step: float, height: float, kind: str) -> Html | None:
    drawn = [
        f"M{(place + 0.5) * step:.1f} {height - 1}v{-max(1.5, sqrt(value / most) * (height - 2)):.1f}"
        for place, value in enumerate(values)
        if value > 0
    ]
    return el("path", d="".join(drawn), class_=kind, stroke_width=f"{max(step * 0.8, 0.8):.2f}") if drawn else None


def _change_line(changed_on: date | None, as_of: date, days: int, step: float, height: float) -> Html | None:
    if changed_on is None:
        return None
    place = days - 1 - (as_of - changed_on).days
    return el("path", d=f"M{place * step:.1f} 0V{height}", class_="change") if 0 < place < days else None


def activity(members: Sequence[float], house: Sequence[float], label: str, *, changed_on: date | None, as_of: date) -> Picture:
    """A group's days side by side: members above the line, house below it."""
    width, up, down = 720, 96, 30
    days = len(members)
    step, most = width / days, max(*members, *house, 1)
    svg = el(
        "svg",
        el("title", label),
        _bars(members, most, step, up, "bars"),
        el("path", d=f"M0 {up - 0.5}H{width}", class_="base"),
        el("g", _bars(house, most, step, down, "house"), transform=f"translate(0 {up + down}) scale(1 -1)"),
        _change_line(changed_on, as_of, days, step, up + down),
        viewBox=f"0 0 {width} {up + down}", preserveAspectRatio="none", role="img", class_="activity",
    )  # fmt: skip
    return Picture(svg, width, up + down, label, grows=True, flat=True)


def state_bar(counts: Sequence[tuple[State, int]], label: str) -> Picture:
    """All groups as one bar, a part a state."""
    total, x, parts = sum(count for _, count in counts), 0.0, []
    for state, count in counts:
        width = 1000 * count / total
        parts.append(
            el("rect", x=f"{x:.2f}", y=0, width=f"{max(width - 2, 1):.2f}", height=20, class_=f"{mark_of(state).tone} {state}")
        )
        x += width
    svg = el(
        "svg", el("title", label), *parts, viewBox="0 0 1000 20", preserveAspectRatio="none", role="img", class_="statebar"
    )
    return Picture(svg, 1000, 20, label, grows=True, flat=True)


def bullet(value: float, other: float | None) -> Picture:
    """A share on a line from 0 to 100 %, with a tick where others stand."""
    tick = None if other is None else el("path", d=f"M{min(other, 1) * 100:.1f} 0V12", class_="tick")
    fill = el("rect", x=0, y=3, width=f"{max(min(value, 1) * 100, 0.6):.1f}", height=6, class_="fill")
    track = el("rect", x=0, y=3, width=100, height=6, class_="track")
    svg = el("svg", track, fill, tick, viewBox="0 0 100 12", preserveAspectRatio="none", aria_hidden="true", class_="bullet")
    return Picture(svg, 100, 12, grows=True, flat=True)


def interval(middle: float, low: float | None, high: float | None) -> Picture:
    """A probability as a dot on a line from 0 to 1, with its interval."""
    line = el("path", d="M2 6H62", class_="base")
    span = None
    if low is not None and high is not None:
        span = el("path", d=f"M{2 + low * 60:.1f} 6H{2 + max(high * 60, low * 60 + 0.5):.1f}", class_="span")
    dot = el("circle", cx=f"{2 + middle * 60:.1f}", cy=6, r=2.6, class_="dot")
    svg = el("svg", joined(line, span, dot), viewBox="0 0 64 12", width=64, height=12, aria_hidden="true", class_="interval")
    return Picture(svg, 64, 12)


FLOW_WIDTH, FLOW_HEIGHT, FLOW_TOP, BAR, GAP = 420, 230, 20, 10, 5


def flows(
    days: Sequence[date],
    moves: Sequence[Mapping[tuple[State | None, State | None], int]],
    order: Sequence[State],
    label: str,
    language: str,
) -> Picture:
    """How groups went from state to state: a pillar a day, a band from each state to each next one (`moves`, one fewer)."""
    pillars = _pillars(moves, order)
    per_group = _scale(pillars)
    tops = [_tops(pillar, order, per_group) for pillar in pillars]
    step = (FLOW_WIDTH - 96 - BAR) / (len(days) - 1)
    bands = [
        band
        for place, moved in enumerate(moves)
        for band in _bands(moved, tops[place], tops[place + 1], order, per_group, x=place * step + BAR, to=(place + 1) * step)
    ]
    heads = [
        el("text", f"{day:%m-%d}", x=f"{place * step + (0 if place == 0 else BAR / 2):.1f}", y=10,
           text_anchor="start" if place == 0 else "middle")
        for place, day in enumerate(days)
    ]  # fmt: skip
    stacks = [
        el("rect", x=f"{place * step:.1f}", y=f"{tops[place][state]:.1f}", width=BAR, height=f"{max(n * per_group, 1):.1f}",
           class_=f"{mark_of(state).tone} {state}")
        for place, pillar in enumerate(pillars) for state, n in pillar.items() if n
    ]  # fmt: skip
    names = _names(pillars[-1], tops[-1], per_group, FLOW_WIDTH - 96 + 6, language)
    svg = el("svg", el("title", label), *bands, *stacks, *heads, *names, viewBox=f"0 0 {FLOW_WIDTH} {FLOW_HEIGHT}",
             role="img", class_="flows")  # fmt: skip
    return Picture(svg, FLOW_WIDTH, FLOW_HEIGHT, label, grows=True)


Pillar = dict[State, int]


def _pillars(moves: Sequence[Mapping[tuple[State | None, State | None], int]], order: Sequence[State]) -> list[Pillar]:
    """How many groups were in each state on each day; those not yet there stand nowhere."""
    first = [_sums(moves[0], order, side=0)]
    return first + [_sums(moved, order, side=1) for moved in moves]


def _sums(moved: Mapping[tuple[State | None, State | None], int], order: Sequence[State], *, side: int) -> Pillar:
    return {state: sum(n for pair, n in moved.items() if pair[side] is state) for state in order}


def _scale(pillars: Sequence[Pillar]) -> float:
    room = FLOW_HEIGHT - FLOW_TOP - GAP * max(sum(1 for n in pillar.values() if n) for pillar in pillars)
    return room / max(1, *(sum(pillar.values()) for pillar in pillars))


def _tops(pillar: Pillar, order: Sequence[State], per_group: float) -> dict[State, float]:
    tops, y = {}, float(FLOW_TOP)
    for state in order:
        tops[state] = y
        y += pillar[state] * per_group + (GAP if pillar[state] else 0)
    return tops


def _bands(
    moved: Mapping[tuple[State | None, State | None], int],
    left: Mapping[State, float],
    right: Mapping[State, float],
    order: Sequence[State],
    per_group: float,
    *,
    x: float,
    to: float,
) -> list[Html]:
    """Bands leave and arrive in the order of the states, so that they cross as little as can be."""
    out, into, drawn = dict(left), dict(right), []
    for before in order:
        for after in order:
            n = moved.get((before, after), 0)
            if not n:
                continue
            y, end, high, middle = out[before], into[after], n * per_group, (x + to) / 2
            path = (
                f"M{x:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {end:.1f} {to:.1f} {end:.1f}"
                f"v{high:.1f}C{middle:.1f} {end + high:.1f} {middle:.1f} {y + high:.1f} {x:.1f} {y + high:.1f}z"
            )
            drawn.append(el("path", d=path, class_=f"band {mark_of(after).tone}{' same' if before is after else ''}"))
            out[before] += high
            into[after] += high
    return drawn


def _names(pillar: Pillar, tops: Mapping[State, float], per_group: float, x: float, language: str) -> list[Html]:
    """Beside the last pillar; moved down where two would stand on one another."""
    found, free = [], float(FLOW_TOP)
    for state, n in pillar.items():
        if n:
            y = max(tops[state] + n * per_group / 2 + 4, free + 8)
            free = y + 5
            found.append(el("text", f"{STATES[state].say(language)} {n}", x=f"{x:.1f}", y=f"{min(y, FLOW_HEIGHT - 2):.1f}"))
    return found


def curve(values: Sequence[int], label: str) -> Picture:
    """People left at each k of the k-core: a staircase that falls fast where a few hold the group together."""
    width, height, top, foot = 420, 120, 14, 16
    step, most = width / max(len(values), 1), max(*values, 1)
    bars = [
        el("rect", x=f"{place * step + 1:.1f}", y=f"{top + (height - top - foot) * (1 - value / most):.1f}",
           width=f"{max(step - 2, 1):.1f}", height=f"{(height - top - foot) * value / most:.1f}", class_="fill")
        for place, value in enumerate(values)
    ]  # fmt: skip
    marks = [
        el("text", str(text), x=f"{(place + 0.5) * step:.1f}", y=f"{y:.1f}", text_anchor="middle")
        for place, value in enumerate(values)
        if len(values) <= 16 or place % 5 == 4
        for text, y in ((place + 1, height - 3), (value, top - 3 + (height - top - foot) * (1 - value / most)))
    ]
    svg = el("svg", el("title", label), *bars, *marks, viewBox=f"0 0 {width} {height}", role="img", class_="curve")
    return Picture(svg, width, height, label, grows=True)
