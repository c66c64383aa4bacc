"""One opened record of the archive as what it means to us. Pure: the same record always reads the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, TypedDict

import msgspec

from huoqun.carriers.base import Unreadable, gettext_noop
from huoqun.vocabulary.events import Event, MessageKind, MessagePosted, MessageRecalled, NoticePosted, Person
from huoqun.vocabulary.ids import Account

from . import bodies, shapes
from .bodies import FileTold

NO_JSON = gettext_noop("This record of the archive cannot be read. Report it with the record shown here.")
NO_FIELD = gettext_noop("This record of the archive lacks something every record has. Report it with the record shown here.")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONTROLS = bytes(range(0x20))
_OUTSIDE = "_external"
_CUSTOMERS = ("wm", "wo")
_ROBOTS = "wb"
_ANSWERS = frozenset({"agree", "disagree"})


class Passed(Enum):
    """Why a record is not kept."""

    PRIVATE = "private"
    """Two people alone."""
    INTERNAL = "internal"
    """A group in which only colleagues are."""
    SWITCHED = "switched"
    """A colleague changed to another company: nothing was said."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A customer's answer to whether what they say may be archived."""

    group_id: str
    person_id: str
    yes: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Strange:
    """Of a kind or a shape nobody knows: `field` says where, "" for the kind."""

    msgtype: str
    field: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one record came to. All may be empty."""

    at: datetime | None = None
    """When it was said; None where not even that can be read."""
    event: Event | Unreadable | None = None
    files: tuple[FileTold, ...] = ()
    agreed: Agreed | None = None
    strange: Strange | None = None
    passed: Passed | None = None


class _Where(TypedDict):
    """What every event of a group has."""

    account: Account
    source_id: str
    at: datetime
    group_id: str


class _Common(msgspec.Struct):
    msgid: str
    action: str = "send"
    from_: str = msgspec.field(name="from", default="")
    tolist: list[str] = msgspec.field(default_factory=list)
    roomid: str = ""
    msgtime: int = 0
    msgtype: str = ""


def read(opened: bytes, account: Account, *, seq: int) -> Reading:
    """Never raises for what the far side said."""
    try:
        record = msgspec.json.decode(opened.translate(None, _CONTROLS))
        common = msgspec.convert(record, _Common, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        return Reading(event=_unreadable(opened, seq, str(wrong)[:80], NO_JSON))
    if common.action == "switch":
        return Reading(passed=Passed.SWITCHED)
    if missing := _missing(common):
        return Reading(event=_unreadable(opened, seq, missing, NO_FIELD))
    return _told(common, moment(common.msgtime), record, account)


def _missing(common: _Common) -> str:
    if not common.from_:
        return "from"
    # Up to the year 9999, as far as a time can be told.
    return "" if 0 < common.msgtime < 253_402_300_800_000 else "msgtime"


def _told(common: _Common, at: datetime, record: dict[str, Any], account: Account) -> Reading:
    if common.msgtype in _ANSWERS:
        return _agreed(common, at, record)
    if not common.roomid:
        return Reading(at, passed=Passed.PRIVATE)
    if not _is_outside(common):
        return Reading(at, passed=Passed.INTERNAL)
    where: _Where = {"account": account, "source_id": f"archive:{common.msgid}", "at": at, "group_id": common.roomid}
    if common.action == "recall" or common.msgtype == "revoke":
        return Reading(at, _recalled(common, record, where))
    return _said(common, record, where)


def _is_outside(common: _Common) -> bool:
    return common.msgid.endswith(_OUTSIDE) or any(who.startswith(_CUSTOMERS) for who in (common.from_, *common.tolist))


def _said(common: _Common, record: dict[str, Any], where: _Where) -> Reading:
    try:
        body = bodies.read(common.msgtype, record)
    except bodies.NotThisShape as wrong:
        posted = _posted(common, bodies.Body(bodies.kind_of(common.msgtype)), where)
        return Reading(where["at"], posted, strange=Strange(common.msgtype, str(wrong)[:80]))
    if body is None:
        posted = _posted(common, bodies.Body(MessageKind.OTHER), where)
        return Reading(where["at"], posted, strange=Strange(common.msgtype, ""))
    if body.notice:
        return Reading(where["at"], NoticePosted(**where, text=body.text or "", by=Person(id=common.from_)))
    return Reading(where["at"], _posted(common, body, where), files=body.files)


def _posted(common: _Common, body: bodies.Body, where: _Where) -> MessagePosted:
    return MessagePosted(
        **where,
        message_id=common.msgid,
        author=Person(id=common.from_),
        kind=body.kind,
        text=body.text,
        house=common.from_.startswith(_ROBOTS),
    )


def _recalled(common: _Common, record: dict[str, Any], where: _Where) -> MessageRecalled:
    try:
        gone = msgspec.convert(record.get("revoke", {}), shapes.Revoke, strict=False).pre_msgid
    except msgspec.ValidationError:
        gone = ""
    return MessageRecalled(**where, message_id=gone or None, by=Person(id=common.from_))


def _agreed(common: _Common, at: datetime, record: dict[str, Any]) -> Reading:
    try:
        told = msgspec.convert(record.get(common.msgtype, {}), shapes.Agreement, strict=False)
    except msgspec.ValidationError as wrong:
        return Reading(at, strange=Strange(common.msgtype, str(wrong)[:80]))
    since = moment(told.agree_time or told.disagree_time or common.msgtime)
    return Reading(at, agreed=Agreed(common.roomid, told.userid or common.from_, common.msgtype == "agree", since))


def moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _unreadable(opened: bytes, seq: int, field: str, problem: str) -> Unreadable:
    raw = opened.decode(errors="replace")[:4000]
    return Unreadable(file="archive", line=seq, field=field, problem=problem, raw=raw)
