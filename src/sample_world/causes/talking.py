"""Conversations between people with something at stake: somebody begins, is heard or not, and feels it."""

from __future__ import annotations

import math
from itertools import accumulate

from sample_world.life import talk
from sample_world.life.scene import DAY
from sample_world.life.talk import Thread
from sample_world.people import Member, Role
from sample_world.tongue import Bound
from sample_world.words import common
from sample_world.words.theme import Exchange

from .society import Society
from .souls import Soul

ANSWERED, JOINED_IN = 0.1, 0.04
"""Part of the interest they lack that people win back by an answer, by a conversation they took part in."""
FIRST_WORDS = {Role.ONLOOKER: 0.12}
"""Chance a day that a newcomer of this role says hello or asks something; others are bolder."""
SHY = 0.35
"""What is left of a newcomer's readiness to speak after words nobody answered."""
ASKED = 2.6
"""How much more a question without an answer hurts than other words nobody took up."""
DOUBT = 0.65
"""What is left of the readiness to ask after a question nobody answered."""
COLD = 0.6
"""Part of a newcomer's interest that is gone when nobody answers their first words."""
OVER_MIDNIGHT = 1.8 * 3600
"""No conversation runs longer into the next day."""


def day_of_talk(society: Society, day: int) -> None:
    """What people begin today of their own accord, and newcomers' first words."""
    for _ in range(society.dice.times(society.begun(day))):
        begin(society, day)
    for soul in society.present:
        if soul.fresh and society.dice.chance(FIRST_WORDS.get(soul.role, 0.5)):
            first_words(society, day, soul)


def begin(society: Society, day: int) -> None:
    at = society.some_time(day)
    starter = society.scene.speaker(at)
    if not isinstance(starter, Soul):
        return
    if starter.fresh:
        first_words(society, day, starter)
        return
    asks, exchange, kind = _opening(society, at, starter)
    chance = society.taken_up(starter) * (society.forces.heed if asks else 1.0)
    if not starter.core:
        chance *= 1 - society.forces.inward
    answered = society.dice.chance(chance)
    thread = open_thread(society, at, starter, exchange, kind)
    if answered:
        go_on(society, thread, starter, asks)
        starter.please(ANSWERED * society.forces.sticky)
    else:
        starter.hurt(min(0.9, society.hurt * (ASKED if asks else 1.0)))
    if asks:
        starter.trust = min(1.0, starter.trust + 0.15) if answered else starter.trust * DOUBT


def _opening(society: Society, at: float, starter: Soul) -> tuple[bool, Exchange, str]:
    """Whether it is a question, the words, and the kind of message."""
    theme, tongue, dice = society.scene.tongue.theme, society.scene.tongue, society.dice
    if society.forces.hello and dice.chance(society.forces.hello):
        return False, tongue.next_exchange(common.HELLO_ONLY), "message"
    asking = society.forces.asking * starter.trust * (0.3 if starter.role is Role.CHATTERBOX else 1.0)
    if dice.chance(asking):
        return True, tongue.next_exchange(theme.questions), "message"
    mood = dice.throw()
    if mood < 0.55:
        return False, tongue.next_exchange(theme.shares), "message"
    if mood < 0.75:
        kind = dice.weighted(("image", "video", "link"), (6, 1.2, 1.2))
        words = tongue.next_exchange(theme.shares)[0] if kind == "link" else tongue.next_of(theme.pictures)
        return False, (words, *dice.shuffled(theme.asides)[:3]), kind
    return False, tongue.next_exchange(talk.small_talk(society.scene, at)), "message"


def first_words(society: Society, day: int, newcomer: Soul) -> None:
    """Who is answered stays; who is not speaks less, or never again."""
    at = max(society.some_time(day), newcomer.joined + society.dice.waiting(2400) + 30)
    if at > society.scene.start_of(day + 1):
        return
    newcomer.fresh = False
    tongue = society.scene.tongue
    asks = society.dice.chance(society.forces.asking)
    exchange = (
        tongue.next_exchange(tongue.theme.questions)
        if asks
        else (tongue.next_of(common.GREETINGS), *common.ANSWERS_TO_NEWCOMERS)
    )
    chance = society.taken_up(newcomer) * society.forces.welcome * (society.forces.heed if asks else 1.0)
    answered = society.dice.chance(chance)
    thread = open_thread(society, at, newcomer, exchange, "message")
    if answered:
        go_on(society, thread, newcomer, True)
        newcomer.please(3 * ANSWERED)
        return
    newcomer.hurt(COLD)
    newcomer.talk *= SHY
    newcomer.reply *= SHY
    if society.dice.chance(0.4):
        society.give_up(newcomer, society.scene.start_of(day + 1))


def open_thread(society: Society, at: float, starter: Soul, exchange: Exchange, kind: str) -> Thread:
    scene = society.scene
    bound: Bound = {}
    text = scene.tongue.fill(exchange[0], bound)
    if kind == "message":
        text = scene.tongue.in_style(text, starter.style)
    row = scene.say(at, starter, text or None, kind=kind)
    society.heard_from(starter)
    return Thread(row, bound, scene.dice.shuffled(exchange[1:]), row, at, pace(society))


def pace(society: Society) -> float:
    return society.settings.pace * society.slow * (45 + 420 / (1 + 3 * society.feel))


def go_on(society: Society, thread: Thread, starter: Soul | None, wants_help: bool) -> None:
    """A few take it up and take turns. Everybody who joined in liked it."""
    mean = 0.3 + 0.5 * math.sqrt(min(society.ready, 16.0))
    count = 1 + min(24, int(society.dice.waiting(mean)))
    circle = _circle(society, thread, 1 + count // 3, starter)
    thread.pace *= 2 if wants_help else 1
    before: Member | None = starter
    for turn in range(count):
        speaker = _next(society, circle, before)
        if speaker is None:
            return
        if turn and starter is not None and before is not starter and society.dice.chance(0.22):
            speaker = starter
        if not answer(society, thread, speaker):
            return
        speaker.please(JOINED_IN * society.forces.sticky)
        before = speaker
    if wants_help and starter is not None and society.dice.chance(0.4):
        answer(society, thread, starter, society.scene.tongue.next_of(common.THANKS))


def _circle(society: Society, thread: Thread, count: int, starter: Soul | None) -> list[Soul]:
    """Who joins in, the readier the likelier. Old faces that keep to themselves answer one another first."""
    at = thread.at + 60
    others = [soul for soul in society.present if soul is not starter and soul.joined <= at and not soul.fresh]
    if starter is not None and starter.core and society.dice.chance(society.forces.inward):
        others = [soul for soul in others if soul.core] or others
    sums = list(accumulate(soul.reply * soul.interest for soul in others))
    found: list[Soul] = []
    for _ in range(3 * count if sums and sums[-1] > 0 else 0):
        soul = society.dice.from_sums(others, sums)
        if soul not in found:
            found.append(soul)
        if len(found) == count:
            break
    return found


def _next(society: Society, circle: list[Soul], before: Member | None) -> Soul | None:
    if isinstance(before, Soul) and society.dice.chance(before.runs_on):
        return before
    if not circle:
        return None
    soul = society.dice.pick(circle)
    return circle[(circle.index(soul) + 1) % len(circle)] if soul is before else soul


def answer(society: Society, thread: Thread, speaker: Soul, text: str | None = None) -> bool:
    """One message more, if there is time for it today."""
    scene, dice = society.scene, society.dice
    at = thread.at + min(2.5 * 3600, dice.around(thread.pace, 0.9) + 2)
    if at > _bedtime(society, thread) or not speaker.here(at):
        return False
    thread.at = at
    kind = "message"
    if text is None and speaker is thread.opener.author:
        text = scene.tongue.in_style(talk.filler(scene, thread), speaker.style)
    elif text is None:
        kind, text = talk.something(scene, thread, speaker)
    to = thread.opener if dice.chance(0.6) else thread.last
    whom = to.author if to.author is not speaker else None
    quotes = whom is not None and dice.chance(min(1.0, speaker.attention * society.settings.quoting))
    row = scene.say(at, speaker, text, kind=kind, to=to if quotes else None)
    if kind == "message" and whom is not None and dice.chance(society.settings.naming * speaker.attention):
        row.mentions = (whom,)
        row.text = f"@{whom.name_at(row.at)} {row.text}"
    thread.last = row
    society.heard_from(speaker)
    return True


def _bedtime(society: Society, thread: Thread) -> float:
    return society.scene.midnight + ((thread.opener.at - society.scene.midnight) // DAY + 1) * DAY + OVER_MIDNIGHT
