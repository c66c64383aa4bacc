"""Red packets, orders, renames, and those who are here for something else: spammers, mass-adders, packet bots."""

from __future__ import annotations

from sample_world import names
from sample_world.course import Cause
from sample_world.people import Member, Role
from sample_world.rows import Row
from sample_world.words import common

from .routine import operator_works
from .scene import DAY, Scene

LIVING = 0.15


def house_talk(scene: Scene, day: int, level: float) -> None:
    """Helpers who keep a silent group looking busy: all of it house, none of it life."""
    if not scene.helpers or level >= LIVING or not operator_works(scene, day) or not scene.dice.chance(0.3):
        return
    exchange = scene.tongue.next_exchange(common.SMALL_TALK)
    bound: dict[str, str] = {}
    at = scene.some_time(day)
    opened = scene.say(at, scene.helpers[0], scene.tongue.fill(exchange[0], bound))
    for answer in exchange[1 : scene.dice.whole(2, 3)]:
        at += scene.dice.around(240, 0.7)
        speaker = scene.operator if scene.dice.chance(0.5) else scene.helpers[-1]
        scene.say(at, speaker, scene.tongue.fill(answer, bound), to=opened if scene.dice.chance(0.5) else None)


def packets(scene: Scene, day: int, level: float) -> None:
    """Now and then a red packet. It is claimed in seconds, whether or not anybody still talks."""
    if scene.plan.kind.writes and level > LIVING and scene.plan.date_of(day).weekday() == 0 and scene.dice.chance(0.7):
        _penalty(scene, day)
    chance = 0.09 if level > LIVING else 0.02
    if not operator_works(scene, day) or not scene.dice.chance(chance):
        return
    giver = scene.owner if scene.owner.here(scene.start_of(day)) and level > LIVING else scene.operator
    packet = give(scene, scene.some_time(day), giver, scene.tongue.say(common.PACKET_WISHES))
    if level > 1 and scene.dice.chance(min(0.9, 0.25 * level)):
        for thankful in scene.others(packet.at + 90, scene.dice.whole(1, 3), giver):
            scene.say(packet.at + scene.dice.between(20, 400), thankful, scene.tongue.say(common.PACKET_THANKS))


def _penalty(scene: Scene, day: int) -> None:
    """Who has not written last week pays, in public."""
    at = scene.start_of(day) + scene.dice.between(8, 11) * 3600
    late = scene.speaker(at)
    if late is not None and late.here(at + DAY / 4):
        give(scene, at, late, scene.tongue.say(common.PENALTY_WISHES))


def give(scene: Scene, at: float, giver: Member, wish: str) -> Row:
    packet = scene.say(float(int(at)), giver, wish, kind="red_packet")
    packet.amount = scene.dice.whole(5, 88) * 100
    takers = [m for m in scene.members if m.here(at) and m.left > at + DAY / 4 and m is not giver]
    claims = [(_latency(scene, member), member) for member in takers if scene.dice.chance(_appetite(member))]
    claims.sort(key=lambda claim: claim[0])
    share = max(1, packet.amount // max(1, min(len(claims), 20)))
    for latency, member in claims[:20]:
        row = Row(packet.at + latency, "claim", member, reply_to=packet, target=giver)
        row.amount = max(1, round(share * scene.dice.between(0.4, 1.6)))
        scene.ledger.add(row)
    return packet


def _latency(scene: Scene, member: Member) -> float:
    """People need two taps and some luck; a bot is there at once, every time."""
    if member.role is Role.RED_PACKET_BOT:
        return scene.dice.between(0.75, 1.25)
    return max(1.6, scene.dice.around(member.reflex, 0.6))


def _appetite(member: Member) -> float:
    if member.role is Role.RED_PACKET_BOT:
        return 0.98
    if member.role in (Role.STAFF, Role.BOT, Role.HELPER):
        return 0.0
    return 0.35 if member.weight > 0 else 0.12


def orders(scene: Scene, day: int, level: float) -> None:
    """Who is silent buys too, and goes on for a while in a group that has gone quiet."""
    sells = scene.plan.kind.sells
    if not sells or scene.plan.kind.lifecycle == "flash":
        return
    buyers = [m for m in scene.members if m.role in BUYERS and m.here(scene.start_of(day)) and m.left > scene.start_of(day + 1)]
    mood = 1.0 if level > LIVING else 0.15
    for _ in range(scene.dice.times(len(buyers) * sells * mood / 7 * 2)):
        order(scene, scene.some_time(day), scene.dice.weighted(buyers, [BUYERS[m.role] for m in buyers]))


BUYERS = {Role.LURKER_BUYER: 6.0, Role.ACTIVE: 2.0, Role.CO_BUILDER: 3.0, Role.ONLOOKER: 1.0, Role.CHATTERBOX: 0.5}


def order(scene: Scene, at: float, buyer: Member) -> None:
    bound: dict[str, str] = {}
    goods = scene.tongue.theme.goods or ("体验装",)
    item = scene.tongue.fill(scene.dice.pick(goods), bound)
    number = f"{scene.plan.number:04d}{int(at):010d}{scene.dice.whole(100, 999)}"
    amount = round(scene.dice.around(5200, 0.7) / 10) * 10
    scene.ledger.add(Row(at, "order", buyer, detail=item, amount=max(90, amount), own_id=f"o{number}"))


def intruders(scene: Scene) -> None:
    """Ads by strangers: some days after joining, sometimes recalled, sometimes followed by the door."""
    for member in scene.members:
        if member.role is Role.SPAMMER:
            _spam(scene, member)
        elif member.role is Role.MASS_ADDER and scene.dice.chance(0.3):
            member.left = max(member.joined, scene.midnight) + scene.dice.between(20, 120) * DAY


def reports(scene: Scene, day: int, level: float) -> None:
    """Members complain about those who add one after another; where nobody talks, nobody complains."""
    if level < 0.5 or not scene.dice.chance(0.012):
        return
    at = scene.some_time(day)
    adders = [m for m in scene.members if m.role is Role.MASS_ADDER and m.here(at)]
    member = scene.speaker(at)
    if adders and member is not None:
        scene.say(at, member, scene.tongue.say(common.REPORTS, who=scene.dice.pick(adders).person.name))


def _spam(scene: Scene, member: Member) -> None:
    at = max(member.joined, scene.midnight) + scene.dice.waiting(6 * DAY) + 600
    watched = scene.dice.chance(0.65)
    for _ in range(scene.dice.whole(1, 2) if watched else scene.dice.whole(2, 9)):
        if at > _last_spam(scene):
            return
        ad = scene.say(at, member, scene.tongue.say(common.ADS_BY_SPAMMERS))
        at += scene.dice.between(0.6, 9) * DAY
    if watched and scene.operator.here(ad.at):
        _show_the_door(scene, member, ad)


def _last_spam(scene: Scene) -> float:
    """Where nobody is left to read, ads stop with the talk; only groups overrun by fakes never hear the end of them."""
    off = scene.plan.course.off
    overrun = Cause.BOTS_AND_FAKES in scene.plan.fate.causes
    return scene.start_of(scene.plan.days if off is None or overrun else off)


def _show_the_door(scene: Scene, member: Member, ad: Row) -> None:
    seen = ad.at + scene.dice.around(1800, 1.0) + 30
    if scene.dice.chance(0.5) and scene.plan.carrier != "wechat":
        scene.ledger.add(Row(seen, "recall", scene.operator, reply_to=ad, target=member))
    member.left = seen + 60


def renames(scene: Scene) -> None:
    """Some follow the rule for nicknames; some groups change their name."""
    tidy = scene.plan.kind.connects in ("knowledge", "people", "resources")
    for member in scene.members:
        if tidy and member.weight > 0 and scene.dice.chance(0.25):
            at = max(member.joined, scene.midnight) + scene.dice.waiting(5 * DAY)
            if member.left > at:
                member.renamed = (at, names.tagged(member.person.name, scene.dice))
                scene.ledger.add(Row(at, "rename", member, detail=member.person.name))
