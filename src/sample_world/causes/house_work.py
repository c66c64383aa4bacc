"""What the operator posts while they have the energy for it, what people answer, and what ads do to people."""

from __future__ import annotations

from sample_world.life import extras, routine
from sample_world.life.scene import DAY
from sample_world.life.talk import Thread
from sample_world.people import FAKE
from sample_world.words import common

from . import talking
from .society import Society

LEAVING = 0.05
"""Chance to leave over one ad, as a part of what the ad costs in interest."""
ALERT = 0.5
"""Share of the conversations hanging on the operator from which it costs them energy."""
DOORSTEP = 2.2 * 3600
"""Nobody leaves on the day itself, nor while its last conversations run."""


def day_of_work(society: Society, day: int) -> None:
    if not working(society):
        return
    for what, hour in routine.items_of(society.scene, day):
        if society.dice.chance(society.forces.sop * society.energy):
            _post(society, day, what, hour)
    for _ in range(society.dice.times(society.forces.items * society.energy)):
        _post(society, day, "topics", society.dice.between(8.5, 21.5))
    for _ in range(society.dice.times(society.forces.ads)):
        _post(society, day, "ads", society.dice.between(9, 22))
    _welcome(society, day)


def working(society: Society) -> bool:
    return society.energy > 0.04


def drawing_today(society: Society, day: int) -> float:
    """Items people might answer that are expected today."""
    standing = sum(what in routine.DRAWS for what, _ in routine.items_of(society.scene, day))
    return (standing * society.forces.sop + society.forces.items) * society.energy if working(society) else 0.0


def expected_answers(society: Society, day: int) -> float:
    return drawing_today(society, day) * society.forces.pull * society.taken_up() * society.rest(day)


def _post(society: Society, day: int, what: str, hour: float) -> None:
    scene, tongue = society.scene, society.scene.tongue
    at = scene.around(day, hour)
    if what == "topics":
        exchange = tongue.next_exchange(tongue.topics)
    elif what == "ads":
        exchange = (tongue.next_of(society.house_ads),)
    else:
        exchange = (tongue.next_of({"news": tongue.news, "notices": tongue.notices}[what]), *tongue.theme.asides)
    bound: dict[str, str] = {}
    row = scene.say(at, scene.operator, tongue.fill(exchange[0], bound))
    if what == "ads":
        annoy(society, day, at)
    elif society.dice.chance(society.forces.pull * society.taken_up() * society.rest(day)):
        thread = Thread(row, bound, society.dice.shuffled(exchange[1:]), row, at, 2 * talking.pace(society))
        talking.go_on(society, thread, None, False)


def annoy(society: Society, day: int, at: float) -> None:
    """One ad: everybody minds it a little, and now and then it is one too many for somebody."""
    pain = society.forces.pain
    for soul in society.souls:
        if not soul.here(at) or soul is society.scene.owner:
            continue
        cost = pain * (1 - soul.tolerance)
        soul.hurt(cost)
        if cost > 0.004 and soul.left > at + 2 * DAY and society.dice.chance(cost * LEAVING):
            latest = max(at, society.scene.start_of(day) + DAY / 3) + DAY
            soul.left = society.dice.between(society.scene.start_of(day + 1) + DOORSTEP, latest)


def _welcome(society: Society, day: int) -> None:
    """The house greets one of today's newcomers, where newcomers matter to anybody."""
    start = society.scene.start_of(day)
    came = [soul for soul in society.souls if start <= soul.joined < start + 0.9 * DAY and soul.role not in FAKE]
    if came and society.dice.chance(0.6 * society.forces.welcome * society.energy):
        newcomer = came[-1]
        greeter = society.scene.operator if society.dice.chance(0.5) else society.scene.bot
        text = society.scene.tongue.say(common.WELCOMES, who=newcomer.person.name)
        row = society.scene.say(newcomer.joined + society.dice.between(20, 1500), greeter, text)
        row.mentions = (newcomer,)


def tire(society: Society) -> None:
    """Night: who carries everything alone has less to give tomorrow; who talks to nobody stops one day."""
    if society.carried > ALERT:
        society.energy = max(0.0, society.energy - society.forces.burn * society.carried)
    if society.pulse < 0.1 and not society.stubborn:
        society.energy = max(0.0, society.energy - 0.03)


def packets(society: Society, day: int) -> None:
    """Red packets are claimed in seconds, whether or not anybody still talks."""
    if working(society) and society.dice.chance(society.settings.packets * society.energy):
        scene = society.scene
        packet = extras.give(scene, society.some_time(day), scene.operator, scene.tongue.say(common.PACKET_WISHES))
        for soul in scene.others(packet.at + 90, society.dice.times(min(2.0, society.pulse / 2)), None):
            scene.say(packet.at + society.dice.between(20, 400), soul, scene.tongue.say(common.PACKET_THANKS))
