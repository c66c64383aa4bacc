"""Colleagues take over, and groups get another name."""

from __future__ import annotations

from sample_world.people import Member, Role
from sample_world.rows import Row
from sample_world.words import common

from .membership import House
from .scene import DAY, Scene

TURNOVER, NEW_NAMES = 0.0006, 0.06
"""Chance a day that a colleague takes over; share of groups that are renamed once."""


def change(scene: Scene, house: House, day: int) -> None:
    """The operator moves on: a colleague joins, becomes the owner, and does what is left to do."""
    if not scene.dice.chance(TURNOVER) or day < scene.plan.course.born + 3:
        return
    logins = sorted(login for login in house.staff if login != scene.plan.operator[0])
    login = scene.dice.pick(logins)
    at = scene.start_of(day) + scene.dice.between(22.2, 23.2) * 3600
    if any(member.person is house.staff[login] for member in scene.members):
        return
    colleague = Member(house.staff[login], Role.STAFF, 0.0, at - 900, style="gentle")
    former, scene.operator = scene.operator, colleague
    scene.members.append(colleague)
    scene.say(at - 600, former, scene.tongue.say(common.FAREWELLS))
    if scene.owner is former:
        scene.owner = colleague
        scene.ledger.add(Row(at, "owner", colleague, target=former))
    former.left = at + DAY
    scene.plan.operator = (login, colleague.person.name)


def rename_group(scene: Scene) -> None:
    plan = scene.plan
    if plan.kind.lifecycle == "flash" or not scene.dice.chance(NEW_NAMES):
        return
    first = max(plan.course.born + 1, 1)
    at = scene.some_time(scene.dice.whole(first, max(first, plan.days - 10)))
    scene.former_name = (at, f"{plan.name}·筹备")
    scene.ledger.add(
        Row(at, "group_renamed", scene.owner if scene.owner.here(at) else scene.operator, detail=scene.former_name[1])
    )
