"""Accounts that are no people: they come in bursts by one inviter, post ads, claim packets, add everybody one by one."""

from __future__ import annotations

from sample_world.life.scene import DAY
from sample_world.people import Role
from sample_world.words import common

from . import doors, house_work
from .society import Society
from .souls import Soul

KINDS = (Role.SPAMMER, Role.RED_PACKET_BOT, Role.MASS_ADDER)
PESTERED = 0.02
"""How many members a mass-adder writes to on a day, as a part of those there."""
PESTER_COST = 0.12
"""What that costs them of their interest."""


def burst(society: Society, day: int, count: int) -> None:
    """One account brings the others within an hour or so."""
    at = society.scene.start_of(day) + society.dice.between(10, 19) * 3600
    bringer = doors.come_in(society, day, Role.MASS_ADDER, at=at)
    for _ in range(max(0, count - 1)):
        at += society.dice.waiting(90)
        role = society.dice.weighted(KINDS, (0.45, 0.2, 0.35))
        fake = doors.come_in(society, day, role, inviter=bringer, at=at)
        fake.fades = at + society.dice.between(0.5, 12) * DAY


def trade(society: Society, day: int) -> None:
    """Today's ads of strangers, and the people they write to."""
    for soul in list(society.souls):
        if (
            soul.role is Role.SPAMMER
            and soul.here(society.scene.start_of(day + 1))
            and soul.fades < society.scene.start_of(day)
        ):
            _advertise(society, day, soul)
        elif soul.role is Role.MASS_ADDER and soul.here(society.scene.start_of(day)):
            _pester(society)


def _advertise(society: Society, day: int, spammer: Soul) -> None:
    if not society.dice.chance(society.forces.spamming):
        return
    at = society.some_time(day)
    society.scene.say(at, spammer, society.scene.tongue.say(society.strangers_ads))
    house_work.annoy(society, day, at)
    if house_work.working(society) and society.dice.chance(society.forces.doorman):
        spammer.left = society.scene.start_of(day + 1) + house_work.DOORSTEP


def _pester(society: Society) -> None:
    for soul in society.present:
        if society.dice.chance(PESTERED):
            soul.hurt(PESTER_COST)


def complain(society: Society, day: int) -> None:
    """Members warn each other of those who add one after another."""
    adders = [s for s in society.souls if s.role is Role.MASS_ADDER and s.here(society.scene.start_of(day))]
    if not adders or not society.dice.chance(min(0.1, 0.01 * len(adders)) * society.feel):
        return
    at = society.some_time(day)
    member = society.scene.speaker(at)
    if isinstance(member, Soul):
        who = society.dice.pick(adders).person.name
        society.scene.say(at, member, society.scene.tongue.say(common.REPORTS, who=who))
        society.heard_from(member)
