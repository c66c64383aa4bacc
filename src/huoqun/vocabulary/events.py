"""What carriers report: one frozen class a kind of event. `docs/events.md` has a line for each; a test compares.

Ids inside an event are the carrier's own text ids; `ids.group_key` and `ids.person_key` turn them into keys. Times are aware
and in UTC. `source_id` is stable: the same happening delivered twice, or found again in a longer export, has the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .ids import Account


class MessageKind(StrEnum):
    """What a message is made of. Every kind counts as talk; what does not is an event of its own."""

    TEXT = "message"
    ACTION = "action"
    IMAGE = "image"
    VIDEO = "video"
    VOICE = "voice"
    FILE = "file"
    STICKER = "sticker"
    LINK = "link"
    CARD = "card"
    LOCATION = "location"
    POLL = "poll"
    CALL = "call"
    RED_PACKET = "red_packet"
    TRANSFER = "transfer"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody as the carrier names them here and now."""

    id: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened in one group of one carrier."""

    account: Account
    source_id: str
    at: datetime
    group_id: str
    group_name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MessagePosted(Event):
    message_id: str
    author: Person
    kind: MessageKind = MessageKind.TEXT
    text: str | None = None
    reply_to: str | None = None
    reply_to_author: str | None = None
    """Author id of the message answered, where the carrier says so; history resolves it otherwise."""
    mentions: tuple[str, ...] = ()
    """Author ids of the people addressed."""
    topic: str | None = None
    house: bool = False
    """The carrier itself marks the author as a bot or as a system account."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRecalled(Event):
    message_id: str | None
    by: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberJoined(Event):
    member: Person
    way: str = ""
    """How they came: "invited", "link", "code", "request", "added" or what the carrier calls it; "" where it does not say."""
    inviter: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberLeft(Event):
    member: Person
    removed_by: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberRenamed(Event):
    member: Person
    before: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupCreated(Event):
    by: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupRenamed(Event):
    before: str = ""
    by: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnerChanged(Event):
    owner: Person
    before: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RedPacketClaimed(Event):
    """`message_id` is the packet's message where the carrier says which; the packet itself is a `MessagePosted`."""

    member: Person
    message_id: str | None = None
    sender: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticePosted(Event):
    """Words of the carrier itself ("the group was muted") that no other event covers: kept, never counted as talk."""

    text: str
    by: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderPaid(Event):
    """An order by a member of the group. `amount` is in the smallest unit of `currency`."""

    member: Person
    order_id: str
    amount: int
    currency: str = "CNY"
    items: tuple[str, ...] = ()


EVENTS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        MessagePosted,
        MessageRecalled,
        MemberJoined,
        MemberLeft,
        MemberRenamed,
        GroupCreated,
        GroupRenamed,
        OwnerChanged,
        RedPacketClaimed,
        NoticePosted,
        OrderPaid,
    )
}
