"""A delivery taken apart: what every event made of it shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from huoqun.carriers.base import Unreadable, gettext_noop
from huoqun.carriers.wecom.sync.words import moment
from huoqun.vocabulary.ids import Account

from . import payload
from .kinds import CHAT
from .payload import Fields

DAMAGED = gettext_noop("This callback of WeCom cannot be read. Report it with the record shown here.")
LACKING = gettext_noop("This callback of WeCom lacks something it should have. Report it with the record shown here.")


class Lacking(ValueError):
    """A field is not there, or is not what it should be."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Common(TypedDict):
    """What every event has."""

    account: Account
    source_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    pk: int
    key: str
    kind: str
    at: datetime
    fields: Fields
    tries: int
    owed: bool
    """It was told already; its details are still to come."""
    raw: str

    def need(self, name: str) -> str:
        """Raises Lacking."""
        text = self.fields.text(name)
        if not text:
            raise Lacking(name)
        return text

    def common(self, account: Account, part: str = "") -> Common:
        """`part` tells several events of one delivery apart."""
        return {"account": account, "source_id": f"cb:{self.key}{part and f':{part}'}", "at": self.at}

    @property
    def is_about_chat(self) -> bool:
        return self.kind.startswith(f"{CHAT}/")


def taken_apart(pk: int, key: str, kind: str, body: str, tries: int, owed: bool) -> Told | Unreadable:
    try:
        fields = payload.read(body)
        at = moment(fields.number("CreateTime") or 0)
        if at is None:
            raise Lacking("CreateTime")
    except payload.Garbled as garbled:
        return unreadable(pk, body, str(garbled)[:80], DAMAGED)
    except Lacking as lacking:
        return unreadable(pk, body, lacking.field, LACKING)
    return Told(pk, key, kind, at, fields, tries, owed, body)


def unreadable(pk: int, body: str, field: str, problem: str) -> Unreadable:
    return Unreadable(file="WeCom", line=pk, field=field, problem=problem, raw=body[:4000])
