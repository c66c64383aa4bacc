"""Conversations: somebody begins, others join in as far as the group is warm."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sample_world.people import Member, Role
from sample_world.rows import Row
from sample_world.tongue import Bound
from sample_world.words import common
from sample_world.words.theme import Exchange

from .scene import DAY, Scene

NAMED = 0.28
"""Chance that a message names whom it is for, of somebody who turns to others all the time."""


@dataclass(slots=True)
class Thread:
    """One conversation while it runs."""

    opener: Row
    bound: Bound
    script: list[str]
    last: Row
    at: float
    pace: float
    """Median seconds between two messages."""
    wants_help: bool = False
    """Begun with a question or a newcomer's first words: picked up by those who look after others."""


def organic(scene: Scene, day: int, count: int, level: float) -> None:
    """`count` conversations begun by people, without anybody from the house asking for them."""
    fresh = scene.newcomers(day)
    for _ in range(count):
        at = scene.some_time(day)
        if fresh and scene.dice.chance(min(0.35, 0.06 * len(fresh))):
            newcomer = fresh.pop(int(scene.dice.throw() * len(fresh)))
            if newcomer.here(at) or newcomer.joined < scene.start_of(day + 1):
                greet(scene, max(at, newcomer.joined + scene.dice.waiting(1800) + 20), newcomer, level)
                continue
        starter = scene.speaker(at)
        if starter is not None:
            begin(scene, at, starter, level)


def begin(scene: Scene, at: float, starter: Member, level: float) -> None:
    if "no_purpose" in scene.plan.fate.causes and scene.dice.chance(0.65):
        _tell(scene, at, starter, scene.tongue.next_exchange(common.HELLO_ONLY), level)
    elif scene.plan.kind.writes and scene.tongue.theme.pieces and scene.dice.chance(_deadline(scene, at)):
        hand_in(scene, at, starter, level)
    else:
        _by_mood(scene, at, starter, level)


def _deadline(scene: Scene, at: float) -> float:
    """Pieces are due on Sunday night."""
    weekday = int((at - scene.midnight) // DAY + scene.plan.first_day.weekday()) % 7
    return (0.1, 0.1, 0.15, 0.15, 0.25, 0.45, 0.65)[weekday]


def _by_mood(scene: Scene, at: float, starter: Member, level: float) -> None:
    theme, mood = scene.tongue.theme, scene.dice.throw()
    asks = 0.55 if scene.plan.kind.name in ("qa", "jobs") else 0.38
    if starter.role is Role.CHATTERBOX:
        asks = 0.12
    if mood < asks:
        ask(scene, at, starter, scene.tongue.next_exchange(theme.questions), level)
    elif mood < 0.74:
        _tell(scene, at, starter, scene.tongue.next_exchange(theme.shares), level)
    elif mood < 0.84:
        show(scene, at, starter, level)
    else:
        _tell(scene, at, starter, scene.tongue.next_exchange(small_talk(scene, at)), level)


def small_talk(scene: Scene, at: float) -> tuple[Exchange, ...]:
    """Often about the time of day."""
    hour = (at - scene.midnight) % DAY / 3600
    if scene.dice.chance(0.5):
        return common.SMALL_TALK
    if 5 <= hour < 10:
        return common.MORNING
    if 11 <= hour < 14:
        return common.NOON
    return common.NIGHT if hour >= 21 or hour < 3 else common.SMALL_TALK


def _size(scene: Scene, level: float) -> int:
    """How many answers: few where little is said, many where it is lively."""
    mean = scene.plan.manner.warmth * (0.7 + 1.1 * math.sqrt(min(level, 11.0)))
    return min(40, int(scene.dice.waiting(mean) + 0.35))


def _pace(level: float) -> float:
    return 45 + 420 / (1 + 3 * level)


def _open(scene: Scene, at: float, starter: Member, exchange: Exchange, level: float, kind: str = "message") -> Thread:
    bound: Bound = {}
    text = scene.tongue.fill(exchange[0], bound)
    if kind == "message":
        text = scene.tongue.in_style(text, starter.style)
    row = scene.say(at, starter, text or None, kind=kind)
    return Thread(row, bound, scene.dice.shuffled(exchange[1:]), row, at, _pace(level))


def _tell(scene: Scene, at: float, starter: Member, exchange: Exchange, level: float) -> None:
    thread = _open(scene, at, starter, exchange, level)
    go_on(scene, thread, _size(scene, level), starter)


def ask(scene: Scene, at: float, asker: Member, exchange: Exchange, level: float, chance: float | None = None) -> bool:
    """A question; whether anybody answered it."""
    thread = _open(scene, at, asker, exchange, level)
    if not scene.dice.chance(scene.plan.manner.answers if chance is None else chance):
        return False
    thread.wants_help = True
    thread.pace *= 2.5
    by_staff = scene.dice.chance(0.25) and scene.staff_here(at) and scene.plan.kind.connects != "interest"
    if by_staff:
        _answer(scene, thread, scene.operator)
    go_on(scene, thread, max(0 if by_staff else 1, _size(scene, level)), asker)
    if scene.dice.chance(0.4) and asker.here(thread.at + 600):
        _answer(scene, thread, asker, scene.tongue.next_of(common.THANKS))
    return True


def greet(scene: Scene, at: float, newcomer: Member, level: float) -> None:
    """A newcomer's first words, and what becomes of them if nobody answers."""
    kind = scene.tongue
    if scene.dice.chance(0.4):
        answered = ask(scene, at, newcomer, kind.next_exchange(kind.theme.questions), level, scene.plan.manner.welcome)
    else:
        thread = _open(scene, at, newcomer, (kind.next_of(common.GREETINGS), *common.ANSWERS_TO_NEWCOMERS), level)
        thread.wants_help = True
        answered = scene.dice.chance(scene.plan.manner.welcome)
        if answered:
            go_on(scene, thread, max(1, _size(scene, level) // 2), newcomer)
    disappoint(scene, newcomer, at, answered)


def disappoint(scene: Scene, newcomer: Member, at: float, answered: bool) -> None:
    """Who got no answer speaks less and leaves sooner; who got one stays a little longer."""
    if answered:
        newcomer.weight *= 1.25
        return
    newcomer.weight *= 0.25
    if newcomer is not scene.owner and scene.dice.chance(0.35):
        newcomer.left = min(newcomer.left, at + DAY * scene.dice.between(2, 12))


def show(scene: Scene, at: float, starter: Member, level: float) -> None:
    """Something else than words: a picture, a video, a link, a file."""
    theme = scene.tongue.theme
    kind = scene.dice.weighted(("image", "video", "link", "file", "voice"), (6, 1.2, 1.4, 0.5, 0.5))
    text = ""
    if kind in ("image", "video"):
        text = scene.tongue.next_of(theme.pictures)
    elif kind == "link":
        text = scene.tongue.next_exchange(theme.shares)[0]
    elif kind == "file" and theme.files:
        text = scene.tongue.next_of(theme.files)
    thread = _open(scene, at, starter, (text, *scene.dice.shuffled(theme.asides)[:3]), level, kind)
    go_on(scene, thread, _size(scene, level), starter)


def hand_in(scene: Scene, at: float, writer: Member, level: float) -> None:
    """This week's piece, and the reviews the others owe."""
    theme = scene.tongue.theme
    opening = f"【第{_week(scene, at)}周】《{scene.tongue.say(theme.pieces)}》"
    thread = _open(scene, at, writer, (opening, *theme.reviews), level, "link" if scene.dice.chance(0.7) else "file")
    thread.opener.topic = thread.last.topic = f"第{_week(scene, at)}周作业"
    thread.pace *= 6
    go_on(scene, thread, _size(scene, level), writer)


def _week(scene: Scene, at: float) -> int:
    born = scene.midnight + scene.plan.course.born * DAY
    return max(1, int((at - born) // (7 * DAY)) + 1)


def go_on(scene: Scene, thread: Thread, count: int, starter: Member | None) -> None:
    """`count` more messages, by a few who take turns."""
    if count <= 0:
        return
    circle = _circle(scene, thread, 1 + count // 3, starter)
    if scene.helpers and scene.dice.chance(0.3):
        circle.append(scene.dice.pick(scene.helpers))
    if not circle:
        return
    before: Member | None = starter
    for turn in range(count):
        speaker = _next(scene, circle, before)
        if turn > 1 and starter is not None and scene.dice.chance(0.22):
            speaker = starter
        if not speaker.here(thread.at + thread.pace) or speaker.left < thread.at + DAY / 4:
            continue
        _answer(scene, thread, speaker)
        before = speaker


def _circle(scene: Scene, thread: Thread, count: int, starter: Member | None) -> list[Member]:
    """Who joins in: anybody who likes to talk, but not everybody picks up what others want to know."""
    at = thread.at + thread.pace
    if thread.wants_help and starter is not None:
        return scene.carers(at, count, starter)
    return scene.others(at, count, starter)


def _next(scene: Scene, circle: list[Member], before: Member | None) -> Member:
    """Somebody else than the one who spoke last, unless that one runs on."""
    if before is not None and scene.dice.chance(before.runs_on):
        return before
    speaker = scene.dice.pick(circle)
    return circle[(circle.index(speaker) + 1) % len(circle)] if speaker is before else speaker


def _answer(scene: Scene, thread: Thread, speaker: Member, text: str | None = None) -> None:
    thread.at += min(2.5 * 3600, scene.dice.around(thread.pace, 0.9) + 2)
    if not speaker.here(thread.at):
        return
    kind = "message"
    if text is None:
        kind, text = something(scene, thread, speaker)
    to = thread.opener if scene.dice.chance(0.6) else thread.last
    whom = to.author if to.author is not speaker else None
    quotes = whom is not None and scene.dice.chance(speaker.attention)
    row = scene.say(thread.at, speaker, text, kind=kind, to=to if quotes else None, topic=thread.opener.topic)
    if kind == "message" and whom is not None and scene.dice.chance(NAMED * speaker.attention):
        row.mentions = (whom,)
        row.text = f"@{whom.name_at(row.at)} {row.text}"
    thread.last = row


def something(scene: Scene, thread: Thread, speaker: Member) -> tuple[str, str | None]:
    """What one says next: something to the point while there is any, then what fits everywhere."""
    if scene.dice.chance(0.1):
        kind = scene.dice.weighted(("sticker", "image", "voice"), (7, 2, 1))
        return kind, scene.dice.pick(common.STICKERS) if kind == "sticker" else None
    if thread.script and scene.dice.chance(0.8):
        text = scene.tongue.fill(thread.script.pop(), thread.bound)
    else:
        text = filler(scene, thread)
    return "message", scene.tongue.in_style(text, speaker.style)


def filler(scene: Scene, thread: Thread) -> str:
    throw = scene.dice.throw()
    if throw < 0.4:
        return scene.tongue.next_of(common.NODS)
    if throw < 0.75:
        return scene.tongue.fill(scene.tongue.next_of(scene.tongue.theme.asides), thread.bound)
    return scene.tongue.fill(scene.tongue.next_of(common.CARRY_ON), thread.bound)
