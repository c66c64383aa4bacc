"""How groups moved between states over the months."""

from __future__ import annotations

from huoqun.health.life.wording import STATES

from ..blocks import Column, Figure, Kind, Mark, Row, Section, Soft, Table, cell
from ..figures import whole
from ..pictures import flows as drawn
from ..result import Audit, Flows
from ..words import Voice
from .common import GONE, LIVING, ORDER

SHOWN = 8


def flows(audit: Audit, say: Voice) -> Section | None:
    told = audit.flows
    if told is None or not told.moves:
        return None
    label = say("flows_label", first=told.days[0], last=told.days[-1])
    picture = drawn(told.days, told.moves, ORDER, label, say.language)
    return Section(say("flows"), _sentence(told, say), (Figure(picture), _table(told, say)))


def _sentence(told: Flows, say: Voice) -> str:
    def moved(before: tuple[object, ...], after: tuple[object, ...]) -> str:
        return whole(sum(n for move in told.moves for (a, b), n in move.items() if a in before and b in after))

    down = (*GONE, ORDER[3])
    return say("flows_lead", first=told.days[0], last=told.days[-1], down=moved(LIVING, down), up=moved(down, LIVING))


def _table(told: Flows, say: Voice) -> Table:
    """The moves of the last step that are not staying, the most first."""
    last = [(pair, n) for pair, n in told.moves[-1].items() if pair[0] is not pair[1] and n and pair[1] is not None]
    columns = (
        Column(say("was"), Kind.PICTURE),
        Column(say("is"), Kind.PICTURE),
        Column(say("groups"), Kind.NUMBER),
    )
    rows = tuple(
        Row((cell(Mark(before)) if before else cell(Soft(say("new_group"))), cell(Mark(after)), cell(whole(n))))
        for (before, after), n in sorted(last, key=lambda one: (-one[1], _word(one[0][1], say)))[:SHOWN]
    )
    return Table(columns, rows)


def _word(state: object, say: Voice) -> str:
    return STATES[state].say(say.language) if state in STATES else ""  # type: ignore[index]
