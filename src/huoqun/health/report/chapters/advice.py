"""What to do first under the hours there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..blocks import Block, Cell, Column, Kind, Name, Row, Section, Soft, Table, cell
from ..figures import UNKNOWN, whole
from ..judged import action_name
from ..result import Audit
from ..words import Voice

SHOWN = 15


def advice(audit: Audit, say: Voice) -> Section | None:
    told = audit.advice
    rows = list(told.get("rows") or ())
    if not rows:
        return None
    within = [row for row in rows if row.get("within")]
    lead = say(
        "advice_lead",
        n=whole(len(rows)),
        asked=_hours(told.get("asked")),
        there=_hours(told.get("hours")),
        within=whole(len(within)),
    )
    blocks: list[Block] = [_totals(told.get("totals") or (), say)]
    if within:
        blocks.append(_first(sorted(within, key=lambda row: row.get("place") or 0)[:SHOWN], say))
    return Section(say("advice"), say.together([lead, say("advice_estimate")]), tuple(blocks))


def _totals(totals: Sequence[Mapping[str, Any]], say: Voice) -> Table:
    columns = (
        Column(say("action"), share=1),
        Column(say("groups"), Kind.NUMBER),
        Column(say("hours_a_week"), Kind.NUMBER),
        Column(say("people_kept"), Kind.NUMBER),
        Column(say("within_hours"), Kind.NUMBER),
    )
    rows = tuple(
        Row(
            (
                cell(action_name(one["action"], say.language)),
                cell(whole(one["groups"])),
                cell(_hours(one["hours"])),
                cell(whole(one["people"])),
                cell(whole(one["groups_within"])),
            )
        )
        for one in totals
    )
    return Table(columns, rows)


def _first(rows: list[Mapping[str, Any]], say: Voice) -> Table:
    columns = (
        Column(say("first"), share=1),
        Column(say("action"), share=1),
        Column(say("operator"), long=True),
        Column(say("hours_a_week"), Kind.NUMBER),
        Column(say("people_kept"), Kind.NUMBER),
    )
    made = tuple(
        Row(
            (
                cell(Name(str(row["group_name"]))),
                _action(row, say),
                cell(Soft(str(row.get("operator") or UNKNOWN))),
                cell(_hours(row["hours"])),
                cell(whole(row["people"])),
            )
        )
        for row in rows
    )
    return Table(columns, made)


def _action(row: Mapping[str, Any], say: Voice) -> Cell:
    name = action_name(row["action"], say.language)
    return Cell(((name,), (say("with_group", name=row["partner"]),))) if row.get("partner") else cell(name)


def _hours(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:,.1f}".removesuffix(".0")
