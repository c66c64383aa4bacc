"""What the world can be asked to do. Each looks first and changes then, so that what is turned away has changed nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from . import errands, limits, news
from .words import Call, NotDone, Reply, Words

US = "us"
"""The person as whom we act."""

HONOURS_KEYS = frozenset({
    "whisper", "board", "pin", "unsay", "show_out", "hush", "name", "tag", "answer_knock", "change_code", "end_code", "pass_on",
    "moment", "close_card", "first_words",
})  # fmt: skip
"""Asked again with the same key, these give the first answer and do nothing. The others do it again."""

FINDABLE = frozenset({"say", "door", "badge"}) | HONOURS_KEYS


def do(db: sqlite3.Connection, call: Call, at: int) -> Reply:
    """Do it and write down that it was done. Raises NotDone."""
    deed, subject_word = _DEEDS[call.method]
    subject = str(call.words[subject_word])
    limits.keep(db, call.method, subject, at)
    reply: Reply = {"ok": True, **deed(db, call.words, at)}
    db.execute(
        "INSERT INTO deed (key, method, subject, at, words, reply) VALUES (?, ?, ?, ?, ?, ?)",
        (call.key, call.method, subject, at, json.dumps(call.words, ensure_ascii=False), json.dumps(reply)),
    )
    return reply


def answered_before(db: sqlite3.Connection, call: Call) -> Reply | None:
    """Comes before everything else: what was done is not turned away when it is asked for again."""
    return found(db, call.key) if call.method in HONOURS_KEYS else None


def found(db: sqlite3.Connection, key: str) -> Reply | None:
    """The answer given when this was done, None where it was not."""
    row = db.execute("SELECT reply FROM deed WHERE key = ? ORDER BY id LIMIT 1", (key,)).fetchone()
    reply: Reply | None = json.loads(row[0]) if row else None
    return reply


def _say(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    room = _open_room(db, words)
    answering = words.get("answering")
    if answering is not None:
        _post(db, room, answering)
    missed = [person for person in words["to"] if not _is_in(db, room, person)]
    post = post_by(db, room, US, at, words["text"], answering=answering, to=words["to"])
    heads = db.execute("SELECT count(*) FROM member WHERE room = ?", (room,)).fetchone()[0]
    return {"post": str(post), "seen_by": heads, "missed": missed}


def post_by(db: sqlite3.Connection, room: str, person: str, at: int, text: str, **more: Any) -> int:
    """Somebody says something in a room; returns the post's number."""
    answering = more.get("answering")
    cursor = db.execute(
        "INSERT INTO post (room, who, at, text, answering) VALUES (?, ?, ?, ?, ?)", (room, person, at, text, answering)
    )
    news.tell(db, "said", room, at, post=str(cursor.lastrowid), who=_speaker(db, person), text=text, **more)
    return int(cursor.lastrowid or 0)


def _speaker(db: sqlite3.Connection, person: str) -> dict[str, Any]:
    return {"id": US, "name": "", "bot": True} if person == US else dict(news.who(db, person))


def _pin(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    post = _post(db, _open_room(db, words), words["post"])
    db.execute("UPDATE post SET pinned = 1 WHERE id = ?", (post,))
    return {}


def _board(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    room = _open_room(db, words)
    db.execute("UPDATE room SET board = ? WHERE id = ?", (words["text"], room))
    news.tell(db, "board", room, at, text=words["text"], by={"id": US})
    return {}


def _unsay(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    room = _open_room(db, words)
    post = _post(db, room, words["post"])
    db.execute("UPDATE post SET gone = 1 WHERE id = ?", (post,))
    news.tell(db, "unsaid", room, at, post=str(post), by={"id": US})
    return {}


def _show_out(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    room, person = _member(db, words)
    leave(db, room, person, at, by={"id": US})
    return {}


def _hush(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    room, person = _member(db, words)
    db.execute("UPDATE member SET hushed_until = ? WHERE room = ? AND who = ?", (words["until"], room, person))
    return {}


def _name(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    room = _open_room(db, words)
    before = db.execute("SELECT name FROM room WHERE id = ?", (room,)).fetchone()[0]
    db.execute("UPDATE room SET name = ? WHERE id = ?", (words["name"], room))
    news.tell(db, "renamed", room, at, before=before, by={"id": US})
    return {}


def _door(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    room = _open_room(db, words)
    cursor = db.execute("INSERT INTO door (room, until, uses) VALUES (?, ?, ?)", (room, words["until"], words["uses"]))
    return {"door": coded(db, f"https://pretend.invalid/door/{cursor.lastrowid}", words)}


def _badge(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    number = db.execute("SELECT count(*) FROM code").fetchone()[0] + 1
    return {"door": coded(db, f"https://pretend.invalid/badge/{number}", words)}


def coded(db: sqlite3.Connection, door: str, words: Words) -> str:
    """There is a code under this address."""
    db.execute("INSERT INTO code (door, words) VALUES (?, ?)", (door, json.dumps(words, ensure_ascii=False)))
    return door


def _change_code(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    for room in words.get("rooms", ()):
        _open_room(db, {"room": room})
    db.execute("UPDATE code SET words = ? WHERE door = ?", (json.dumps(words, ensure_ascii=False), _code(db, words)))
    return {}


def _end_code(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    db.execute("UPDATE code SET ended = 1 WHERE door = ?", (_code(db, words),))
    return {}


def _code(db: sqlite3.Connection, words: Words) -> str:
    row = db.execute("SELECT door FROM code WHERE door = ? AND NOT ended", (words["door"],)).fetchone()
    if row is None:
        raise NotDone("no_such_code")
    return str(row[0])


def _pass_on(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    _blocks_us(db, words["who"])
    return {"errand": errands.begin(db, "pass_on", at)}


def _moment(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    return {"errand": errands.begin(db, "moment", at)}


def _whisper(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    person = words["who"]
    if _blocks_us(db, person):
        raise NotDone("blocked")
    # In no room, so nobody else hears of it.
    values = (US, at, words["text"])
    return {"post": str(db.execute("INSERT INTO post (room, who, at, text) VALUES ('', ?, ?, ?)", values).lastrowid)}


def _greet(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    _blocks_us(db, words["who"])
    used = db.execute("SELECT used FROM ticket WHERE code = ? AND who = ?", (words["ticket"], words["who"])).fetchone()
    if used is None:
        raise NotDone("no_such_ticket")
    if used[0]:
        raise NotDone("ticket_used")
    db.execute("UPDATE ticket SET used = 1 WHERE code = ?", (words["ticket"],))
    return {}


def _tag(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    person = words["who"]
    _blocks_us(db, person)
    tags = set(json.loads(db.execute("SELECT tags FROM person WHERE id = ?", (person,)).fetchone()[0]))
    tags = (tags | set(words["add"])) - set(words["remove"])
    db.execute("UPDATE person SET tags = ? WHERE id = ?", (json.dumps(sorted(tags), ensure_ascii=False), person))
    return {}


def _answer_knock(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    knock = db.execute("SELECT room, who, let_in FROM knock WHERE id = ?", (words["knock"],)).fetchone()
    if knock is None or knock[1] != words["who"]:
        raise NotDone("no_such_knock")
    room, person, answered = knock
    if answered is not None:
        raise NotDone("answered_already")
    db.execute("UPDATE knock SET let_in = ? WHERE id = ?", (int(words["let_in"]), words["knock"]))
    if words["let_in"]:
        join(db, room, person, at, way="request")
    return {}


def _take_note(db: sqlite3.Connection, words: Words, at: int) -> Reply:
    return {}


def join(db: sqlite3.Connection, room: str, person: str, at: int, *, way: str) -> str:
    """Somebody comes in; returns the ticket with which they may be greeted once."""
    db.execute("INSERT OR IGNORE INTO member (room, who) VALUES (?, ?)", (room, person))
    code = f"t-{room}-{person}-{at}"
    db.execute("INSERT OR IGNORE INTO ticket (code, who) VALUES (?, ?)", (code, person))
    news.tell(db, "joined", room, at, who=news.who(db, person), way=way, ticket=code)
    return code


def leave(db: sqlite3.Connection, room: str, person: str, at: int, *, by: dict[str, str] | None = None) -> None:
    db.execute("DELETE FROM member WHERE room = ? AND who = ?", (room, person))
    news.tell(db, "left", room, at, who=news.who(db, person), by=by)


def _open_room(db: sqlite3.Connection, words: Words) -> str:
    row = db.execute("SELECT id, closed FROM room WHERE id = ?", (words["room"],)).fetchone()
    if row is None:
        raise NotDone("no_such_room")
    if row[1]:
        raise NotDone("room_closed")
    return str(row[0])


def _member(db: sqlite3.Connection, words: Words) -> tuple[str, str]:
    room, person = _open_room(db, words), str(words["who"])
    if not _is_in(db, room, person):
        raise NotDone("not_in_room")
    return room, person


def _is_in(db: sqlite3.Connection, room: str, person: str) -> bool:
    return db.execute("SELECT 1 FROM member WHERE room = ? AND who = ?", (room, person)).fetchone() is not None


def _post(db: sqlite3.Connection, room: str, post: str) -> int:
    # SQLite compares a number with a text of digits as numbers; anything else is nobody's post.
    row = db.execute("SELECT id FROM post WHERE id = ? AND room = ? AND NOT gone", (post, room)).fetchone()
    if row is None:
        raise NotDone("no_such_post")
    return int(row[0])


def _blocks_us(db: sqlite3.Connection, person: str) -> bool:
    row = db.execute("SELECT blocks_us FROM person WHERE id = ?", (person,)).fetchone()
    if row is None:
        raise NotDone("no_such_person")
    return bool(row[0])


_DEEDS: dict[str, tuple[Callable[[sqlite3.Connection, Words, int], Reply], str]] = {
    "say": (_say, "room"),
    "pin": (_pin, "room"),
    "board": (_board, "room"),
    "unsay": (_unsay, "room"),
    "show_out": (_show_out, "room"),
    "hush": (_hush, "room"),
    "name": (_name, "room"),
    "door": (_door, "room"),
    "whisper": (_whisper, "who"),
    "greet": (_greet, "who"),
    "tag": (_tag, "who"),
    "answer_knock": (_answer_knock, "who"),
    "page_staff": (_take_note, "who"),
    "close_card": (_take_note, "who"),
    "first_words": (_take_note, "text"),
    "badge": (_badge, "title"),
    "change_code": (_change_code, "door"),
    "end_code": (_end_code, "door"),
    "pass_on": (_pass_on, "who"),
    "moment": (_moment, "text"),
}
