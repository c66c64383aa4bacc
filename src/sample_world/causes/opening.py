"""From a case to a group on its first day: its plan, its people, what holds when, and what will happen to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sample_world.course import Cause, Course, State
from sample_world.dice import Dice
from sample_world.fates import Fate
from sample_world.life.membership import House
from sample_world.life.scene import DAY, Scene
from sample_world.organisations import Kind, Organisation
from sample_world.people import Member, Numbers, Person, Role
from sample_world.plan import Manner, Plan, filled, group_id, local_words
from sample_world.tongue import Tongue
from sample_world.words import titles

from . import doors
from .cases import BORN_WITH, Case, Distractor, Ill
from .forces import Forces, afflict, healthy, trait
from .settings import Settings
from .society import Event, Society

WARM_UP = 25
"""Days a group older than the window is played before the window begins, so that its people are in their usual mood."""
C, D = Cause, Distractor


@dataclass(slots=True)
class Group:
    """One case, ready to be played."""

    case: Case
    plan: Plan
    society: Society
    house: House
    begins: dict[Cause, int]
    """The day each cause sets in."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the groups of an organisation have in common."""

    organisation: Organisation
    house: House
    pools: dict[str, tuple[Person, ...]]
    kin: dict[int, tuple[Person, ...]]
    midnight: float
    until: float
    first_day: date
    settings: Settings


def settle(number: int, case: Case, kind: Kind, carrier: str, operator: tuple[str, str], ground: Ground, dice: Dice) -> Group:
    kind = _kind(kind, case, dice)
    born, begins = _days(case, kind, ground.settings, dice)
    plan = _plan(number, case, kind, carrier, operator, born, ground, dice)
    forces = _character(case, healthy(ground.settings, dice), kind, dice)
    scene = Scene(plan, dice, Tongue(plan.theme, dice, plan.local), ground.midnight, ground.until)
    society = Society(scene, ground.settings, forces, _turns(case, forces, begins, ground.settings), [])
    _house(society, ground.house)
    _people(society, case, ground)
    _temper(society, case)
    society.events = _events(society, case, begins)
    society.rests = _rests(case, ground.settings, dice)
    return Group(case, plan, society, ground.house, begins)


def _kind(kind: Kind, case: Case, dice: Dice) -> Kind:
    """A season of some weeks; some seasons are not over yet."""
    if case.has(C.SEASON_CLOSED):
        return replace(kind, lifecycle="seasonal", season_days=dice.whole(30, 75), tags=("一期一会",))
    if not case.ills and not case.distractors and dice.chance(0.3):
        return replace(kind, lifecycle="seasonal", season_days=dice.whole(70, 110), tags=("一期一会",))
    return kind


def _days(case: Case, kind: Kind, settings: Settings, dice: Dice) -> tuple[int, dict[Cause, int]]:
    """When the group was born, and when its causes set in."""
    days = settings.days
    if case.has(C.SEASON_CLOSED):
        ended = dice.whole(round(days * 0.45), days - 3)
        return ended - kind.season_days, {C.SEASON_CLOSED: ended}
    if set(case.causes) & BORN_WITH:
        born = dice.whole(3, days - 10)
        return born, dict.fromkeys(case.causes, born)
    if D.BIRTH_EXCITEMENT in case.distractors:
        return dice.whole(10, days - 25), {}
    if kind.lifecycle == "seasonal":
        return days - dice.whole(35, kind.season_days - 8), {}
    low, high = settings.onset
    onset = round(days * dice.between(low, high))
    begins = {ill.cause: onset + (0 if place == 0 else dice.whole(0, 12)) for place, ill in enumerate(case.ills)}
    return dice.whole(-500, min(0, onset - 60)), begins


def _plan(
    number: int, case: Case, kind: Kind, carrier: str, operator: tuple[str, str], born: int, ground: Ground, dice: Dice
) -> Plan:
    bound = local_words(number, ground.first_day + timedelta(days=born), dice)
    reflex = case.has(C.NO_PURPOSE)
    unwritten = reflex or D.PURPOSE_UNWRITTEN in case.distractors
    title = titles.REFLEX_TITLES if reflex else kind.titles
    course = Course(born=born, level=[0.0] * ground.settings.days)
    if kind.lifecycle == "seasonal":
        course.planned_end = born + kind.season_days
    plan = Plan(
        number=number,
        organisation=ground.organisation,
        kind=kind,
        fate=Fate(State.STEADY, case.causes or (C.NONE,)),
        course=course,
        manner=Manner(operator_share=0.0, welcome=1.0, answers=1.0, warmth=1.0),
        id=group_id(carrier, dice),
        name=filled(dice.pick(title), bound),
        purpose="" if unwritten else filled(dice.pick(kind.purposes), bound),
        carrier=carrier,
        operator=operator,
        theme=dice.pick(kind.themes),
        size=_size(case, ground.settings, dice),
        sop=() if reflex else kind.sop,
        first_day=ground.first_day,
    )
    plan.local = {slot: bound[slot] for slot in ("city", "breed", "goods") if bound[slot] in plan.name}
    return plan


def _size(case: Case, settings: Settings, dice: Dice) -> int:
    if case.has(C.TOO_SMALL):
        span = settings.small
    elif D.FEW_BUT_FAITHFUL in case.distractors:
        span = (settings.small[0] + 3, settings.small[1] + 4)
    elif D.LARGE_BUT_LIVELY in case.distractors:
        span = settings.large
    elif case.has(C.TOO_LARGE):
        span = (120, 190)
    else:
        span = settings.size
    return round(dice.between(*span))


def _character(case: Case, forces: Forces, kind: Kind, dice: Dice) -> Forces:
    """What the group is like before anything ails it: its own traits, and those that only look like trouble."""
    for ill in case.ills:
        forces = trait(forces, ill.cause, ill.strength)
    if D.ADS_BUT_LIVELY in case.distractors:
        forces = replace(forces, ads=forces.ads + dice.between(1.2, 3.0), pain=0.002)
    if D.OPERATOR_TALKS in case.distractors:
        forces = replace(forces, items=dice.between(2.5, 4.0), pull=dice.between(0.15, 0.3))
    if D.FEW_BUT_FAITHFUL in case.distractors:
        forces = replace(forces, stay=700.0, heard=0.99, arrivals=0.2)
    if D.QUIET in case.distractors:
        forces = replace(forces, stay=300.0, heard=0.99)
    if D.OLD_FRIENDS in case.distractors:
        forces = replace(forces, stay=900.0, welcome=dice.between(0.0, 0.1), arrivals=1.2)
    if kind.lifecycle == "seasonal":
        forces = replace(forces, arrivals=0.9, stay=forces.stay * 2)
    return forces


def _turns(case: Case, forces: Forces, begins: dict[Cause, int], settings: Settings) -> list[tuple[int, Forces]]:
    """Causes set in one after the other, each on top of the one before."""
    turns = []
    for ill in sorted(case.ills, key=lambda ill: begins.get(ill.cause, 0)):
        if ill.cause in begins:
            forces = afflict(forces, ill.cause, ill.strength, settings)
            turns.append((begins[ill.cause], forces))
    return turns


def _house(society: Society, house: House) -> None:
    scene, dice = society.scene, society.dice
    born = scene.start_of(scene.plan.course.born) + dice.between(9, 18) * 3600
    scene.operator = Member(house.staff[scene.plan.operator[0]], Role.STAFF, 0.0, born, style="gentle")
    scene.bot = Member(house.bot, Role.BOT, 0.0, born + 60)
    if dice.chance(0.15):
        helper = dice.pick(house.helpers)
        scene.helpers = [Member(helper, Role.HELPER, 0.0, born + 300, style="gentle")]
    scene.owner = scene.founder = scene.operator
    scene.members.extend([scene.operator, scene.bot, *scene.helpers])


def _people(society: Society, case: Case, ground: Ground) -> None:
    """Those who are there at the start: since long where the group is old, within its first days where it is new."""
    scene, dice, plan = society.scene, society.dice, society.scene.plan
    society.numbers = Numbers(plan.carrier, dice)
    buyers = dice.between(0.1, 0.25) if plan.kind.sells else 0.0
    roles = _some_roles(case, doors.roles_of(plan.size, ground.settings.talkers, buyers, dice))
    taken: set[str] = set()
    kin = list(ground.kin.get(case.kin, ())) if case.kin is not None else []
    opened = scene.bot.joined + 600
    for place, role in enumerate(roles):
        person = (
            kin.pop() if kin and place % 2 == 0 else doors.new_person(society.numbers, ground.pools[plan.carrier], taken, dice)
        )
        taken.add(person.id)
        soul = doors.soul_of(person, role, opened, society.forces.stay, 1.0, dice)
        soul.joined = opened + dice.waiting(1.2 * DAY if plan.course.born >= 0 else -plan.course.born / 3 * DAY)
        if plan.course.born < 0:
            soul.joined = min(soul.joined, scene.start_of(-WARM_UP) - 60) if plan.course.born < -WARM_UP - 1 else soul.joined
            soul.fades = scene.start_of(0) + (soul.fades - opened)
        soul.way, soul.inviter = doors.way_in(scene, soul.joined)
        society.souls.append(soul)
        scene.members.append(soul)
    _first_friend(society)


def _some_roles(case: Case, roles: list[Role]) -> list[Role]:
    """Handfuls of people: everybody has something to say, or nearly everybody."""
    if case.has(C.TOO_SMALL):
        return [Role.CO_BUILDER, Role.ACTIVE, Role.ACTIVE, *[Role.ONLOOKER] * max(1, len(roles) - 4), Role.LURKER][: len(roles)]
    if D.FEW_BUT_FAITHFUL in case.distractors:
        return [Role.CO_BUILDER, *[Role.ACTIVE] * (len(roles) - 3), Role.ONLOOKER, Role.LURKER][: len(roles)]
    return roles


def _first_friend(society: Society) -> None:
    """Groups that are not the house's own belong to their first co-builder."""
    scene = society.scene
    first = next(soul for soul in society.souls if soul.role is Role.CO_BUILDER)
    if not scene.plan.kind.house_owner:
        scene.owner = scene.founder = first
        first.joined = scene.operator.joined - 120


def _temper(society: Society, case: Case) -> None:
    """How much is said here, how much it hurts not to be heard, and in which mood the group starts."""
    settings, dice = society.settings, society.dice
    raw = sum(soul.talk for soul in society.souls)
    wanted = dice.between(*settings.level)
    if case.has(C.TOO_LARGE) or D.LARGE_BUT_LIVELY in case.distractors:
        wanted = max(wanted, (settings.level[0] + settings.level[1]) / 2)
    if case.has(C.TOO_SMALL) or D.FEW_BUT_FAITHFUL in case.distractors:
        wanted = dice.between(0.8, 1.5)
    if D.QUIET in case.distractors:
        wanted = dice.between(0.25, 0.6)
    if D.BIRTH_EXCITEMENT in case.distractors:
        wanted = max(wanted, 1.8)
    society.scale = wanted / doors.USUAL_INTEREST / raw
    for soul in society.souls:
        soul.talk *= society.scale
        soul.tolerance = max(soul.tolerance, 0.7 if society.scene.plan.kind.sells and not case.has(C.AD_FATIGUE) else 0.0)
    society.hurt = dice.between(*settings.hurt) * (1.6 if case.has(C.TOO_SMALL) else 1.0)
    society.newcomers = doors.replacements(society.souls, society.forces.stay)
    society.pulse = 2.0 * wanted
    society.get_used()
    if case.has(C.TOO_SMALL):
        society.half_alive = 1.2
    society.slow = dice.between(4.0, 9.0) if D.SLOW_ANSWERS in case.distractors else dice.between(0.7, 1.4)
    society.stubborn = dice.chance(0.35)
    society.house_ads = society.scene.tongue.theme.ads * 2 + settings.house_ads
    society.strangers_ads = settings.ads_of_strangers
    _excite(society, case)


def _excite(society: Society, case: Case) -> None:
    """Groups just opened: people are curious, and more so where the opening was an event."""
    if society.scene.plan.course.born < 0:
        return
    excited = 1.25
    for ill in case.ills:
        if ill.cause is C.BURST_THEN_SILENCE:
            excited = 1.6 + 1.6 * ill.strength
    if D.BIRTH_EXCITEMENT in case.distractors:
        excited = society.dice.between(1.9, 2.8)
    for soul in society.souls:
        soul.interest = excited * society.dice.between(0.8, 1.2)


def _events(society: Society, case: Case, begins: dict[Cause, int]) -> list[Event]:
    found: list[Event] = []
    for ill in case.ills:
        found.extend(_events_of(ill, begins.get(ill.cause, 0), society))
    dice, days = society.dice, society.settings.days
    if D.KEY_PERSON_LEAVES in case.distractors:
        found.append(Event(dice.whole(days // 3, days - 25), "key_people", 1, 0.3))
    if D.CAMPAIGN in case.distractors:
        found.append(Event(dice.whole(days // 4, days - 8), "campaign", dice.whole(8, 20)))
    if D.SOME_FAKES in case.distractors:
        found.append(Event(dice.whole(days // 4, days - 20), "fakes", dice.whole(2, 4)))
    return found


def _events_of(ill: Ill, begins: int, society: Society) -> list[Event]:
    dice, size = society.dice, society.scene.plan.size
    if ill.cause is C.KEY_PEOPLE_LEFT:
        return [Event(begins, "key_people", round(2 + 3 * ill.strength), 0.5 + 0.9 * ill.strength)]
    if ill.cause is C.BOTS_AND_FAKES:
        fakes, bursts = round(size * (0.12 + 0.38 * ill.strength)), dice.whole(2, 4)
        return [Event(begins + dice.whole(0, 20), "fakes", max(3, fakes // bursts)) for _ in range(bursts)]
    if ill.cause is C.TOO_LARGE:
        wanted = round(dice.between(*society.settings.large)) - size
        drive = dice.whole(12, 30)
        return [
            Event(begins + day, "crowd", round(wanted * (day + 1) / drive) - round(wanted * day / drive))
            for day in range(drive)
        ]
    if ill.cause is C.SEASON_CLOSED:
        return [Event(begins, "close")]
    return []


def _rests(case: Case, settings: Settings, dice: Dice) -> list[tuple[int, int, float]]:
    """Holidays: everybody is away and nobody minds. Over for at least ten days when the file ends."""
    rests = []
    if D.HOLIDAY_LULL in case.distractors:
        length = dice.whole(5, 11)
        start = dice.whole(settings.days // 4, settings.days - length - 12)
        rests.append((start, start + length, dice.between(0.05, 0.25)))
    if D.SEASONAL_REST in case.distractors:
        length = dice.whole(20, 34)
        start = dice.whole(settings.days // 4, settings.days - length - 14)
        rests.append((start, start + length, dice.between(0.01, 0.06)))
    return rests
