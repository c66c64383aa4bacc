"""How a group's life goes: the expected number of conversations between its people, day by day, and what follows from it.

Nothing here looks at what was said. A course is drawn first; the talk is then thrown from it. The truth is read off the course.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from .dice import Dice


class State(StrEnum):
    THRIVING = "thriving"
    STEADY = "steady"
    BUBBLING = "bubbling"
    DECLINING = "declining"
    DORMANT = "dormant"
    DEAD = "dead"
    PLANNED_END = "planned_end"


class Cause(StrEnum):
    NO_PURPOSE = "no_purpose"
    BURST_THEN_SILENCE = "burst_then_silence"
    OPERATOR_DEPENDENT = "operator_dependent"
    SAME_OLD_FACES = "same_old_faces"
    AD_FATIGUE = "ad_fatigue"
    NEWCOMERS_IGNORED = "newcomers_ignored"
    QUESTIONS_UNANSWERED = "questions_unanswered"
    KEY_PEOPLE_LEFT = "key_people_left"
    BOTS_AND_FAKES = "bots_and_fakes"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    SEASON_CLOSED = "season_closed"
    RECORD_GAP = "record_gap"
    NONE = "none"


DEAD_AFTER_DAYS = 14
FALL_IS_RECENT_DAYS = 45
THRIVING_DAYS, STEADY_DAYS, BUBBLING_DAYS = 6.6, 3.2, 0.5
"""Expected days of talk a week, out of seven, from which a living group counts as thriving, steady, bubbling."""


@dataclass(slots=True)
class Course:
    """Days are counted from the window's first day; a group older than the window was born on a negative day."""

    born: int
    level: list[float]
    """Expected conversations a day among people, for each day of the window; 0 before birth and after the end."""
    off: int | None = None
    """First day on which the process no longer runs."""
    onset: int | None = None
    """Day on which the fall began."""
    settled: int = 0
    """Day since which the present level holds."""
    planned_end: int | None = None
    before_fall: float = 0.0
    lulls: list[tuple[int, int, float]] = field(default_factory=list)
    """From, to (not included), factor: holidays and busy weeks that mean nothing."""
    revived: int | None = None

    @property
    def now(self) -> float:
        last_week = self.level[-7:]
        return sum(last_week) / len(last_week)

    def on(self, day: int) -> float:
        """The level with the lulls in it."""
        value = self.level[day]
        for start, end, factor in self.lulls:
            if start <= day < end:
                value *= factor
        return value


def days_a_week(level: float) -> float:
    """Expected days with talk out of seven, if conversations start independently."""
    return 7 * (1 - math.exp(-level))


def truth(course: Course) -> tuple[State, int]:
    """The state on the day after the window's last, and the day since when."""
    days = len(course.level)
    if course.planned_end is not None and course.off == course.planned_end:
        return State.PLANNED_END, course.planned_end
    if course.off is not None and days - course.off >= DEAD_AFTER_DAYS:
        return State.DEAD, course.off
    active = days_a_week(course.now)
    if active < BUBBLING_DAYS:
        return State.DORMANT, course.settled
    if course.onset is not None and days - course.onset <= FALL_IS_RECENT_DAYS and course.now < 0.5 * course.before_fall:
        return State.DECLINING, course.onset
    if active >= THRIVING_DAYS:
        return State.THRIVING, course.settled
    return (State.STEADY if active >= STEADY_DAYS else State.BUBBLING), course.settled


def draw(state: State, cause: Cause, days: int, dice: Dice) -> Course:
    """A course that ends in `state` after `days` days."""
    course = _SHAPES[state](cause, days, dice)
    if state in LULLED:
        course.lulls = _lulls(course, days, dice)
    return course


def flash(days: int, dice: Dice) -> Course:
    """One evening, then dissolved as planned."""
    day = dice.whole(2, days - 3)
    level = [0.0] * days
    level[day] = dice.between(14, 34)
    return Course(born=day, level=level, off=day + 1, settled=day, planned_end=day + 1)


def season(length: int, days: int, dice: Dice) -> Course:
    """A camp that ran its planned time and closed."""
    born = dice.whole(max(-length // 2, -40), days - length - 3)
    end = born + length
    base = dice.between(1.2, 5)
    level = [0.0] * days
    for day in range(max(0, born), end):
        share = (day - born) / length
        closing = 1.6 if end - day <= 2 else 1.0
        level[day] = base * (1.5 - 0.9 * share) * closing
    return Course(born=born, level=level, off=end, settled=born, planned_end=end)


def _drift(days: int, spread: float, dice: Dice) -> list[float]:
    """Slow ups and downs around 1, different every week."""
    knots = [math.exp(spread * max(-2.0, min(2.0, dice.normal()))) for _ in range(days // 7 + 3)]
    return [knots[day // 7] + (knots[day // 7 + 1] - knots[day // 7]) * (day % 7) / 7 for day in range(days)]


def _living(base: float, born: int, days: int, opening: float, tau: float, dice: Dice) -> list[float]:
    """A plateau, reached from the excitement of the first days."""
    drift = _drift(days, 0.1, dice)
    level = [0.0] * days
    for day in range(max(0, born), days):
        level[day] = base * drift[day] + opening * math.exp(-(day - born) / tau)
    return level


def _thriving(cause: Cause, days: int, dice: Dice) -> Course:
    born = dice.whole(-700, days // 3)
    tau = dice.between(6, 15)
    level = _living(dice.between(5.6, 9.5), born, days, dice.between(0, 5), tau, dice)
    return Course(born=born, level=level, settled=born)


def _steady(cause: Cause, days: int, dice: Dice) -> Course:
    born = dice.whole(-500, days - 60)
    tau = dice.between(3, 7)
    base = dice.between(1.0, 2.1)
    course = Course(born=born, level=_living(base, born, days, dice.between(0.5, 5), tau, dice), settled=born + round(2 * tau))
    if dice.chance(0.12) and born < days - 130:
        _revive(course, days, dice)
    return course


def _revive(course: Course, days: int, dice: Dice) -> None:
    """The group slept for weeks, then somebody woke it: a past death that was none."""
    back = days - dice.whole(32, 60)
    asleep = max(course.born + 20, back - dice.whole(25, 50))
    for day in range(max(0, asleep), back):
        course.level[day] *= 0.02
    course.revived = course.settled = back


def _bubbling(cause: Cause, days: int, dice: Dice) -> Course:
    base = dice.between(0.13, 0.42)
    if cause is Cause.NONE or dice.chance(0.5):
        born = dice.whole(-400, days - 75)
        tau = dice.between(1.5, 4.5)
        level = _living(base, born, days, dice.between(1.5, 6), tau, dice)
        return Course(born=born, level=level, settled=born + round(2.5 * tau))
    born = dice.whole(-500, days // 4)
    before = dice.between(1.2, 4)
    onset = dice.whole(max(born + 20, days // 4, 10), max(born + 22, days - 85))
    level = _falling(before, base, born, onset, dice.between(6, 18), days, dice)
    settled = onset + 25
    return Course(born=born, level=level, onset=onset, settled=settled, before_fall=before)


def _falling(before: float, after: float, born: int, onset: int, span: float, days: int, dice: Dice) -> list[float]:
    """A plateau that sinks towards another one from `onset` on; `span` days take it two thirds of the way."""
    drift = _drift(days, 0.1, dice)
    level = [0.0] * days
    for day in range(max(0, born), days):
        left = 1.0 if day < onset else math.exp(-(day - onset + 1) / span)
        level[day] = drift[day] * (after + (before - after) * left)
    return level


def _declining(cause: Cause, days: int, dice: Dice) -> Course:
    born = dice.whole(-500, days - 95)
    before = dice.between(1.3, 3.8)
    after = before * max(dice.between(0.12, 0.3), 0.16 / before)
    fell = dice.whole(13, 33)
    span = dice.between(1.0, 2.0) if cause is Cause.KEY_PEOPLE_LEFT else fell * dice.between(0.28, 0.5)
    onset = days - fell
    level = _falling(before, after, born, onset, span, days, dice)
    return Course(born=born, level=level, onset=onset, settled=onset, before_fall=before)


def _burst(cause: Cause, days: int, latest_end: int, floor: float, dice: Dice) -> tuple[list[float], int, int]:
    """The first days' excitement and nothing after it: level, birth, and the day the excitement was used up."""
    opening = dice.between(1.6, 5) if cause is Cause.NO_PURPOSE else dice.between(2.8, 9)
    tau = dice.between(1.1, 2.6) if cause is Cause.NO_PURPOSE else dice.between(1.5, 6)
    length = max(2, round(tau * math.log(opening / 0.3)))
    born = dice.whole(-3, max(-2, latest_end - length))
    level = [0.0] * days
    for day in range(max(0, born), days):
        excited = opening * math.exp(-(day - born) / tau)
        level[day] = excited if day < born + length else floor
    return level, born, born + length


BURSTS = frozenset({Cause.BURST_THEN_SILENCE, Cause.NO_PURPOSE})


def _dormant(cause: Cause, days: int, dice: Dice) -> Course:
    floor = dice.between(0.015, 0.05)
    if cause in BURSTS or cause is Cause.TOO_SMALL:
        level, born, asleep = _burst(cause, days, days - 26, floor, dice)
        return Course(born=born, level=level, settled=asleep)
    born = dice.whole(-500, days - 100)
    before = dice.between(0.7, 3.5)
    onset = dice.whole(max(born + 25, 15), max(born + 26, days - 65))
    span = dice.between(3, 9)
    level = _falling(before, 0.0, born, onset, span, days, dice)
    asleep = next(day for day in range(onset, days + 1) if day == days or level[day] < 0.2)
    level = [value if day < asleep else floor for day, value in enumerate(level)]
    return Course(born=born, level=level, onset=onset, settled=asleep, before_fall=before)


def _dead(cause: Cause, days: int, dice: Dice) -> Course:
    if cause in BURSTS or cause is Cause.TOO_SMALL:
        level, born, off = _burst(cause, days, days - DEAD_AFTER_DAYS - 2, 0.0, dice)
        return Course(born=born, level=level, off=off, settled=off)
    born = dice.whole(-600, days - 90)
    before = dice.between(0.7, 4)
    off = dice.whole(max(born + 40, 25), days - DEAD_AFTER_DAYS - 1)
    fell = dice.whole(3, 24)
    span = 1.2 if cause is Cause.KEY_PEOPLE_LEFT else fell * 0.6
    level = _falling(before, 0.35, born, off - fell, span, days, dice)
    if cause is Cause.OPERATOR_DEPENDENT:
        level = _living(before, born, days, 0.0, 1.0, dice)
    level = [value if day < off else 0.0 for day, value in enumerate(level)]
    return Course(born=born, level=level, off=off, onset=off - fell, settled=off, before_fall=before)


def _planned(cause: Cause, days: int, dice: Dice) -> Course:
    return season(28, days, dice)


_SHAPES = {
    State.THRIVING: _thriving,
    State.STEADY: _steady,
    State.BUBBLING: _bubbling,
    State.DECLINING: _declining,
    State.DORMANT: _dormant,
    State.DEAD: _dead,
    State.PLANNED_END: _planned,
}
LULLED = frozenset({State.THRIVING, State.STEADY, State.BUBBLING})
LULL_FREE_DAYS = 12
"""No lull reaches into the last days, or nobody could tell it from a decline."""


def _lulls(course: Course, days: int, dice: Dice) -> list[tuple[int, int, float]]:
    found = []
    if dice.chance(0.35):
        start = dice.whole(max(course.born + 15, 5), max(course.born + 16, days - 30))
        length = dice.whole(4, 10)
        if start + length < days - LULL_FREE_DAYS:
            found.append((start, start + length, dice.between(0.1, 0.35)))
    return found
