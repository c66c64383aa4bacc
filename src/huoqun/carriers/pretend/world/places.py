"""How a world comes into being: rooms, and people in them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from .script import Script, stage

_THEMES = ("阳台种菜", "晨跑打卡", "亲子共读", "手冲咖啡", "二手好物", "周末徒步", "家常菜", "养猫互助")
_FAMILY_NAMES = "林莫陶任余何苏顾程方"
_GIVEN_NAMES = ("小满", "知夏", "一帆", "秋实", "若木", "晴川", "子衿", "南星", "立冬", "青禾", "半夏", "思远")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """`rooms` called r1, r2, ..., each with `people` of its own called p1, p2, ...: the same for the same seed.

    `pulse` is how lively they are by themselves: 1 is some thirty messages a room and day, 0 nobody says anything unasked.
    """

    rooms: int = 12
    people: int = 30
    pulse: float = 1.0
    seed: int = 1


def settle(db: sqlite3.Connection, plan: Settlement | Script, at: int) -> None:
    """Make the world, once; a world that is there stays as it is."""
    if is_settled(db):
        return
    if isinstance(plan, Script):
        stage(db, plan, at)
    else:
        _people(db, plan)
    for name, value in (("seed", plan.seed), ("pulse", getattr(plan, "pulse", 1.0)), ("lived_until", at)):
        put(db, name, str(value))


def _people(db: sqlite3.Connection, plan: Settlement) -> None:
    chance = random.Random(plan.seed)  # noqa: S311 - a play
    numbers = range(1, plan.rooms + 1)
    db.executemany("INSERT INTO room (id, name) VALUES (?, ?)", ((f"r{n}", _room_name(n)) for n in numbers))
    db.executemany(
        "INSERT INTO person (id, name) VALUES (?, ?)",
        ((f"p{n}", _person_name(chance)) for n in range(1, plan.rooms * plan.people + 1)),
    )
    db.executemany("INSERT INTO member (room, who) VALUES (?, ?)", _members(plan))


def is_settled(db: sqlite3.Connection) -> bool:
    return setting(db, "seed") is not None


def _members(plan: Settlement) -> Iterator[tuple[str, str]]:
    for room in range(plan.rooms):
        yield from ((f"r{room + 1}", f"p{room * plan.people + n + 1}") for n in range(plan.people))


def _room_name(number: int) -> str:
    return f"{_THEMES[number % len(_THEMES)]}{number}群"


def _person_name(chance: random.Random) -> str:
    return chance.choice(_FAMILY_NAMES) + chance.choice(_GIVEN_NAMES)


def setting(db: sqlite3.Connection, name: str) -> str | None:
    row = db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else None


def put(db: sqlite3.Connection, name: str, value: str) -> None:
    db.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, value))
