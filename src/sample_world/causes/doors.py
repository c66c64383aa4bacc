"""Who is there at the start, who comes, and who goes without any reason but life."""

from __future__ import annotations

from collections.abc import Sequence

from sample_world import names
from sample_world.dice import Dice
from sample_world.life.membership import WAYS
from sample_world.life.scene import DAY, Scene
from sample_world.people import FAKE, FOREVER, STYLES, Member, Numbers, Person, Role, attention_of
from sample_world.rows import Row

from .society import Society
from .souls import Soul, powers

LOYAL = {Role.CO_BUILDER: 3.0, Role.CHATTERBOX: 1.5, Role.ACTIVE: 1.0, Role.ONLOOKER: 3.0}
"""How long a role keeps up its interest, beside the group's usual."""
COMING = {Role.CO_BUILDER: 0.03, Role.CHATTERBOX: 0.03, Role.ACTIVE: 0.43, Role.ONLOOKER: 0.51}
"""What newcomers with something to say turn out to be: as many of each role as life takes away."""
DRIFTING = 0.0012
"""Chance a day that a silent member leaves."""
FULL = 485
"""Members from which nobody is let in any more."""
SILENT_ALONGSIDE = 0.8
"""Silent people who come for each one with something to say."""
USUAL_INTEREST = 0.95
"""Interest times liveliness of people in a healthy group, by which talkativeness is set so that the wanted level comes out."""


def roles_of(size: int, talkers: float, buyers: float, dice: Dice) -> list[Role]:
    """A group's people: few carry the talk, many look on, most say nothing."""
    core = max(1, round(0.014 * size)) + (1 if size > 60 and dice.chance(0.5) else 0)
    actives = max(2, round(talkers * size))
    chatty = dice.whole(0, 2) if size >= 30 else 0
    onlookers = round(dice.between(0.2, 0.4) * size)
    silent = max(0, size - core - actives - chatty - onlookers)
    buying = round(silent * buyers)
    return (
        [Role.CO_BUILDER] * core
        + [Role.ACTIVE] * actives
        + [Role.CHATTERBOX] * chatty
        + [Role.ONLOOKER] * onlookers
        + [Role.LURKER_BUYER] * buying
        + [Role.LURKER] * (silent - buying)
    )


def soul_of(person: Person, role: Role, joined: float, stay: float, scale: float, dice: Dice) -> Soul:
    attention = attention_of(role, dice)
    talk, reply = powers(role, attention, dice)
    return Soul(
        person,
        role,
        0.0,
        joined,
        attention=attention,
        style=dice.pick(STYLES),
        reflex=max(2.2, dice.around(22, 0.8)) if role is not Role.RED_PACKET_BOT else 1.0,
        talk=talk * scale,
        reply=reply,
        patience=dice.between(0.12, 0.3),
        tolerance=dice.between(0.0, 0.5),
        fades=joined + dice.waiting(stay * LOYAL.get(role, 1.0)) * DAY,
    )


def new_person(numbers: Numbers, pool: Sequence[Person], taken: set[str], dice: Dice) -> Person:
    """Now and then somebody one meets in the organisation's other groups too."""
    if pool and dice.chance(0.16):
        person = dice.pick(pool)
        if person.id not in taken:
            taken.add(person.id)
            return person
    return Person(numbers.next(), names.of_a_member(dice))


def replacements(souls: Sequence[Soul], stay: float) -> float:
    """New people with something to say, a day, that make up for those whom life takes elsewhere."""
    return sum(1 / (stay * LOYAL[soul.role]) for soul in souls if soul.talk > 0)


def room(society: Society, day: int) -> int:
    """How many more the carrier lets in."""
    return max(0, FULL - society.here(day))


def arrive(society: Society, day: int) -> None:
    """People recommend a group that is as lively as they like it: not a silent one, nor one that gets too much."""
    if not room(society, day):
        return
    mood = society.pulse / society.usual
    lively = 0.02 + 0.98 * min(mood, 1 / max(mood, 0.1))
    wanted = society.newcomers * society.forces.arrivals * lively * society.rest(day)
    for _ in range(min(society.dice.times(wanted), room(society, day))):
        come_in(society, day, _role(society))
    for _ in range(min(society.dice.times(wanted * SILENT_ALONGSIDE), room(society, day))):
        come_in(society, day, Role.LURKER)


def _role(society: Society) -> Role:
    return society.dice.weighted(tuple(COMING), COMING.values())


def come_in(society: Society, day: int, role: Role, *, inviter: Member | None = None, at: float | None = None) -> Soul:
    """A new member; `inviter` where one person is known to have brought them."""
    joined = society.scene.start_of(day) + society.dice.between(8.5, 21) * 3600 if at is None else at
    taken = {member.person.id for member in society.scene.members}
    person = fake_person(society, role) if role in FAKE else new_person(society.numbers, (), taken, society.dice)
    soul = soul_of(person, role, joined, society.forces.stay, society.scale, society.dice)
    soul.fresh = soul.talk > 0
    soul.way, soul.inviter = way_in(society.scene, joined) if inviter is None else ("invited", inviter)
    society.souls.append(soul)
    society.scene.members.append(soul)
    return soul


def fake_person(society: Society, role: Role) -> Person:
    name = names.of_a_fake(society.dice) if role is Role.RED_PACKET_BOT else names.of_a_seller(society.dice)
    return Person(society.numbers.next(), name)


def way_in(scene: Scene, at: float) -> tuple[str, Member | None]:
    """By a code, a link, or brought by somebody who is there."""
    ways, weights = WAYS[scene.plan.carrier]
    way = scene.dice.weighted(ways, weights)
    if way != "invited":
        return way, None
    for _ in range(6):
        found = scene.dice.pick(scene.members)
        if found.here(at) and found.role is not Role.BOT and found.role not in FAKE:
            return way, found
    return way, scene.operator


def drift(society: Society, day: int) -> None:
    """Silent members go without a word."""
    night = society.scene.start_of(day + 1)
    for soul in society.souls:
        silent = (soul.talk == 0 or soul.gone_quiet) and soul.role not in FAKE and soul is not society.scene.owner
        if silent and soul.here(night) and soul.left == FOREVER and society.dice.chance(DRIFTING):
            soul.left = night + society.dice.between(0.1, 0.9) * DAY


def write_comings(society: Society) -> None:
    """Rows for everybody who came and went, and for the group's own beginning."""
    scene = society.scene
    scene.ledger.add(Row(scene.founder.joined - 60, "group_created", scene.founder, detail=scene.plan.name))
    for member in scene.members:
        way, inviter = ("added", scene.founder) if not isinstance(member, Soul) else (member.way, member.inviter)
        if member is scene.founder:
            way, inviter = "created", None
        scene.ledger.add(Row(member.joined, "join", member, inviter=inviter, way=way))
        if member.left < FOREVER:
            by = scene.operator if member.role in FAKE and scene.operator.here(member.left) else None
            scene.ledger.add(Row(member.left, "leave", member, target=by))
