"""What happens to a group once: key people go, fakes are brought in, a crowd is let in, a season closes."""

from __future__ import annotations

from sample_world.life.scene import DAY
from sample_world.people import FOREVER, Role
from sample_world.rows import Row
from sample_world.words import common

from . import doors, strangers
from .society import Event, Society
from .souls import Soul

ANSWERS = 1.7
"""Answers to a conversation, on average: who gives them is as much a key person as who begins."""


def of_the_day(society: Society, day: int) -> None:
    for event in society.events:
        if event.day == day:
            _HAPPENS[event.what](society, day, event)


def _key_people_leave(society: Society, day: int, event: Event) -> None:
    """Those whose words and answers weigh most go within some days, and those who came for them care less."""
    there = [soul for soul in society.present if soul.role is not Role.ONLOOKER]
    begun = sum(soul.weight for soul in society.present)
    there.sort(key=lambda soul: -(soul.weight + ANSWERS * begun * soul.reply * soul.interest / max(society.ready, 0.1)))
    going = there[: event.size]
    shared = sum(soul.weight for soul in going) / max(society.scene.sums[-1] if society.scene.sums else 1.0, 1e-9)
    for place, soul in enumerate(going):
        _hand_over(society, day, soul)
        soul.left = society.scene.start_of(day + 1 + place // 2) + society.dice.between(3, 23) * 3600
    cost = min(0.75, shared * event.cost)
    for soul in society.present:
        if soul not in going:
            soul.hurt(cost)


def _hand_over(society: Society, day: int, soul: Soul) -> None:
    scene = society.scene
    if soul is scene.owner:
        at = scene.start_of(day + 1) + society.dice.between(0.1, 2.5) * 3600
        scene.owner = scene.operator
        scene.ledger.add(Row(at, "owner", scene.operator, target=soul))
    if society.dice.chance(0.4):
        scene.say(scene.start_of(day) + 22.5 * 3600, soul, scene.tongue.say(common.FAREWELLS))


def _fakes_come(society: Society, day: int, event: Event) -> None:
    strangers.burst(society, day, min(event.size, doors.room(society, day)))


def _crowd_comes(society: Society, day: int, event: Event) -> None:
    """A day of a membership drive: people let in by the dozen, most of whom will never say a word."""
    for _ in range(min(event.size, doors.room(society, day))):
        talks = society.dice.chance(0.12)
        role = society.dice.weighted((Role.ACTIVE, Role.ONLOOKER), (0.15, 0.85)) if talks else Role.LURKER
        doors.come_in(society, day, role)


def _campaign(society: Society, day: int, event: Event) -> None:
    """Real people, brought by one member within an evening."""
    at = society.scene.start_of(day) + 18.5 * 3600
    bringer = society.scene.speaker(at) or society.scene.operator
    for _ in range(min(event.size, doors.room(society, day))):
        at += society.dice.waiting(120)
        role = society.dice.weighted((Role.ACTIVE, Role.ONLOOKER, Role.LURKER), (0.2, 0.5, 0.3))
        doors.come_in(society, day, role, inviter=bringer, at=at)


def _close(society: Society, day: int, event: Event) -> None:
    scene = society.scene
    society.ends = day
    scene.ledger.add(Row(scene.start_of(day) - 1200, "notice", scene.operator, text="本期已结束，感谢大家的陪伴，本群不再更新"))
    for soul in society.souls:
        if soul is not scene.owner and soul.left == FOREVER and society.dice.chance(0.25):
            soul.left = scene.start_of(day) + society.dice.between(0.1, 20) * DAY


_HAPPENS = {
    "key_people": _key_people_leave,
    "fakes": _fakes_come,
    "crowd": _crowd_comes,
    "campaign": _campaign,
    "close": _close,
}
