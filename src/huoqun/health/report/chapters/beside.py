"""The shares beside what others have counted."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Cell, Column, Kind, Row, Section, Soft, Table, cell
from ..figures import share, whole
from ..pictures import bullet
from ..result import Audit
from ..words import Voice
from .common import daily_groups

FEW_PEOPLE = 100
"""Below so many people a per cent of people is a fraction of somebody, so people are counted instead."""

Share = tuple[str, float | None, float | None, str]
"""Name, our share, theirs as a number, theirs in words."""


def beside(audit: Audit, say: Voice) -> Section | None:
    if not audit.talking:
        return None
    rows = [_row(row) for row in _shares(audit, say) if row[1] is not None]
    life = audit.portfolio.get("median_life_days")
    if life is not None:
        rows.append(Row((cell(say("median_life")), cell(say("days", n=whole(life))), Cell(), Cell())))
    columns = (
        Column(say("figure"), share=1.2),
        Column(say("yours"), Kind.NUMBER),
        Column("", Kind.PICTURE, share=0.8, long=True),
        Column(say("theirs"), share=1),
    )
    daily = f"{daily_groups(audit)} / {len(audit.talking)} ({share(daily_groups(audit) / len(audit.talking))})"
    return Section(say("beside"), say("beside_lead", daily=daily), (Table(columns, tuple(rows)),))


def _row(row: Share) -> Row:
    name, ours, theirs, words = row
    picture = cell(bullet(ours, theirs)) if ours is not None else Cell()
    return Row((cell(name), cell(share(ours)), picture, cell(Soft(words))))


def _shares(audit: Audit, say: Voice) -> Iterator[Share]:
    figures = audit.portfolio
    yield say("every_day", window=audit.window), daily_groups(audit) / len(audit.talking), 4 / 300, say("method")
    for name in ("alive_7d", "alive_30d", "silent_90d"):
        yield say(name), figures.get(name), None, ""
    yield say("silent_in_a_week"), figures.get("silent_in_a_week"), 0.4, say("wechat", share="40 %")
    yield say("outlived_a_month"), figures.get("outlived_a_month"), 0.3, say("wechat", share="30 %")
    for (name, label), theirs in zip(_posters(audit, say), (0.747, 0.240, 0.013), strict=True):
        yield label, figures.get(name), theirs, say("health_sites", share=share(theirs))


def _posters(audit: Audit, say: Voice) -> list[tuple[str, str]]:
    """How to call the busiest, the next and the rest: by head while they are few."""
    people = audit.portfolio.get("posters")
    names = ("top1_share", "next9_share", "rest_share")
    if people is None or people >= FEW_PEOPLE:
        return [(name, say(name)) for name in names]
    first, tenth = max(1, round(people * 0.01)), max(2, round(people * 0.1))
    counts = (first, min(tenth, people) - first, max(people - tenth, 0))
    calls = ("top_people", "next_people", "rest_people")
    return [(name, say(call, n=count)) for name, call, count in zip(names, calls, counts, strict=True)]
