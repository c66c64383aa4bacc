"""Who comes when, brought by whom, and who goes."""

from __future__ import annotations

from collections.abc import Sequence

from sample_world import names
from sample_world.course import Cause, State
from sample_world.people import FAKE, FOREVER, STYLES, Member, Numbers, Person, Role, attention_of, weight_of
from sample_world.plan import Plan
from sample_world.rows import Row

from .scene import DAY, Scene

WAYS: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "wecom": (("code", "invited", "link"), (0.62, 0.3, 0.08)),
    "wechat": (("invited", "code"), (0.7, 0.3)),
    "qq": (("request", "invited"), (0.6, 0.4)),
    "telegram": (("link", "invited"), (0.75, 0.25)),
}
SHARED = 0.16
"""Share of a group's members whom one meets in other groups of the organisation too."""


def settle_in(scene: Scene, house: House, pool: Sequence[Person]) -> None:
    """Everybody who is ever in this group, with the day they come; leaving is decided while they live here."""
    founders(scene, house)
    roles = _roles(scene)
    times = _times(scene, len(roles))
    numbers = Numbers(scene.plan.carrier, scene.dice)
    met: set[str] = {member.person.id for member in scene.members}
    for role, joined in zip(roles, times, strict=True):
        person = _person(scene, role, numbers, pool, met)
        scene.members.append(_member(scene, person, role, joined))
    _owner(scene)
    scene.members.sort(key=lambda member: member.joined)
    _key_people_leave(scene)


class House:
    """The organisation's own accounts: the same people in every group they serve."""

    def __init__(self, staff: dict[str, Person], bot: Person, helpers: Sequence[Person]) -> None:
        self.staff = staff
        self.bot = bot
        self.helpers = tuple(helpers)


def founders(scene: Scene, house: House) -> None:
    plan, born = scene.plan, _born(scene)
    scene.operator = Member(house.staff[plan.operator[0]], Role.STAFF, 0.0, born, style="gentle")
    scene.bot = Member(house.bot, Role.BOT, 0.0, born + 60)
    scene.helpers = [
        Member(person, Role.HELPER, 0.0, born + 300 + 200 * place, style=scene.dice.pick(STYLES))
        for place, person in enumerate(scene.dice.shuffled(house.helpers)[: plan.manner.helpers])
    ]
    scene.members.extend([scene.operator, scene.bot, *scene.helpers])


def _born(scene: Scene) -> float:
    """Groups are opened in working hours; a flash group on the afternoon of its day."""
    hour = scene.dice.between(15.7, 16.0) if scene.plan.kind.lifecycle == "flash" else scene.dice.between(9, 18)
    return scene.start_of(scene.plan.course.born) + hour * 3600


def _roles(scene: Scene) -> list[Role]:
    plan, dice = scene.plan, scene.dice
    fakes = round(plan.size * plan.manner.fakes)
    people = max(4, plan.size - fakes - len(scene.members))
    core = max(1, round(0.012 * people)) + (1 if people > 60 and dice.chance(0.5) else 0)
    core = max(core, plan.manner.key_leavers + 1 if plan.manner.key_leavers else core)
    actives = max(2, round(0.085 * people))
    chatty = dice.whole(0, 2) if people >= 30 else 0
    onlookers = round(dice.between(0.25, 0.45) * people)
    roles = [Role.CO_BUILDER] * core + [Role.ACTIVE] * actives + [Role.CHATTERBOX] * chatty + [Role.ONLOOKER] * onlookers
    silent = max(0, people - len(roles))
    buyers = round(silent * (dice.between(0.12, 0.3) if plan.kind.sells else 0.0))
    roles += [Role.LURKER_BUYER] * buyers + [Role.LURKER] * (silent - buyers)
    return roles + _fakes(scene, fakes)


def _fakes(scene: Scene, count: int) -> list[Role]:
    kinds = (Role.SPAMMER, Role.RED_PACKET_BOT, Role.MASS_ADDER)
    return [scene.dice.weighted(kinds, (0.5, 0.2, 0.3)) for _ in range(count)]


def _times(scene: Scene, count: int) -> list[float]:
    """Joining times, in the order of `_roles`: those who carry a group are there early."""
    opened = _opening(scene)
    late = _late(scene)
    early_share = _early_share(scene.plan)
    times = []
    for place in range(count):
        early = scene.dice.chance(early_share) or place < 0.1 * count
        times.append(opened + scene.dice.waiting(_rush(scene.plan)) if early else scene.dice.between(opened, late))
    return [min(time, max(late, opened + 60)) for time in times]


def _opening(scene: Scene) -> float:
    return scene.bot.joined + 600


def _rush(plan: Plan) -> float:
    return 1500.0 if plan.kind.lifecycle == "flash" else 1.3 * DAY


def _early_share(plan: Plan) -> float:
    if plan.kind.lifecycle == "flash":
        return 1.0
    if plan.kind.lifecycle == "seasonal":
        return 0.9
    if Cause.BURST_THEN_SILENCE in plan.fate.causes or Cause.TOO_SMALL in plan.fate.causes:
        return 0.8
    return 0.4 if plan.course.born >= 0 else 0.25


def _late(scene: Scene) -> float:
    plan = scene.plan
    if plan.kind.lifecycle == "flash":
        return scene.start_of(plan.course.born) + 19.4 * 3600
    end = scene.start_of(plan.days)
    if plan.course.off is not None and plan.kind.lifecycle == "seasonal":
        end = scene.start_of(plan.course.off - 2)
    elif plan.course.off is not None:
        end = scene.start_of(min(plan.days, plan.course.off + 10))
    return max(end, scene.bot.joined + DAY / 8)


def _person(scene: Scene, role: Role, numbers: Numbers, pool: Sequence[Person], met: set[str]) -> Person:
    if role in FAKE:
        return Person(
            numbers.next(), names.of_a_seller(scene.dice) if role is not Role.RED_PACKET_BOT else names.of_a_fake(scene.dice)
        )
    if scene.dice.chance(SHARED):
        person = scene.dice.pick(pool)
        if person.id not in met:
            met.add(person.id)
            return person
    return Person(numbers.next(), names.of_a_member(scene.dice))


def _member(scene: Scene, person: Person, role: Role, joined: float) -> Member:
    dice = scene.dice
    member = Member(
        person,
        role,
        weight_of(role, dice),
        joined,
        attention=attention_of(role, dice),
        style=dice.pick(STYLES),
        reflex=1.0 if role is Role.RED_PACKET_BOT else max(2.2, dice.around(22, 0.8)),
        core=role is Role.CO_BUILDER or role is Role.CHATTERBOX,
    )
    if role is Role.ONLOOKER or role is Role.LURKER or role is Role.LURKER_BUYER:
        stays = dice.waiting(1 / scene.plan.manner.leaving) * DAY
        member.left = max(joined, scene.midnight) + max(stays, DAY)
    return member


def _owner(scene: Scene) -> None:
    first = next(member for member in scene.members if member.role is Role.CO_BUILDER)
    scene.owner = scene.operator if scene.plan.kind.house_owner else first
    scene.founder = scene.owner
    if scene.owner is first:
        first.joined = scene.operator.joined - 120


def _key_people_leave(scene: Scene) -> None:
    """The mechanism: those who carried the talk go within a few days, the owner among them if it was theirs."""
    onset = scene.plan.course.onset
    if not scene.plan.manner.key_leavers or onset is None:
        return
    core = [member for member in scene.members if member.role is Role.CO_BUILDER]
    core.sort(key=lambda member: -member.weight)
    for place, member in enumerate(core[: scene.plan.manner.key_leavers]):
        member.joined = min(member.joined, scene.start_of(max(scene.plan.course.born, 0)) + 20 * 3600)
        member.left = scene.start_of(onset + place // 2) + scene.dice.between(9, 23) * 3600


def write_comings(scene: Scene) -> None:
    """Rows for everybody who came and went, and for the group's own beginnings and ends."""
    plan = scene.plan
    scene.ledger.add(Row(scene.operator.joined - 180, "group_created", scene.founder, detail=plan.name))
    present: list[Member] = []
    for member in scene.members:
        _write_join(scene, member, present)
        present.append(member)
        if member.left < FOREVER and member.left < scene.until:
            scene.ledger.add(Row(member.left, "leave", member, target=_remover(scene, member)))
    _hand_over(scene)


def _remover(scene: Scene, member: Member) -> Member | None:
    return scene.operator if member.role in FAKE and scene.operator.here(member.left) else None


def _write_join(scene: Scene, member: Member, present: list[Member]) -> None:
    way, inviter = "created", None
    if member is not scene.founder:
        way, inviter = _way(scene, member, present)
    scene.ledger.add(Row(member.joined, "join", member, inviter=inviter, way=way))


def _way(scene: Scene, member: Member, present: list[Member]) -> tuple[str, Member | None]:
    if member.role in (Role.STAFF, Role.BOT, Role.HELPER):
        return "added", _host(scene, member.joined)
    names_, weights = WAYS[scene.plan.carrier]
    way = scene.dice.weighted(names_, weights)
    if way != "invited":
        return way, None
    return way, _inviter(scene, member.joined, present)


def _inviter(scene: Scene, at: float, present: list[Member]) -> Member:
    """In groups that live, newcomers bring newcomers; in the others the operator pulls everybody in."""
    living = scene.plan.fate.state in (State.THRIVING, State.STEADY, State.BUBBLING, State.DECLINING)
    if not scene.dice.chance(0.7 if living else 0.25):
        return _host(scene, at)
    for _ in range(6):
        lately = present[-25:] if scene.dice.chance(0.6) else present
        found = scene.dice.pick(lately)
        if found.here(at) and found.role is not Role.BOT:
            return found
    return _host(scene, at)


def _host(scene: Scene, at: float) -> Member:
    """Who opens the door at that moment: the first owner, or whoever of the staff came after."""
    staff = (member for member in scene.members if member.role is Role.STAFF and member.here(at))
    return scene.founder if scene.founder.here(at) else next(staff, scene.bot)


def _hand_over(scene: Scene) -> None:
    """An owner who leaves gives the group to somebody who stays."""
    if scene.owner.left >= scene.until:
        return
    former, at = scene.owner, scene.owner.left - 1800
    heir = next((m for m in scene.members if m.role is Role.CO_BUILDER and m.here(at) and m.left > scene.until), scene.operator)
    scene.owner = heir
    scene.ledger.add(Row(at, "owner", heir, target=former))
