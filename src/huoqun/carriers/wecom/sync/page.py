"""A page of the walk: records for whoever takes them in, and notes about how far each colleague and group was read."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from huoqun.carriers.base import RosterPage


class Lane(msgspec.Struct):
    """One colleague whose customers are being read."""

    row: int
    userid: str
    cursor: str = ""
    begun: bool = False


class Position(msgspec.Struct):
    """Where the walk is, as text in the cursor."""

    step: str
    after: int = 0
    """The row of the colleague or group begun last."""
    lanes: list[Lane] = []
    cursor: str = ""
    """WeCom's own, within the list of groups."""
    owners: str | None = None
    """The list of groups is asked for owner by owner; those up to this one are done. None: all at once."""


def told(position: Position) -> str:
    return msgspec.json.encode(position).decode()


def heard(cursor: str) -> Position:
    return msgspec.json.decode(cursor, type=Position)


@dataclass(frozen=True, kw_only=True, slots=True)
class ColleagueNote:
    userid: str
    name: str
    departments: tuple[str, ...]
    serves: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomersNote:
    """How far a colleague's customers are read. `expected` is told when it begins, which is also when counting starts anew."""

    row: int
    fetched: int = 0
    nameless: int = 0
    expected: int | None = None
    done: bool = False
    trouble: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatNote:
    row: int
    name: str = ""
    version: str = ""
    members: int = 0
    nameless: int = 0
    trouble: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WeComPage(RosterPage):
    step: str
    colleagues: tuple[ColleagueNote, ...] = ()
    customers: tuple[CustomersNote, ...] = ()
    listed: tuple[str, ...] = ()
    chats: tuple[ChatNote, ...] = ()
    trouble: str = ""
    """What the walk has to do without."""
