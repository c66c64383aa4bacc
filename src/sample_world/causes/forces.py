"""What a group is like, and what each cause does to it: nothing here says how the talk will go."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sample_world.course import Cause
from sample_world.dice import Dice

from .settings import Settings


@dataclass(frozen=True, slots=True)
class Forces:
    """How things stand in a group from some day on."""

    heard: float
    """Chance that an opening is taken up where there are people enough."""
    heed: float
    """The same for questions, on top."""
    welcome: float
    """The same for newcomers' first words, on top."""
    self_start: float
    """How far people begin by themselves, without the operator; 1 is fully."""
    items: float
    """What the operator posts for people to answer, a day."""
    sop: float
    """How far the operator keeps to the plan's standing items."""
    pull: float
    """Chance that such an item is taken up where there are people enough."""
    burn: float
    """What carrying the whole load costs the operator a day, of all their energy."""
    ads: float
    """Ads of the house a day."""
    pain: float
    """What one ad costs everybody, of their interest."""
    spamming: float
    """Chance a day that a spammer posts."""
    doorman: float
    """Chance that a spammer is shown the door."""
    arrivals: float
    """How many come, beside what natural fading needs."""
    stay: float
    boredom: float
    sticky: float
    """How far talk renews people's interest: 0 where there is nothing to stay for."""
    hello: float
    """Share of the conversations that are nothing but hello."""
    inward: float
    """How far the old faces answer only one another."""
    comfort: float
    """As many as can still know each other: beyond it, fewer dare to speak, and everybody waits for others to answer."""
    asking: float


def healthy(settings: Settings, dice: Dice) -> Forces:
    return Forces(
        heard=dice.between(0.92, 0.99),
        heed=dice.between(0.88, 1.0),
        welcome=dice.between(0.84, 0.98),
        self_start=1.0,
        items=0.0,
        sop=1.0,
        pull=dice.between(0.25, 0.6),
        burn=0.0,
        ads=dice.between(0.0, 0.25),
        pain=0.006,
        spamming=0.12,
        doorman=0.7,
        arrivals=dice.between(1.55, 1.9),
        stay=dice.between(*settings.stay),
        boredom=settings.boredom,
        sticky=1.0,
        hello=0.0,
        inward=0.0,
        comfort=600.0,
        asking=dice.between(*settings.asking),
    )


def trait(forces: Forces, cause: Cause, strength: float) -> Forces:
    """What was always so in a group this cause will hit: harmless until it sets in."""
    s = strength
    if cause is Cause.OPERATOR_DEPENDENT:
        return replace(forces, self_start=0.28 - 0.22 * s, items=2.4 + 1.4 * s, pull=0.97)
    if cause is Cause.NEWCOMERS_IGNORED:
        return replace(forces, stay=forces.stay * (0.75 - 0.25 * s))
    if cause is Cause.QUESTIONS_UNANSWERED:
        return replace(forces, asking=min(0.9, forces.asking + 0.3 + 0.25 * s))
    if cause is Cause.TOO_SMALL:
        return replace(forces, arrivals=0.12, stay=forces.stay * 0.8)
    return forces


def afflict(forces: Forces, cause: Cause, strength: float, settings: Settings) -> Forces:
    """How things stand once a cause has set in; `strength` from 0, as good as nothing, to 1."""
    s = strength
    if cause is Cause.NO_PURPOSE:
        return replace(
            forces, boredom=0.025 + 0.09 * s, sticky=1 - 0.85 * s, hello=0.55 + 0.35 * s, arrivals=0.5, welcome=0.4, sop=0.0
        )
    if cause is Cause.BURST_THEN_SILENCE:
        return replace(forces, boredom=0.05 + 0.14 * s, sticky=1 - 0.9 * s, arrivals=0.3)
    if cause is Cause.OPERATOR_DEPENDENT:
        return replace(forces, burn=0.008 + 0.022 * s)
    if cause is Cause.SAME_OLD_FACES:
        return replace(forces, arrivals=0.25 * (1 - s), inward=0.45 + 0.5 * s, stay=forces.stay * (0.8 - 0.35 * s))
    if cause is Cause.AD_FATIGUE:
        low, high = settings.ads_a_day
        return replace(forces, ads=low + (high - low) * s, pain=0.012 + 0.016 * s)
    if cause is Cause.NEWCOMERS_IGNORED:
        return replace(forces, welcome=0.25 * (1 - s) + 0.02)
    if cause is Cause.QUESTIONS_UNANSWERED:
        return replace(forces, heed=0.4 * (1 - s) + 0.06)
    if cause is Cause.TOO_LARGE:
        return replace(forces, comfort=150 - 60 * s)
    if cause is Cause.BOTS_AND_FAKES:
        return replace(forces, pain=0.012 + 0.016 * s, spamming=0.05 + 0.07 * s, doorman=0.02)
    return forces
