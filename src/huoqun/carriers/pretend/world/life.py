"""People who live by themselves: they talk, come in and go by chance or as a script has it, and answer what they are told. The
same for the same seed.
"""

from __future__ import annotations

import random
import sqlite3

from . import deeds, script
from .places import put, setting

BEAT = 60_000
"""The world lives in minutes, in milliseconds."""
LONGEST = 1440
"""At most a day is lived through in one go, so that a clock which leaps by years does not stop the world."""

_TALK, _JOIN, _LEAVE, _ANSWER = 0.02, 0.001, 0.0007, 0.6
"""How likely in a room in a minute; an answer, for each thing we said in the minute before."""

_SAYINGS = (
    "早上好呀",
    "今天有人一起吗？",
    "这个怎么弄，求教",
    "刚试了一下，真不错",
    "哈哈哈",
    "收到，谢谢",
    "明天几点？",
    "拍了几张照片，晚点发",
)
_ANSWERS = ("好的！", "我来", "请问怎么参加？", "+1", "这次来不了，下次一定", "支持一下")


def live(db: sqlite3.Connection, now: int) -> None:
    """Live up to now, minute by minute. A clock that was put back brings nothing new and takes nothing away."""
    pulse, seed = float(setting(db, "pulse") or 0), setting(db, "seed")
    since = int(setting(db, "lived_until") or now)
    beats = min((now - since) // BEAT, LONGEST)
    if beats <= 0:
        return
    scripted = script.is_scripted(db)
    if scripted:
        script.play(db, since + beats * BEAT)
    if pulse:
        rooms = [row[0] for row in db.execute("SELECT id FROM room WHERE NOT closed ORDER BY id")]
        for beat in range(beats):
            at = since + beat * BEAT
            chance = random.Random(f"{seed}:{at}")  # noqa: S311 - a play
            _answers(db, chance, pulse, at)
            if not scripted:
                _minute(db, chance, rooms, pulse, at)
    put(db, "lived_until", str(since + beats * BEAT))


def _answers(db: sqlite3.Connection, chance: random.Random, pulse: float, at: int) -> None:
    """What we said in the minute before is answered."""
    said = "SELECT id, room FROM post WHERE who = ? AND at >= ? AND at < ? AND room != '' AND NOT gone ORDER BY id"
    for post, room in db.execute(said, (deeds.US, at - BEAT, at)).fetchall():
        if chance.random() < _ANSWER * min(pulse, 1):
            _speak(db, chance, room, at, _ANSWERS, answering=post)


def _minute(db: sqlite3.Connection, chance: random.Random, rooms: list[str], pulse: float, at: int) -> None:
    for room in _picked(chance, rooms, _TALK * pulse):
        _speak(db, chance, room, at, _SAYINGS)
    for room in _picked(chance, rooms, _JOIN * pulse):
        _come_in(db, chance, room, at)
    for room in _picked(chance, rooms, _LEAVE * pulse):
        if person := _somebody(db, chance, room, at):
            deeds.leave(db, room, person, at)


def _picked(chance: random.Random, rooms: list[str], rate: float) -> list[str]:
    """As many rooms as the rate gives on average, drawn without asking each: there may be thousands."""
    expected = len(rooms) * rate
    count = int(expected) + (chance.random() < expected % 1)
    return [chance.choice(rooms) for _ in range(count)]


def _somebody(db: sqlite3.Connection, chance: random.Random, room: str, at: int) -> str | None:
    people = db.execute(
        "SELECT who FROM member WHERE room = ? AND coalesce(hushed_until, 0) <= ? ORDER BY who", (room, at)
    ).fetchall()
    return str(chance.choice(people)[0]) if people else None


def _speak(
    db: sqlite3.Connection, chance: random.Random, room: str, at: int, sayings: tuple[str, ...], answering: int | None = None
) -> None:
    if person := _somebody(db, chance, room, at):
        deeds.post_by(db, room, person, at + chance.randrange(BEAT), chance.choice(sayings), answering=answering)


def _come_in(db: sqlite3.Connection, chance: random.Random, room: str, at: int) -> None:
    person = f"n{at // BEAT}-{room}"
    db.execute("INSERT OR IGNORE INTO person (id, name) VALUES (?, ?)", (person, f"新朋友{chance.randrange(1000)}"))
    deeds.join(db, room, person, at, way="link")
