"""What rooms ask of carriers: one frozen class a kind of action. `docs/actions.md` has a line for each; a test compares.

Ids inside an action are the carrier's own text ids, as in events. An action says what shall be true afterwards, never how a
carrier does it; what a carrier cannot do is prepared for a person instead. Times are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .ids import Account


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    url: str
    title: str = ""
    description: str = ""
    picture: str = ""
    """Upload id of the picture shown beside it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """What people will read: ready, with every name and number filled in."""

    text: str = ""
    pictures: tuple[str, ...] = ()
    """Upload ids, in the order in which they are shown."""
    link: Link | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """Something to be done through one account."""

    account: Account


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupAction(Action):
    group_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonAction(Action):
    member_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PostToGroup(GroupAction):
    body: Body
    mentions: tuple[str, ...] = ()
    """Ids of the members addressed."""
    reply_to: str | None = None
    """Id of the message answered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PinMessage(GroupAction):
    message_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SetNotice(GroupAction):
    """The notice of the group reads `text`; "" takes it away."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RecallMessage(GroupAction):
    message_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoveMember(GroupAction):
    member_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MuteMember(GroupAction):
    member_id: str
    until: datetime | None
    """None lets the member speak again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RenameGroup(GroupAction):
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MakeJoinLink(GroupAction):
    """A link by which people come in; the outcome's `message_id` is the link."""

    expires_at: datetime | None = None
    uses: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DissolveGroup(GroupAction):
    pass


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOverGroup(GroupAction):
    """The group belongs to a colleague from now on."""

    to_staff_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageMember(PersonAction):
    body: Body
    group_id: str = ""
    """The group they are known from, for carriers which write to members of a group only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WelcomeMember(PersonAction):
    """The first words to somebody new. `code` is what the carrier gave with their coming, where it gives one."""

    code: str
    body: Body


@dataclass(frozen=True, kw_only=True, slots=True)
class TagMember(PersonAction):
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerJoinRequest(PersonAction):
    request_id: str
    admit: bool
    reason: str = ""
    """Told to somebody who is turned away, where the carrier can tell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageStaff(Action):
    staff_id: str
    body: Body


ACTIONS: dict[str, type[Action]] = {
    kind.__name__: kind
    for kind in (
        PostToGroup,
        PinMessage,
        SetNotice,
        RecallMessage,
        RemoveMember,
        MuteMember,
        RenameGroup,
        MakeJoinLink,
        DissolveGroup,
        HandOverGroup,
        MessageMember,
        WelcomeMember,
        TagMember,
        AnswerJoinRequest,
        MessageStaff,
    )
}

_REACHING = (PostToGroup, SetNotice, MessageMember, WelcomeMember)


def target(action: Action) -> str:
    """Whom it is for, as one word: "group/<id>", "person/<id>" or "staff/<id>"."""
    match action:
        case GroupAction(group_id=group_id):
            return f"group/{group_id}"
        case PersonAction(member_id=member_id):
            return f"person/{member_id}"
        case MessageStaff(staff_id=staff_id):
            return f"staff/{staff_id}"
    raise TypeError(f"{type(action).__name__} is for no group, no person and no colleague")


def reaches_people(action: Action) -> bool:
    """Members notice it, so that it counts for the caps on how often they may be disturbed."""
    return isinstance(action, _REACHING)
