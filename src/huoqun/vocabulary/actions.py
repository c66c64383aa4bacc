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
class Choice:
    """A button under a message to a colleague."""

    key: str
    """What the answer says."""
    title: str


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
    """A link or live code by which people come in. The outcome's `message_id` is what the carrier calls it, its `link` where it
    is opened; where the carrier calls it by the link itself, `link` is empty.
    """

    expires_at: datetime | None = None
    uses: int | None = None
    more_group_ids: tuple[str, ...] = ()
    """Groups that are filled after this one, in this order."""
    title: str = ""
    """What colleagues call it; those who come in do not see it."""
    source: str = ""
    """Comes back with everybody who comes in by it."""
    new_groups: str = ""
    """When all are full, new groups of this name and a number are made; "" makes none."""
    first_number: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeJoinLink(Action):
    """The link leads to these groups from now on and is as this says, in all of it."""

    link_id: str
    group_ids: tuple[str, ...]
    title: str = ""
    source: str = ""
    new_groups: str = ""
    first_number: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class EndJoinLink(Action):
    """Nobody comes in by it any more."""

    link_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MakeContactLink(Action):
    """A code by which people add a colleague; of several the carrier chooses one. `message_id` and `link` as for join links."""

    staff_ids: tuple[str, ...]
    title: str = ""
    source: str = ""
    """Comes back with everybody who adds a colleague by it."""
    asks_first: bool = False
    """The colleague says yes before somebody is added."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeContactLink(Action):
    """The code leads to these colleagues from now on and is as this says, in all of it."""

    link_id: str
    staff_ids: tuple[str, ...]
    title: str = ""
    source: str = ""
    asks_first: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class EndContactLink(Action):
    link_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DissolveGroup(GroupAction):
    pass


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOverGroup(GroupAction):
    """The group belongs to a colleague from now on."""

    to_staff_id: str
    resigned: bool = False
    """Whoever it belonged to works here no more: carriers ask for that in another way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOverCustomer(PersonAction):
    """Another colleague is their contact from now on."""

    from_staff_id: str
    to_staff_id: str
    resigned: bool = False
    words: str = ""
    """What they are told of it, where the carrier tells them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageMember(PersonAction):
    body: Body
    group_id: str = ""
    """The group they are known from, for carriers which write to members of a group only."""
    staff_id: str = ""
    """The colleague it comes from, for carriers where people write to people; "" leaves it to the carrier."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WelcomeMember(PersonAction):
    """The first words to somebody new. `code` is what the carrier gave with their coming, where it gives one."""

    code: str
    body: Body


@dataclass(frozen=True, kw_only=True, slots=True)
class TagMember(PersonAction):
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    staff_id: str = ""
    """Whose contact they are, where tags belong to a contact; "": everybody's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerJoinRequest(PersonAction):
    request_id: str
    admit: bool
    reason: str = ""
    """Told to somebody who is turned away, where the carrier can tell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageStaff(Action):
    """With choices it is a card, and the answer comes back as `StaffAnswered`. The title of its link is its heading."""

    staff_id: str
    body: Body
    task: str = ""
    """What the answer is about, in the words of the room that asks; a name of its own for each card."""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseCard(Action):
    """A card with choices says how it ended; nobody can choose any more. `code` came with the answer."""

    staff_id: str
    code: str
    words: str
    """Short: it stands where the buttons were."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PostMoment(Action):
    """Colleagues' customers see it among what their friends share."""

    body: Body
    staff_ids: tuple[str, ...] = ()
    """Whose customers; none: everybody's."""
    tags: tuple[str, ...] = ()
    """Only customers who have one of them, by the carrier's ids; none: all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MakeGroupWelcome(Action):
    """First words for newcomers of groups are ready; colleagues put them into their groups in the app. `message_id` names them.
    `{name}` stands for the newcomer's name.
    """

    body: Body
    tells_owners: bool = True
    """Owners of groups hear that there is something new."""


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
        ChangeJoinLink,
        EndJoinLink,
        MakeContactLink,
        ChangeContactLink,
        EndContactLink,
        DissolveGroup,
        HandOverGroup,
        HandOverCustomer,
        MessageMember,
        WelcomeMember,
        TagMember,
        AnswerJoinRequest,
        MessageStaff,
        CloseCard,
        PostMoment,
        MakeGroupWelcome,
    )
}

_REACHING = (PostToGroup, SetNotice, MessageMember, WelcomeMember)


def target(action: Action) -> str:
    """Whom it is for, as one word: "group/<id>", "person/<id>", "staff/<id>", "link/<id>", or "account/<name>" for nobody in
    particular.
    """
    match action:
        case GroupAction(group_id=group_id):
            return f"group/{group_id}"
        case PersonAction(member_id=member_id):
            return f"person/{member_id}"
        case MessageStaff(staff_id=staff_id) | CloseCard(staff_id=staff_id):
            return f"staff/{staff_id}"
        case ChangeJoinLink() | EndJoinLink() | ChangeContactLink() | EndContactLink():
            return f"link/{action.link_id}"
        case MakeContactLink() | PostMoment() | MakeGroupWelcome():
            return f"account/{action.account.name}"
    raise TypeError(f"{type(action).__name__} is for nobody we know of")


def reaches_people(action: Action) -> bool:
    """Members notice it, so that it counts for the caps on how often they may be disturbed."""
    return isinstance(action, _REACHING)
