"""The groups that need somebody: what happened, why, what to do next, how it may go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from huoqun.health.attention import Concern, Look, concerns, presses
from huoqun.health.life.rules import State

from ..blocks import Block, Cell, Column, Kind, Line, Mark, Name, Notes, Row, Section, Soft, Strong, Table, cell
from ..figures import chance, whole
from ..judged import action_words, cause_words, is_proven, not_enough, track_words
from ..result import Audit, Group, Judged
from ..words import Voice
from .common import day_cell, sentences, spark_cell

SHOWN = 40
LEFT_ALONE = "leave_alone"
"""The group is well; what waits in it today is said by its concerns."""


@dataclass(frozen=True, slots=True)
class Needing:
    group: Group
    concerns: tuple[Concern, ...]

    @property
    def weight(self) -> int:
        return sum(concern.weight for concern in self.concerns)


def needing(audit: Audit, say: Voice, *, most: int = SHOWN, brief: bool = False) -> Section | None:
    """The most pressing groups; `brief` tells of each only what happened, the likeliest cause, and what to do."""
    found = pressing(audit)
    if not found:
        return None
    falling = all(one.group.state is State.DECLINING for one in found)
    lead = [say("falling_lead" if falling else "needing_lead")]
    if len(found) > most:
        lead.append(say("needing_more", shown=whole(most)))
    proven = is_proven(audit.track) and not brief
    blocks: list[Block] = [_table(found[:most], audit, say, proven=proven, brief=brief)]
    if proven:
        blocks.append(Notes((track_words(audit.track, say.language),)))
    return Section(say("falling" if falling else "needing", n=whole(len(found))), say.together(lead), tuple(blocks))


def _table(found: list[Needing], audit: Audit, say: Voice, *, proven: bool, brief: bool) -> Table:
    columns = [Column(say("group"), share=1), Column(say("since"), Kind.DAY)]
    if proven:
        columns.append(Column(say("p_silent"), Kind.NUMBER))
    columns.append(Column(say("lately"), Kind.PICTURE))
    rows = tuple(_row(one, audit, say, proven=proven, brief=brief) for one in found)
    return Table(tuple(columns), rows, cards=True, titled=proven)


def pressing(audit: Audit) -> list[Needing]:
    """The most pressing first; the busier of two that press alike."""
    found = [Needing(group, tuple(reasons)) for group in audit.groups if presses(reasons := concerns(_look(group, audit)))]
    return sorted(found, key=lambda one: (-one.weight, -(one.group.number("messages") or 0), one.group.name))


def _look(group: Group, audit: Audit) -> Look:
    foreseen = group.outlook.chance if group.outlook and is_proven(audit.track) else None
    return Look(
        state=group.state or "",
        since=group.since,
        as_of=audit.as_of or date.min,
        unanswered=group.count("unanswered"),
        first_words=group.count("first_words"),
        first_words_answered=group.count("first_words_answered"),
        planned_end=group.planned_end,
        main_cause=group.judged.causes[0].code if group.judged.causes else "",
        p_silent=foreseen,
    )


def _row(one: Needing, audit: Audit, say: Voice, *, proven: bool, brief: bool) -> Row:
    group = one.group
    told = _briefly(one, say) if brief else _told(one, say)
    cells = [Cell(((Name(group.name), "  ", Mark(group.state)), *told)), day_cell(group.since)]
    if proven:
        cells.append(cell(chance(group.outlook.chance)) if group.outlook else Cell())
    cells.append(spark_cell(group, audit, say))
    return Row(tuple(cells))


def _told(one: Needing, say: Voice) -> Iterator[Line]:
    yield from _happened(one, say)
    if left := say.listed([concern_words(concern, say) for concern in one.concerns if concern.code in _SAID]):
        yield (Soft(left),)
    yield from _why_and_next(one.group.judged, say, causes=2)


def _briefly(one: Needing, say: Voice) -> Iterator[Line]:
    yield from _happened(one, say)
    yield from _why_and_next(one.group.judged, say, causes=1)


def _happened(one: Needing, say: Voice) -> Iterator[Line]:
    if reasons := sentences(one.group, say):
        yield (Soft(say.together(reasons)),)


def _why_and_next(judged: Judged, say: Voice, *, causes: int) -> Iterator[Line]:
    if found := [cause_words(cause, say.language) for cause in judged.causes[:causes]]:
        yield (Strong(say("why")), say.together(found))
    elif judged.action and not judged.enough:
        yield (Strong(say("why")), not_enough(judged, say.language))
    if judged.action and judged.action != LEFT_ALONE:
        yield (Strong(say("next")), action_words(judged, say.language))


_SAID = frozenset({"unanswered", "newcomers_ignored", "ends_soon", "record_gap"})
"""What the state's own reasons do not say already."""


def concern_words(concern: Concern, say: Voice) -> str:
    return say(f"concern_{concern.code}", **concern.figures)
