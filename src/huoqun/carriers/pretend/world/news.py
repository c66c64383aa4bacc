"""What the world tells: one numbered line for each happening, in its own words."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from .faults import Fault, Kind

PAGE = 500


def tell(db: sqlite3.Connection, what: str, room: str, at: int, **more: Any) -> None:
    """Write down that something happened in a room. `at` in milliseconds since 1970."""
    name = db.execute("SELECT name FROM room WHERE id = ?", (room,)).fetchone()[0]
    payload = {"what": what, "at": at, "room": {"id": room, "name": name}, **more}
    db.execute("INSERT INTO news (payload) VALUES (?)", (json.dumps(payload, ensure_ascii=False),))


def who(db: sqlite3.Connection, person: str) -> Mapping[str, str]:
    found = db.execute("SELECT name FROM person WHERE id = ?", (person,)).fetchone()
    return {"id": person, "name": found[0] if found else ""}


def page(db: sqlite3.Connection, since: int) -> list[tuple[int, str]]:
    """The next news after number `since`, as JSON texts."""
    return db.execute("SELECT seq, payload FROM news WHERE seq > ? ORDER BY seq LIMIT ?", (since, PAGE)).fetchall()


def spoiled(news: Sequence[tuple[int, str]], fault: Fault | None) -> list[tuple[int, str]]:
    """A page as it arrives when something goes wrong on the way."""
    chance = random.Random(len(news))  # noqa: S311 - a play, and the same each time
    match fault.kind if fault else None:
        case Kind.TWICE:
            return [*news, *(each for each in news if chance.random() < 0.5), *news[:1]]
        case Kind.MIXED_UP:
            return chance.sample(news, len(news))
        case Kind.STRANGE_NEWS:
            return [*((seq, _with_strange_fields(text)) for seq, text in news), *_strange(news)]
    return list(news)


def _with_strange_fields(text: str) -> str:
    payload = json.loads(text)
    payload["moon"] = {"phase": ["waxing", 3]}
    payload["room"]["wallpaper"] = None
    return json.dumps(payload, ensure_ascii=False)


def _strange(news: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    return [(seq, json.dumps({"what": "sang", "at": 0, "room": {"id": "?"}})) for seq, _ in news[-1:]]
