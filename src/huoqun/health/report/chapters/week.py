"""What changed since the last report."""

from __future__ import annotations

from ..blocks import Block, Cell, Column, Kind, Mark, Name, Row, Section, Soft, Table, cell
from ..figures import UNKNOWN, whole
from ..result import Audit, Turn, Week
from ..words import Voice
from .common import ORDER
from .headline import better, changed, worse

SHOWN = 30


def week(audit: Audit, say: Voice) -> Section | None:
    if audit.week is None:
        return None
    blocks: list[Block] = [_figures(audit.week, say)] if audit.week.figures else []
    if turned := _in_order(audit.week):
        blocks.append(_turned(turned[:SHOWN], say))
    lead = [changed(audit.week, say)]
    if len(turned) > SHOWN:
        lead.append(say("week_cut", n=whole(SHOWN)))
    return Section(say("week"), say.together(lead), tuple(blocks))


def _figures(week: Week, say: Voice) -> Table:
    columns = (
        Column("", share=1),
        Column(say("week_now"), Kind.NUMBER),
        Column(say("week_before"), Kind.NUMBER),
        Column(say("week_change"), Kind.NUMBER),
    )
    rows = tuple(
        Row((cell(say(f"week_{name}")), cell(whole(now)), cell(whole(before)), cell(change(now, before))))
        for name, now, before in week.figures
    )
    return Table(columns, rows)


def change(now: float | None, before: float | None) -> str:
    """In per cent of the earlier; where that is small, as a number of heads."""
    if now is None or before is None:
        return UNKNOWN
    if before < 20:
        return f"{now - before:+,.0f}" if now != before else "0"
    return f"{(now - before) / before * 100:+.0f} %".replace("+0 %", "0 %").replace("-0 %", "0 %")


def _in_order(week: Week) -> list[Turn]:
    """The worse first, then what came back, then the rest."""
    for_worse, for_better = worse(week.turned), better(week.turned)
    rest = [one for one in week.turned if one not in for_worse and one not in for_better]
    return [
        *sorted(for_worse, key=lambda one: (one.after.value != "declining", -ORDER.index(one.after), one.name)),
        *sorted(for_better, key=lambda one: one.name),
        *sorted(rest, key=lambda one: (ORDER.index(one.after), one.name)),
    ]


def _turned(turned: list[Turn], say: Voice) -> Table:
    columns = (Column(say("group"), share=1), Column(say("was"), Kind.PICTURE), Column(say("is"), Kind.PICTURE))
    rows = tuple(Row((cell(Name(one.name)), _was(one, say), cell(Mark(one.after)))) for one in turned)
    return Table(columns, rows)


def _was(one: Turn, say: Voice) -> Cell:
    return cell(Mark(one.before)) if one.before else cell(Soft(say("new_group")))
