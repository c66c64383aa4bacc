"""What is settled about a group before its first day: who runs it, how it is led, which course its life takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from . import course as courses
from .course import Cause, Course, State
from .dice import Dice
from .fates import Fate
from .organisations import EVERY_DAY, Kind, Organisation
from .tongue import SLOT
from .words import titles as words
from .words.theme import Theme

CAPACITY = {"wecom": 500, "wechat": 500, "qq": 2000, "telegram": 200_000}
Item = tuple[str, float, tuple[int, ...]]


@dataclass(slots=True)
class Manner:
    """How the group is led and what ails it: the parameters of its mechanism, written into the truth."""

    operator_share: float
    """Share of the conversations that answer something the operator posted."""
    welcome: float
    """Chance that a newcomer is greeted, and that their first words are answered."""
    answers: float
    """Chance that a question is answered."""
    warmth: float
    """How many join a conversation, around 1."""
    extra_ads: float = 0.0
    """Ads a day on top of the plan."""
    narrowing: float = 1.0
    """What is left of everybody else's talkativeness beside the core, once the fall has begun."""
    fakes: float = 0.0
    """Share of members who are no customers: spammers, red-packet bots, mass-adders."""
    leaving: float = 0.0012
    """Chance a day that a member leaves."""
    helpers: int = 0
    sop_ends: int | None = None
    """First day without the operator's standing items; None: they go on."""
    key_leavers: int = 0


@dataclass(slots=True)
class Plan:
    number: int
    organisation: Organisation
    kind: Kind
    fate: Fate
    course: Course
    manner: Manner
    id: str
    name: str
    purpose: str
    carrier: str
    operator: tuple[str, str]
    theme: Theme
    size: int
    sop: tuple[Item, ...]
    first_day: date
    local: dict[str, str] = field(default_factory=dict)
    """What the name commits the group to: its city, its breed, its goods."""

    @property
    def days(self) -> int:
        return len(self.course.level)

    def date_of(self, day: int) -> date:
        return self.first_day + timedelta(days=day)

    @property
    def planned_end(self) -> date | None:
        return None if self.course.planned_end is None else self.date_of(self.course.planned_end)


def settle(
    number: int,
    organisation: Organisation,
    kind: Kind,
    fate: Fate,
    operator: tuple[str, str],
    first_day: date,
    days: int,
    dice: Dice,
) -> Plan:
    course = _course(kind, fate, days, dice)
    carrier = dice.pick(kind.carriers)
    bound = local_words(number, first_day + timedelta(days=course.born), dice)
    theme = dice.pick(kind.themes)
    reflex = Cause.NO_PURPOSE in fate.causes
    plan = Plan(
        number=number,
        organisation=organisation,
        kind=kind,
        fate=fate,
        course=course,
        manner=_manner(kind, fate, course, dice),
        id=group_id(carrier, dice),
        name=filled(dice.pick(words.REFLEX_TITLES if reflex else kind.titles), bound),
        purpose="" if reflex else filled(dice.pick(kind.purposes), bound),
        carrier=carrier,
        operator=operator,
        theme=theme,
        size=_size(kind, fate, dice),
        sop=_sop(kind, fate),
        first_day=first_day,
    )
    plan.local = {slot: bound[slot] for slot in ("city", "breed", "goods") if bound[slot] in plan.name}
    return plan


def _course(kind: Kind, fate: Fate, days: int, dice: Dice) -> Course:
    if fate.state is State.PLANNED_END:
        return courses.flash(days, dice) if kind.lifecycle == "flash" else courses.season(kind.season_days, days, dice)
    course = courses.draw(fate.state, fate.causes[0], days, dice)
    if kind.lifecycle == "seasonal":
        # Whatever became of it, its season is not over yet: nobody may take its silence for the plan.
        course.planned_end = days + dice.whole(5, 40)
    return course


def local_words(number: int, born: date, dice: Dice) -> dict[str, str]:
    return {
        "nth": str(dice.whole(1, 28)),
        "city": dice.pick(words.CITIES),
        "place": dice.pick(words.PLACES),
        "goods": dice.pick(words.GOODS),
        "breed": dice.pick(words.BREEDS),
        "month": str(born.month % 12 + 1),
        "year": str(born.year - dice.whole(0, 3)),
    }


def filled(template: str, bound: dict[str, str]) -> str:
    return SLOT.sub(lambda found: bound[found.group(1)], template)


def group_id(carrier: str, dice: Dice) -> str:
    if carrier == "wecom":
        return "wr" + "".join(dice.pick("ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz") for _ in range(18))
    if carrier == "wechat":
        return f"{dice.whole(17_000_000_000, 58_999_999_999)}@chatroom"
    if carrier == "telegram":
        return f"-100{dice.whole(1_200_000_000, 2_999_999_999)}"
    return str(dice.whole(100_000_000, 999_999_999))


def _size(kind: Kind, fate: Fate, dice: Dice) -> int:
    if Cause.TOO_LARGE in fate.causes:
        return dice.whole(425, 480)
    if Cause.TOO_SMALL in fate.causes:
        return dice.whole(5, 12)
    middle = kind.size * (0.5 if Cause.NO_PURPOSE in fate.causes else 1.0) * (1.35 if fate.state is State.THRIVING else 1.0)
    return max(18, min(395, round(dice.around(middle, 0.4))))


def _sop(kind: Kind, fate: Fate) -> tuple[Item, ...]:
    if Cause.NO_PURPOSE in fate.causes:
        return ()
    if Cause.OPERATOR_DEPENDENT in fate.causes:
        return (*kind.sop, ("topics", 20.2, EVERY_DAY), ("news", 8.7, EVERY_DAY), ("topics", 14.0, EVERY_DAY))
    return kind.sop


def _manner(kind: Kind, fate: Fate, course: Course, dice: Dice) -> Manner:
    manner = Manner(
        operator_share=dice.between(0.08, 0.28) if kind.sop else 0.0,
        welcome=dice.between(0.7, 0.95),
        answers=dice.between(0.78, 0.95),
        warmth=dice.between(0.85, 1.2),
        fakes=dice.between(0.0, 0.02),
        leaving=dice.between(0.0006, 0.002),
        helpers=dice.whole(1, 2) if dice.chance(0.3 if kind.connects == "goods" else 0.15) else 0,
    )
    for cause in fate.causes:
        _ail(manner, cause, dice)
    manner.sop_ends = _sop_ends(fate, course, dice)
    return manner


def _ail(manner: Manner, cause: Cause, dice: Dice) -> None:
    if cause is Cause.OPERATOR_DEPENDENT:
        manner.operator_share = dice.between(0.8, 0.92)
    elif cause is Cause.AD_FATIGUE:
        manner.extra_ads, manner.leaving = dice.between(1.4, 2.8), dice.between(0.004, 0.009)
    elif cause is Cause.NEWCOMERS_IGNORED:
        manner.welcome = dice.between(0.0, 0.08)
    elif cause is Cause.QUESTIONS_UNANSWERED:
        manner.answers = dice.between(0.04, 0.18)
    elif cause is Cause.SAME_OLD_FACES:
        manner.narrowing = dice.between(0.03, 0.1)
    elif cause is Cause.BOTS_AND_FAKES:
        manner.fakes = dice.between(0.28, 0.42)
    elif cause is Cause.KEY_PEOPLE_LEFT:
        manner.key_leavers = dice.whole(2, 4)
    elif cause is Cause.NO_PURPOSE:
        manner.welcome, manner.helpers, manner.operator_share = dice.between(0.05, 0.3), 0, 0.0


def _sop_ends(fate: Fate, course: Course, dice: Dice) -> int | None:
    """Operators stop with the group, some weeks later, or never notice."""
    stopped = course.off if course.off is not None else course.settled
    if fate.state is State.PLANNED_END:
        return course.off
    if fate.state not in (State.DEAD, State.DORMANT):
        return None
    if Cause.OPERATOR_DEPENDENT in fate.causes:
        return stopped
    if Cause.AD_FATIGUE in fate.causes or dice.chance(0.15):
        return None
    return stopped + dice.whole(0, 20)
