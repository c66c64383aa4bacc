"""What carriers report: one frozen class a kind of event. `docs/events.md` has a line for each; a test compares.

Ids inside an event are the carrier's own text ids; `ids.group_key` and `ids.person_key` turn them into keys. Times are aware
and in UTC. `source_id` is stable: the same happening delivered twice, or found again in a longer export, has the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .ids import Account, group_key, person_key


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
    """Something that happened on one carrier: in a group, between a colleague and a person, or to a colleague."""

    account: Account
    source_id: str
    at: datetime

    @property
    def subject(self) -> int:
        """What the event is about, as a number: events about the same subject keep their order."""
        raise NotImplementedError(f"{type(self).__name__} is a kind of event, not an event")


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupEvent(Event):
    """Something that happened in one group."""

    group_id: str
    group_name: str = ""

    @property
    def subject(self) -> int:
        return group_key(self.account, self.group_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactEvent(Event):
    """Something between one colleague and one person outside, in no group."""

    person: Person
    staff_id: str

    @property
    def subject(self) -> int:
        return person_key(self.account, self.person.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffEvent(Event):
    """Something a colleague did, or that was done to their account, in no group."""

    staff_id: str

    @property
    def subject(self) -> int:
        return person_key(self.account, self.staff_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class MessagePosted(GroupEvent):
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
class MessageRecalled(GroupEvent):
    message_id: str | None
    by: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberJoined(GroupEvent):
    member: Person
    way: str = ""
    """How they came: "invited", "link", "code", "request", "added" or what the carrier calls it; "" where it does not say."""
    inviter: Person | None = None
    source: str = ""
    """What the live code or link they came by was given as its source: our own words, as we gave them to the carrier."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberLeft(GroupEvent):
    member: Person
    removed_by: Person | None = None
    removed: bool = False
    """They did not go by themselves: for carriers which say that but not by whom."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberRenamed(GroupEvent):
    member: Person
    before: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupCreated(GroupEvent):
    by: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupRenamed(GroupEvent):
    before: str = ""
    by: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupDissolved(GroupEvent):
    """The group is no more: nobody is in it, nothing can be said there."""

    by: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnerChanged(GroupEvent):
    owner: Person
    before: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RedPacketClaimed(GroupEvent):
    """`message_id` is the packet's message where the carrier says which; the packet itself is a `MessagePosted`."""

    member: Person
    message_id: str | None = None
    sender: Person | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticePosted(GroupEvent):
    """Words of the carrier itself ("the group was muted") that no other event covers: kept, never counted as talk."""

    text: str
    by: Person | None = None
    pinned: bool = False
    """It is what is pinned up in the group from now on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderPaid(GroupEvent):
    """An order by a member of the group. `amount` is in the smallest unit of `currency`."""

    member: Person
    order_id: str
    amount: int
    currency: str = "CNY"
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactAdded(ContactEvent):
    """A colleague and a person have become contacts, and may write to each other."""

    way: str = ""
    """How: "code", "link", "request" or what the carrier calls it; "" where it does not say."""
    source: str = ""
    """What the contact code or link they came by was given as its source: our own words, as we gave them to the carrier."""
    code: str = ""
    """Lets us welcome them once, where the carrier gives such a thing; nobody else may see it."""
    code_expires_at: datetime | None = None
    mutual: bool = True
    """False: the person added the colleague, who has not added them back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactChanged(ContactEvent):
    """What the colleague notes about the person is different. None: the carrier did not say what it is now."""

    remark: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactLost(ContactEvent):
    by_customer: bool
    """The person took the colleague out, and not the other way round."""
    handed_over: bool = False
    """A colleague has them now."""


class StaffChange(StrEnum):
    ARRIVED = "arrived"
    CHANGED = "changed"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffChanged(StaffEvent):
    """The carrier's directory of colleagues is different."""

    change: StaffChange
    name: str = ""
    """"": the carrier does not say, or it is what it was."""
    new_id: str = ""
    """From now on the carrier calls them so."""
    active: bool | None = None
    """Whether they can use the carrier; None where it does not say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffAnswered(StaffEvent):
    """A colleague tapped a choice on a card we sent them."""

    task: str
    """What we called the card when it was sent."""
    choice: str
    """Key of the choice."""
    code: str = ""
    """Lets us change the card once, where the carrier gives such a thing."""


GROUP_EVENTS: dict[str, type[GroupEvent]] = {
    kind.__name__: kind
    for kind in (
        MessagePosted,
        MessageRecalled,
        MemberJoined,
        MemberLeft,
        MemberRenamed,
        GroupCreated,
        GroupRenamed,
        GroupDissolved,
        OwnerChanged,
        RedPacketClaimed,
        NoticePosted,
        OrderPaid,
    )
}
"""What happens in groups: this is what history keeps."""

CONTACT_EVENTS: dict[str, type[ContactEvent]] = {kind.__name__: kind for kind in (ContactAdded, ContactChanged, ContactLost)}

STAFF_EVENTS: dict[str, type[StaffEvent]] = {kind.__name__: kind for kind in (StaffChanged, StaffAnswered)}

EVENTS: dict[str, type[Event]] = {**GROUP_EVENTS, **CONTACT_EVENTS, **STAFF_EVENTS}
