"""Group by group."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from huoqun.health.life.rules import State
from huoqun.health.life.wording import MEANINGS, sentence

from ..blocks import Cell, Column, Kind, Line, Mark, Name, Row, Section, Soft, Table, cell
from ..figures import whole
from ..result import Audit, Group
from ..words import Voice
from .common import ORDER, busiest_first, chance_line, dated, day_cell, spark_cell

COLUMNS = ("group", "state", "lately", "since", "p_alive", "days_active", "speakers", "messages", "life")
NUMBERS = {"days_active": "days_active_7d", "speakers": "speakers_7d", "messages": "messages", "life": "life_days"}
KINDS = {"group": Kind.TEXT, "lately": Kind.PICTURE, "state": Kind.PICTURE, "since": Kind.DAY, "p_alive": Kind.DAY}

GONE_FIRST = (
    "talk_after_end",
    "talked_once",
    "short_burst",
    "stray_talk",
    "silence_after_daily",
    "silence_unusual",
    "silence_fits",
)
ALIVE_FIRST = ("level_fell", "level_rose", "level_eased", "silence_fits", "long_lived")
"""Which reason a row tells, the first that applies."""


def all_groups(audit: Audit, say: Voice, *, most: int | None = None) -> Section | None:
    """Every group, by state; with `most` only so many, those with the most talk in each state."""
    if not audit.groups:
        return None
    drawn = max((len(group.daily) for group in audit.groups), default=0)
    names = [name for name in COLUMNS if (name != "lately" or drawn) and _known(audit, name)]
    columns = tuple(_column(name, say) for name in names)
    lead = [say("all_lead", n=drawn) if drawn else say("all_lead_plain")]
    if most is not None and len(audit.groups) > most:
        lead.append(say("all_cut", n=whole(most), all=whole(len(audit.groups))))
    table = Table(columns, tuple(_rows(audit, names, say, most)), cards=True)
    return Section(say("all_groups"), say.together(lead), (table,))


def _column(name: str, say: Voice) -> Column:
    narrow = name in {"state", "life"}
    return Column(
        say(name), KINDS.get(name, Kind.NUMBER), share=1 if name == "group" else 0, long=name == "life", screen_only=narrow
    )


def _known(audit: Audit, column: str) -> bool:
    """Whether any group has the figure: a column nobody filled is left out."""
    return column not in NUMBERS or any(group.number(NUMBERS[column]) is not None for group in audit.groups)


def shown(audit: Audit, most: int | None) -> list[Group]:
    """Those listed: all, or of each state the busiest."""
    each = None if most is None or len(audit.groups) <= most else max(most // (len(ORDER) + 1), 1)
    return [group for state in (*ORDER, None) for group in busiest_first(audit.of_state(state))[:each]]


def _rows(audit: Audit, columns: list[str], say: Voice, most: int | None) -> Iterator[Row]:
    for state, groups in groupby(shown(audit, most), key=lambda group: group.state):
        yield _kind_row(state, len(audit.of_state(state)), say)
        for group in groups:
            yield Row(tuple(_cell(name, group, audit, say) for name in columns))


def _kind_row(state: State | None, count: int, say: Voice) -> Row:
    meaning = MEANINGS[state].say(say.language) if state else say("unseen_meaning")
    return Row((cell(Mark(state), f" {whole(count)} ", Soft(meaning)),), heads=True)


def _cell(column: str, group: Group, audit: Audit, say: Voice) -> Cell:
    if column == "group":
        return Cell(((Name(group.name),), *_why(group, say)))
    if column == "state":
        return cell(Mark(group.state))
    if column == "since":
        return day_cell(group.since)
    if column == "lately":
        return spark_cell(group, audit, say)
    if column == "p_alive":
        return Cell((chance_line(group, say),))
    return cell(whole(group.number(NUMBERS[column])))


def _why(group: Group, say: Voice) -> list[Line]:
    """The one sentence that says most beyond what the columns show; the declining have all of theirs above."""
    if group.state in {None, State.THRIVING, State.STEADY, State.DECLINING}:
        return []
    weight = GONE_FIRST if group.state is not State.BUBBLING else ALIVE_FIRST
    told = [(weight.index(code), code, params) for code, params in group.reasons if code in weight]
    if not told:
        return []
    _, code, params = min(told, key=lambda reason: reason[0])
    return [(sentence(code, dated(params), language=say.language),)]
