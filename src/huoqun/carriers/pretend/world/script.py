"""People of a sample world: what they say, when they come and go, is written beforehand and happens when its time has come."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import sample_world

from . import deeds, news

SHORTEST = 120
"""Days a sample world has at least: what lies before the play makes its members."""

SAID = frozenset({"message", "image", "video", "voice", "file", "sticker", "link", "red_packet"})
PLAYED = SAID | {"join", "leave", "recall", "group_renamed"}

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """The `groups` liveliest of a sample world's `among` groups (most of a real portfolio are silent) over `days` days, which
    pass `speed` times as fast as the clock. The same for the same seed and the same beginning.
    """

    groups: int = 12
    among: int = 60
    days: int = 30
    speed: float = 1.0
    seed: int = 1

    def __post_init__(self) -> None:
        if self.days < 1 or self.speed <= 0:
            raise ValueError(f"a play lasts at least a day and goes forward, not {self.days} days {self.speed} times as fast")


def stage(db: sqlite3.Connection, script: Script, at: int) -> None:
    """Rooms and people as they are at that moment (milliseconds), and all that will happen from then on."""
    begins = datetime.fromtimestamp(at / 1000, UTC)
    with TemporaryDirectory(prefix="huoqun-play-") as folder:
        days = max(SHORTEST, script.days + 60)
        until = begins + timedelta(days=script.days)
        sample_world.make(Path(folder), seed=script.seed, until=until, groups=script.among, days=days)
        talk = pa.concat_tables(pq.read_table(written) for written in sorted(Path(folder).glob("*/talk.parquet")))
    _take(db, _rows(talk, _liveliest(talk, begins, script.groups)), begins, script.speed)


def _liveliest(talk: pa.Table, begins: datetime, count: int) -> list[str]:
    """Ids of the groups in which most will be said, of those that are there already: some are born later."""
    there = pc.unique(talk.filter(pc.field("sent_at") < begins)["group_id"])
    to_come = talk.filter(pc.field("kind").isin(sorted(SAID)) & (pc.field("sent_at") >= begins))
    said = to_come.filter(pc.field("group_id").isin(there))
    counted = said.group_by("group_id").aggregate([("group_id", "count")])
    ranked = counted.sort_by([("group_id_count", "descending"), ("group_id", "ascending")])
    ids: list[str] = ranked["group_id"].to_pylist()
    return ids[:count]


def _rows(talk: pa.Table, groups: Sequence[str]) -> Iterator[Row]:
    chosen = talk.filter(pc.field("group_id").isin(groups) & pc.field("kind").isin(sorted(PLAYED)))
    for batch in chosen.to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def _take(db: sqlite3.Connection, rows: Iterable[Row], begins: datetime, speed: float) -> None:
    """Group after group in the order of time: what lies before the beginning has happened, the rest will."""
    for row in rows:
        db.execute("INSERT OR IGNORE INTO person (id, name) VALUES (?, ?)", (row["author_id"], row["author_name"] or ""))
        if row["sent_at"] < begins:
            _past(db, row)
        else:
            _future(db, row, begins, speed)


def _past(db: sqlite3.Connection, row: Row) -> None:
    called = "INSERT INTO room (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name"
    db.execute(called, (row["group_id"], row["group_name"] or ""))
    match row["kind"]:
        case "join":
            db.execute("INSERT OR IGNORE INTO member (room, who) VALUES (?, ?)", (row["group_id"], row["author_id"]))
        case "leave":
            db.execute("DELETE FROM member WHERE room = ? AND who = ?", (row["group_id"], row["author_id"]))


def _future(db: sqlite3.Connection, row: Row, begins: datetime, speed: float) -> None:
    at = round((begins + (row["sent_at"] - begins) / speed).timestamp() * 1000)
    values = (at, row["group_id"], row["kind"], row["author_id"], row["text"] or row["group_name"] or "", row["message_id"])
    db.execute(
        "INSERT INTO script (at, room, what, who, text, sid, about, way) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*values, row["target_id"] if row["kind"] == "leave" else row["reply_to"], row["way"] or ""),
    )


def is_scripted(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM script LIMIT 1").fetchone() is not None


def play(db: sqlite3.Connection, now: int) -> None:
    """What is written for up to that moment happens, each once."""
    due = "SELECT id, at, room, what, who, text, about, way FROM script WHERE at <= ? AND NOT played ORDER BY at, id"
    for number, at, room, what, *rest in db.execute(due, (now,)).fetchall():
        there = db.execute("SELECT closed FROM room WHERE id = ?", (room,)).fetchone()
        post = _happen(db, at, room, what, *rest) if there is not None and not there[0] else None
        db.execute("UPDATE script SET played = 1, post = ? WHERE id = ?", (post, number))


def _happen(
    db: sqlite3.Connection, at: int, room: str, what: str, who: str, text: str, about: str | None, way: str
) -> int | None:
    match what:
        case "group_renamed":
            _rename(db, room, text, at)
        case "join":
            deeds.join(db, room, who, at, way=way)
        case "leave":
            deeds.leave(db, room, who, at, by={"id": about} if about else None)
        case "recall":
            _unsay(db, room, about, who, at)
        case _:
            shown = {"kind": what} if what != "message" else {}
            return deeds.post_by(db, room, who, at, text, answering=_post(db, room, about), **shown)
    return None


def _rename(db: sqlite3.Connection, room: str, name: str, at: int) -> None:
    before = db.execute("SELECT name FROM room WHERE id = ?", (room,)).fetchone()[0]
    db.execute("UPDATE room SET name = ? WHERE id = ?", (name, room))
    news.tell(db, "renamed", room, at, before=before)


def _unsay(db: sqlite3.Connection, room: str, about: str | None, who: str, at: int) -> None:
    if post := _post(db, room, about):
        db.execute("UPDATE post SET gone = 1 WHERE id = ?", (post,))
        news.tell(db, "unsaid", room, at, post=str(post), by=dict(news.who(db, who)))


def _post(db: sqlite3.Connection, room: str, sid: str | None) -> int | None:
    """The post which that line of the script became; None where it was said before the play."""
    row = db.execute("SELECT post FROM script WHERE room = ? AND sid = ?", (room, sid)).fetchone() if sid else None
    return int(row[0]) if row and row[0] else None
