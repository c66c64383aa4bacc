"""Operators side by side: what is left of the difference when their groups' age, size and kind, and chance, are taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..blocks import Cell, Column, Kind, Name, Row, Section, Soft, Spoken, Table, cell
from ..figures import UNKNOWN, share, whole
from ..result import Audit
from ..words import Voice

SHOWN = 30
APART = frozenset({"better", "worse"})


def operators(audit: Audit, say: Voice) -> Section | None:
    rows = audit.operators
    if len(rows) < 2:
        return None
    apart = sum(1 for row in rows if row.get("verdict") in APART)
    lead = [
        say("operators_lead", n=whole(len(rows)), apart=whole(apart)) if apart else say("operators_alike", n=whole(len(rows)))
    ]
    if len(rows) > SHOWN:
        lead.append(say("operators_cut", n=whole(SHOWN)))
    columns = (
        Column(say("operator"), share=1),
        Column(say("groups"), Kind.NUMBER),
        Column(say("alive"), Kind.NUMBER),
        Column(say("alive_apart"), Kind.NUMBER),
        Column(say("talk_apart"), Kind.NUMBER),
        Column(say("hours_a_week"), Kind.NUMBER, long=True),
        Column(say("verdict"), share=1),
    )
    table = Table(columns, tuple(_row(row, say) for row in rows[:SHOWN]), cards=True)
    return Section(say("operators"), say.together([*lead, say("operators_how")]), (table,))


def _row(row: Mapping[str, Any], say: Voice) -> Row:
    hours = row.get("hours_a_week")
    return Row(
        (
            cell(Name(str(row["operator"]))),
            cell(whole(row["groups"])),
            cell(share(row.get("alive_share"))),
            _difference(row, "alive", say),
            _difference(row, "talk", say),
            cell(UNKNOWN if hours is None else f"{hours:.1f}"),
            cell(Soft(say(f"verdict_{row['verdict']}"))),
        )
    )


def _difference(row: Mapping[str, Any], name: str, say: Voice) -> Cell:
    """Beside comparable groups, with the 90 % interval for whoever asks."""
    middle, low, high = (row.get(part) for part in (name, f"{name}_low", f"{name}_high"))
    if middle is None or low is None or high is None:
        return cell(UNKNOWN)
    told = _points if name == "alive" else _factor
    spoken = say("interval", p=told(middle), low=told(low), high=told(high))
    return Cell(((Spoken((told(middle),), spoken),), (f"{told(low)} … {told(high)}",)))


def _points(value: float) -> str:
    return f"{value * 100:+.0f}"


def _factor(value: float) -> str:
    return f"× {value:.2f}"
