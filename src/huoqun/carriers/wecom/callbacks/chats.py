"""Callbacks about customer groups. They say what happened, and to which ids; who that is and how they came must be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from huoqun.carriers.wecom.client.calls.groups import Group, Member
from huoqun.carriers.wecom.sync.words import moment, way_of
from huoqun.vocabulary import events
from huoqun.vocabulary.events import GroupEvent, Person
from huoqun.vocabulary.ids import Account

from .kinds import CHAT
from .told import Common, Told

CREATED = f"{CHAT}/create"
DISMISSED = f"{CHAT}/dismiss"
JOINED = f"{CHAT}/update/add_member"
LEFT = f"{CHAT}/update/del_member"
OWNER = f"{CHAT}/update/change_owner"
NAME = f"{CHAT}/update/change_name"
NOTICE = f"{CHAT}/update/change_notice"

KINDS = frozenset({CREATED, DISMISSED, JOINED, LEFT, OWNER, NAME, NOTICE})

STALE = "?"
"""As the known version of a group: our list of its members is not complete, the next reconciliation has to read it."""

_SCENES = {0: "invited", 3: "code"}
"""Of the event; the group's own list has other numbers."""

_REMOVED = 1

MEMBERS = "MemChangeList"


@dataclass(frozen=True, slots=True)
class Chat:
    """One group and what was told of it, in the order in which it came."""

    id: str
    told: tuple[Told, ...]
    version: str
    """Of the members as they are known here; "" where the group is not known at all."""

    @property
    def follows_on(self) -> str | None:
        """The version all that was told leads to, each step from where the last one ended; None where a step is missing."""
        changes = [one.fields for one in self.told if one.kind in {JOINED, LEFT}]
        if not all(fields.listed(MEMBERS) for fields in changes):
            return None
        steps = {fields.text("LastMemVer"): fields.text("CurMemVer") for fields in changes}
        here = self.version
        while steps and here in steps:
            here = steps.pop(here)
        return None if steps else here

    @property
    def is_gone(self) -> bool:
        return any(one.kind == DISMISSED for one in self.told)

    @property
    def must_be_asked(self) -> bool:
        """Leavers are told by the event alone, and of a group that is no more nobody can be asked."""
        if self.is_gone:
            return False
        return self.follows_on is None or any(one.kind != LEFT for one in self.told)


@dataclass(slots=True)
class Heard:
    """What became of it, and the version of the members as they are known now."""

    events: list[GroupEvent]
    version: str


def heard(chat: Chat, group: Group | None, account: Account) -> Heard:
    """`group`: as the carrier has it now; None where it was not asked or could not be."""
    telling = _Telling(chat, group, account)
    found = [event for one in chat.told for event in telling.events(one)]
    reached = chat.follows_on
    if chat.is_gone:
        return Heard(_once(found), chat.version)
    if group is None:
        return Heard(_once(found), STALE if chat.must_be_asked or reached is None else reached)
    if reached is None or not chat.version:
        # A step is missing. Who came is in the list of members; who left is not, so that somebody has to compare.
        found += telling.all_members(chat.told[-1])
        reached = STALE if chat.version else group.member_version
    return Heard(_once(found), reached)


def _once(found: Iterable[GroupEvent]) -> list[GroupEvent]:
    return list({event.source_id: event for event in found}.values())


class _Telling:
    def __init__(self, chat: Chat, group: Group | None, account: Account) -> None:
        self._chat, self._group, self._account = chat, group, account
        members: Sequence[Member] = group.member_list if group else ()
        self._members = {each.userid: each for each in members}

    def events(self, one: Told) -> Iterator[GroupEvent]:
        match one.kind:
            case kind if kind == JOINED:
                for member in one.fields.listed(MEMBERS):
                    yield self._joined(one, member)
            case kind if kind == LEFT:
                for member in one.fields.listed(MEMBERS):
                    yield self._left(one, member)
            case kind if kind == CREATED:
                yield events.GroupCreated(**self._where(one), by=self._owner())
                yield from self.all_members(one)
            case kind if kind == DISMISSED:
                yield events.GroupDissolved(**self._where(one))
            case kind if kind == OWNER and (owner := self._owner()):
                yield events.OwnerChanged(**self._where(one), owner=owner)
            case kind if kind == NAME and self._group and self._group.name:
                yield events.GroupRenamed(**self._where(one))
            case kind if kind == NOTICE and self._group:
                yield events.NoticePosted(**self._where(one), text=self._group.notice, pinned=True)

    def all_members(self, one: Told) -> Iterator[GroupEvent]:
        return (self._joined(one, member) for member in self._members)

    def _where(self, one: Told, part: str = "") -> _Where:
        return {
            **one.common(self._account, part),
            "group_id": self._chat.id,
            "group_name": self._group.name if self._group else "",
        }

    def _joined(self, one: Told, who: str) -> GroupEvent:
        member = self._members.get(who)
        at = moment(member.join_time) if member else None
        if member is None or at is None:
            scene = one.fields.number("JoinScene")
            return events.MemberJoined(
                **self._where(one, who), member=Person(id=who), way="" if scene is None else _SCENES.get(scene, str(scene))
            )
        # Named after the joining and not after the delivery: it is the same one, however we learn of it.
        where = self._where(one) | {"source_id": f"join:{self._chat.id}:{who}:{member.join_time}", "at": at}
        return events.MemberJoined(
            **where,
            member=Person(id=who, name=member.name or member.group_nickname),
            way=way_of(member.join_scene),
            inviter=self._inviter(member),
            source=member.state,
        )

    def _left(self, one: Told, who: str) -> GroupEvent:
        removed = one.fields.number("QuitScene") == _REMOVED
        return events.MemberLeft(**self._where(one, who), member=Person(id=who), removed=removed)

    def _inviter(self, member: Member) -> Person | None:
        return self._named(member.invitor.userid) if member.invitor and member.invitor.userid else None

    def _owner(self) -> Person | None:
        return self._named(self._group.owner) if self._group and self._group.owner else None

    def _named(self, who: str) -> Person:
        member = self._members.get(who)
        return Person(id=who, name=member.name if member else "")


class _Where(Common):
    group_id: str
    group_name: str
