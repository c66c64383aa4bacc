"""Which group ends how: fates are dealt in the method's proportions, then given to the kinds they fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .course import Cause, State
from .dice import Dice
from .organisations import Kind

PORTFOLIO = 300


@dataclass(frozen=True, slots=True)
class Fate:
    state: State
    causes: tuple[Cause, ...]


C, S = Cause, State
DEALT: tuple[tuple[State, tuple[Cause, ...], int], ...] = (
    (S.THRIVING, (C.NONE,), 8),
    (S.STEADY, (C.NONE,), 34),
    (S.DECLINING, (C.KEY_PEOPLE_LEFT,), 5),
    (S.DECLINING, (C.AD_FATIGUE,), 4),
    (S.DECLINING, (C.SAME_OLD_FACES,), 4),
    (S.DECLINING, (C.NEWCOMERS_IGNORED,), 4),
    (S.DECLINING, (C.QUESTIONS_UNANSWERED,), 3),
    (S.DECLINING, (C.OPERATOR_DEPENDENT,), 3),
    (S.DECLINING, (C.BOTS_AND_FAKES,), 2),
    (S.BUBBLING, (C.NONE,), 20),
    (S.BUBBLING, (C.SAME_OLD_FACES,), 8),
    (S.BUBBLING, (C.NEWCOMERS_IGNORED,), 7),
    (S.BUBBLING, (C.QUESTIONS_UNANSWERED,), 6),
    (S.BUBBLING, (C.AD_FATIGUE,), 5),
    (S.BUBBLING, (C.OPERATOR_DEPENDENT,), 5),
    (S.BUBBLING, (C.TOO_LARGE,), 4),
    (S.BUBBLING, (C.TOO_SMALL,), 4),
    (S.BUBBLING, (C.BOTS_AND_FAKES,), 2),
    (S.DORMANT, (C.BURST_THEN_SILENCE,), 13),
    (S.DORMANT, (C.NO_PURPOSE, C.BURST_THEN_SILENCE), 9),
    (S.DORMANT, (C.AD_FATIGUE,), 7),
    (S.DORMANT, (C.SAME_OLD_FACES,), 4),
    (S.DORMANT, (C.OPERATOR_DEPENDENT,), 4),
    (S.DORMANT, (C.NEWCOMERS_IGNORED,), 4),
    (S.DORMANT, (C.TOO_LARGE,), 4),
    (S.DORMANT, (C.QUESTIONS_UNANSWERED,), 3),
    (S.DORMANT, (C.TOO_SMALL,), 3),
    (S.DEAD, (C.BURST_THEN_SILENCE,), 33),
    (S.DEAD, (C.NO_PURPOSE, C.BURST_THEN_SILENCE), 18),
    (S.DEAD, (C.OPERATOR_DEPENDENT,), 11),
    (S.DEAD, (C.AD_FATIGUE,), 9),
    (S.DEAD, (C.KEY_PEOPLE_LEFT,), 5),
    (S.DEAD, (C.BOTS_AND_FAKES,), 4),
    (S.DEAD, (C.TOO_SMALL,), 4),
    (S.DEAD, (C.NEWCOMERS_IGNORED,), 3),
    (S.DEAD, (C.QUESTIONS_UNANSWERED,), 3),
)
"""How many of 300, beside the seasons and flash groups that close as planned."""

SEASONS_CLOSED = 0.4
"""Share of the seasonal groups that ran their time and closed as planned."""

DRIVEN = frozenset({C.OPERATOR_DEPENDENT, C.AD_FATIGUE})
LIVELY = {S.THRIVING: 4.0, S.STEADY: 2.0, S.BUBBLING: 0.3}
"""How strongly a fate seeks the lively kinds."""


def deal(kinds: Sequence[Kind], trouble: Sequence[float], dice: Dice) -> list[Fate]:
    """One fate a group. `trouble` says how often the group's operator lets things go wrong."""
    fates: list[Fate | None] = [_planned(kind, dice) for kind in kinds]
    open_places = [place for place, fate in enumerate(fates) if fate is None]
    for fate in _hand(len(open_places), dice):
        weights = [_fit(fate, kinds[place], trouble[place]) for place in open_places]
        place = dice.weighted(range(len(open_places)), weights)
        fates[open_places.pop(place)] = fate
    return [fate for fate in fates if fate is not None]


def _planned(kind: Kind, dice: Dice) -> Fate | None:
    if kind.lifecycle == "flash" or (kind.lifecycle == "seasonal" and dice.chance(SEASONS_CLOSED)):
        return Fate(S.PLANNED_END, (C.SEASON_CLOSED,))
    return None


def _hand(count: int, dice: Dice) -> list[Fate]:
    """`count` fates in proportion, the rarest states first so that they find the kinds they fit."""
    total = sum(number for _, _, number in DEALT)
    hand: list[Fate] = []
    owed = 0.0
    for state, causes, number in DEALT:
        owed += number * count / total
        dealt = min(round(owed), count - len(hand))
        hand.extend([Fate(state, causes)] * dealt)
        owed -= dealt
    hand.extend([Fate(S.DEAD, (C.BURST_THEN_SILENCE,))] * (count - len(hand)))
    return hand


def _fit(fate: Fate, kind: Kind, trouble: float) -> float:
    weight: float = kind.lively ** LIVELY.get(fate.state, -0.5)
    if fate.state not in LIVELY:
        weight *= trouble
    if C.AD_FATIGUE in fate.causes:
        weight *= 1.0 if kind.sells else 0.004
    if C.TOO_LARGE in fate.causes:
        weight *= kind.size / 100
    if C.TOO_SMALL in fate.causes:
        weight *= 100 / kind.size
    if kind.lifecycle == "seasonal" and fate.state in (S.THRIVING, S.DORMANT):
        weight *= 0.3
    return weight
