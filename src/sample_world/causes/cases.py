"""Which cases a world holds: causes alone and in pairs, at several strengths, and healthy groups that look as if."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle

from sample_world.course import Cause
from sample_world.dice import Dice

from .settings import Settings


class Distractor(StrEnum):
    """What looks like a cause and is none."""

    ADS_BUT_LIVELY = "ads_but_lively"
    OPERATOR_TALKS = "operator_talks"
    HOLIDAY_LULL = "holiday_lull"
    FEW_BUT_FAITHFUL = "few_but_faithful"
    KEY_PERSON_LEAVES = "key_person_leaves"
    OLD_FRIENDS = "old_friends"
    SEASONAL_REST = "seasonal_rest"
    LARGE_BUT_LIVELY = "large_but_lively"
    PURPOSE_UNWRITTEN = "purpose_unwritten"
    BIRTH_EXCITEMENT = "birth_excitement"
    CAMPAIGN = "campaign"
    SLOW_ANSWERS = "slow_answers"
    SOME_FAKES = "some_fakes"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Ill:
    cause: Cause
    strength: float


@dataclass(frozen=True, slots=True)
class Case:
    """`ills` in the order of their strength, the main one first. `kin` is the number of a pair of groups whose people know each
    other, of which one is too small."""

    ills: tuple[Ill, ...] = ()
    distractors: tuple[Distractor, ...] = ()
    kin: int | None = None
    recorded: bool = True

    @property
    def causes(self) -> tuple[Cause, ...]:
        return tuple(ill.cause for ill in self.ills)

    def has(self, cause: Cause) -> bool:
        return cause in self.causes


C, D = Cause, Distractor
ALONE: tuple[Cause, ...] = (
    C.NO_PURPOSE,
    C.BURST_THEN_SILENCE,
    C.OPERATOR_DEPENDENT,
    C.SAME_OLD_FACES,
    C.AD_FATIGUE,
    C.NEWCOMERS_IGNORED,
    C.QUESTIONS_UNANSWERED,
    C.KEY_PEOPLE_LEFT,
    C.BOTS_AND_FAKES,
    C.TOO_LARGE,
    C.TOO_SMALL,
    C.SEASON_CLOSED,
)
PAIRS: tuple[tuple[Cause, Cause], ...] = (
    (C.NO_PURPOSE, C.BURST_THEN_SILENCE),
    (C.OPERATOR_DEPENDENT, C.AD_FATIGUE),
    (C.NEWCOMERS_IGNORED, C.QUESTIONS_UNANSWERED),
    (C.KEY_PEOPLE_LEFT, C.QUESTIONS_UNANSWERED),
    (C.BOTS_AND_FAKES, C.AD_FATIGUE),
    (C.TOO_LARGE, C.NEWCOMERS_IGNORED),
    (C.SAME_OLD_FACES, C.KEY_PEOPLE_LEFT),
    (C.AD_FATIGUE, C.QUESTIONS_UNANSWERED),
    (C.OPERATOR_DEPENDENT, C.NEWCOMERS_IGNORED),
    (C.QUESTIONS_UNANSWERED, C.SAME_OLD_FACES),
    (C.BURST_THEN_SILENCE, C.NEWCOMERS_IGNORED),
    (C.TOO_LARGE, C.AD_FATIGUE),
    (C.KEY_PEOPLE_LEFT, C.AD_FATIGUE),
    (C.NEWCOMERS_IGNORED, C.AD_FATIGUE),
)
"""Each may be the main one. Only causes that can come together without one hiding the other altogether."""
BORN_WITH = frozenset({C.NO_PURPOSE, C.BURST_THEN_SILENCE, C.TOO_SMALL})
"""Causes a group has from its birth."""
GENTLE = (D.HOLIDAY_LULL, D.ADS_BUT_LIVELY, D.OPERATOR_TALKS, D.CAMPAIGN, D.SOME_FAKES, D.SLOW_ANSWERS)
"""Distractors an ailing group may have beside its cause."""
AT_ODDS: dict[Distractor, frozenset[Cause]] = {
    D.ADS_BUT_LIVELY: frozenset({C.AD_FATIGUE, C.BOTS_AND_FAKES}),
    D.OPERATOR_TALKS: frozenset({C.OPERATOR_DEPENDENT, C.NO_PURPOSE}),
    D.CAMPAIGN: frozenset({C.TOO_SMALL, C.TOO_LARGE, C.BOTS_AND_FAKES, C.SAME_OLD_FACES}),
    D.SOME_FAKES: frozenset({C.BOTS_AND_FAKES, C.TOO_SMALL}),
    D.SLOW_ANSWERS: frozenset({C.QUESTIONS_UNANSWERED}),
    D.HOLIDAY_LULL: BORN_WITH,
}
GAP_SHARE = 0.06
"""Share of the groups whose account stops being recorded: healthy ones, or nobody could say what ails them."""


def deal(count: int, settings: Settings, dice: Dice) -> list[Case]:
    """`count` cases: every cause, pair, strength and distractor in turn, so that small worlds have them evenly."""
    gaps = max(2, round(count * GAP_SHARE)) if count >= 12 else 0
    well = round((count - gaps) * settings.healthy)
    ailing = list(_ailing(count - gaps - well, settings, dice))
    healthy = _with_partners(list(_healthy(well, dice)), ailing)
    silent = [Case((Ill(C.RECORD_GAP, 1.0),), recorded=False) for _ in range(gaps)]
    return [*ailing, *healthy, *silent]


def _healthy(count: int, dice: Dice) -> Iterator[Case]:
    """A quarter plain, the others with one distractor, some with a second."""
    turn = cycle(dice.shuffled(Distractor))
    for _ in range(count):
        if dice.chance(0.2):
            yield Case()
            continue
        first = next(turn)
        second = dice.pick(GENTLE)
        both = dice.chance(0.25) and second is not first and first not in (D.FEW_BUT_FAITHFUL, D.BIRTH_EXCITEMENT, D.QUIET)
        yield Case(distractors=(first, second) if both else (first,))


def _ailing(count: int, settings: Settings, dice: Dice) -> Iterator[Case]:
    pairs = round(count * settings.pairs)
    alone, pair, strong = cycle(dice.shuffled(ALONE)), cycle(dice.shuffled(PAIRS)), cycle(settings.strengths)
    for number in range(count):
        strength = next(strong) if number % len(ALONE) or number == 0 else (next(strong), next(strong))[1]
        if number < count - pairs:
            ills: tuple[Ill, ...] = (Ill(next(alone), strength),)
        else:
            ills = _pair(next(pair), strength, settings, dice)
        yield Case(ills, _beside(ills, dice))


def _pair(causes: tuple[Cause, Cause], strength: float, settings: Settings, dice: Dice) -> tuple[Ill, ...]:
    main, second = causes if dice.chance(0.5) else causes[::-1]
    weaker = [other for other in settings.strengths if other < strength] or [strength * 0.7]
    return Ill(main, strength), Ill(second, dice.pick(weaker))


def _beside(ills: Sequence[Ill], dice: Dice) -> tuple[Distractor, ...]:
    found = dice.pick(GENTLE)
    hidden = any(ill.cause in AT_ODDS.get(found, ()) or ill.cause is C.SEASON_CLOSED for ill in ills)
    return (found,) if dice.chance(0.35) and not hidden else ()


def _with_partners(healthy: list[Case], ailing: list[Case]) -> list[Case]:
    """Half of the groups that are too small get a healthy group whose people they know: the one to merge with."""
    lonely = [place for place, case in enumerate(ailing) if case.has(C.TOO_SMALL)]
    crowded = (D.LARGE_BUT_LIVELY, D.FEW_BUT_FAITHFUL)
    hosts = [place for place, case in enumerate(healthy) if not set(case.distractors) & set(crowded)]
    for number, (small, host) in enumerate(zip(lonely, hosts, strict=False)):
        ailing[small] = Case(ailing[small].ills, ailing[small].distractors, kin=number)
        healthy[host] = Case(healthy[host].ills, healthy[host].distractors, kin=number)
    return healthy
