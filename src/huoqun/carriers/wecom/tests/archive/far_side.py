"""A library that lives in the test: records locked with real RSA keys, an inner step that anybody can see through."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from huoqun.carriers.wecom.archive import codes
from huoqun.carriers.wecom.archive.codes import LibraryError
from huoqun.carriers.wecom.archive.keys import Pair, new_pair
from huoqun.carriers.wecom.archive.library import Access, Piece
from huoqun.vocabulary.ids import Account

FIRST, SECOND, THIRD = new_pair(), new_pair(), new_pair()
"""Made once: each takes a while."""

ACCOUNT = Account("balcony", "wecom", "wwcorp/archive")
ROOM = "wrChat0001"
SAID_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NOW = SAID_AT + timedelta(minutes=1)


def said(number: int, msgtype: str = "text", body: Any = None, *, key: str = "", **fields: Any) -> dict[str, Any]:
    """A message in a customer group, one second after the other."""
    return {
        "msgid": f"{number}_{int(SAID_AT.timestamp() * 1000)}_external",
        "action": "send",
        "from": "wmTao",
        "tolist": ["lin", "mo"],
        "roomid": ROOM,
        "msgtime": int(SAID_AT.timestamp() * 1000) + number * 1000,
        "msgtype": msgtype,
        key or msgtype: {"content": f"第{number}句"} if body is None else body,
        **fields,
    }


class Locksmith:
    """Locks records for a public key, as the far side does."""

    def __init__(self, pair: Pair) -> None:
        key = load_pem_public_key(pair.public.encode())
        assert isinstance(key, RSAPublicKey)
        self._key = key

    def lock(self, seq: int, record: dict[str, Any], *, version: int) -> dict[str, Any]:
        text_key = f"key-{seq}"
        locked = self._key.encrypt(text_key.encode(), PKCS1v15())
        inside = text_key.encode() + b"|" + json.dumps(record, ensure_ascii=False).encode()
        return {
            "seq": seq,
            "msgid": record.get("msgid", f"none-{seq}"),
            "publickey_ver": version,
            "encrypt_random_key": base64.b64encode(locked).decode(),
            "encrypt_chat_msg": base64.b64encode(inside).decode(),
        }


@dataclass
class FarSide:
    """What the company's archive holds, and how it answers."""

    locked: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    refusals: list[int] = field(default_factory=list)
    """Numbers the next calls are answered with."""
    opening_refusals: list[int] = field(default_factory=list)
    errcode: int = 0
    piece_size: int = 4
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    _smiths: dict[int, Locksmith] = field(default_factory=dict)

    def keep(self, *records: dict[str, Any], version: int = 1, pair: Pair = FIRST, skip: int = 0) -> None:
        smith = self._smiths.setdefault(id(pair), Locksmith(pair))
        for record in records:
            seq = (self.locked[-1]["seq"] if self.locked else 0) + 1 + skip
            self.locked.append(smith.lock(seq, record, version=version))

    def library(self, access: Access) -> DoubleLibrary:
        return DoubleLibrary(self, access)


class DoubleLibrary:
    def __init__(self, far: FarSide, access: Access) -> None:
        self._far = far
        self.access = access
        if access.secret == "wrong":
            raise LibraryError(codes.KEY, "begin")

    def records(self, after: int, limit: int) -> bytes:
        self._far.asked.append(("records", after))
        self._refuse()
        told = [each for each in self._far.locked if each["seq"] > after][:limit]
        return json.dumps({"errcode": self._far.errcode, "errmsg": "ok", "chatdata": told}).encode()

    def open(self, key: str, message: str) -> bytes:
        if self._far.opening_refusals:
            raise LibraryError(self._far.opening_refusals.pop(0), "open a record")
        fits, _bar, inside = base64.b64decode(message).partition(b"|")
        if fits.decode() != key:
            raise LibraryError(codes.WRONG_KEY, "open a record")
        return inside

    def piece(self, file_id: str, at: str) -> Piece:
        self._far.asked.append(("piece", file_id, at))
        self._refuse()
        if file_id not in self._far.files:
            raise LibraryError(codes.FILE_ID, "fetch a file")
        start, size = int(at or 0), self._far.piece_size
        content = self._far.files[file_id]
        last = start + size >= len(content)
        return Piece(content[start : start + size], "" if last else str(start + size), last)

    def close(self) -> None: ...

    def _refuse(self) -> None:
        if self._far.refusals:
            raise LibraryError(self._far.refusals.pop(0), "answer")


class Clock:
    """Moves when it is told to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, span: timedelta) -> None:
        self.now += span


Libraries = Callable[[Access], DoubleLibrary]
