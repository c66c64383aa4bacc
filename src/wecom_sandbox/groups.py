"""Customer groups: the beginning, and over it what has changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .clock import Clock
from .directory import Staff
from .errors import Refusal
from .records import Member
from .world.rosters import Rosters

NORMAL, RESIGNED, INHERITING, INHERITED = 0, 1, 2, 3


@dataclass(slots=True)
class Group:
    chat_id: str
    name: str
    owner: str
    create_time: int
    notice: str = ""
    admins: list[str] = field(default_factory=list)
    status: int = NORMAL
    dismissed_at: int = 0
    number: int = -1
    """Its number in the beginning; -1: made since."""
    changes: int = 0
    """Of its member list."""
    members: dict[str, Member] | None = None
    """None: still as in the beginning."""
    left: list[tuple[str, int, int]] = field(default_factory=list)
    """(member, joined at, left at)"""
    transfers: list[int] = field(default_factory=list)
    """When it was handed over on the job."""

    @property
    def version(self) -> str:
        return hashlib.md5(f"{self.chat_id}/{self.changes}".encode(), usedforsecurity=False).hexdigest()


class Groups:
    def __init__(self, rosters: Rosters, clock: Clock) -> None:
        self._rosters = rosters
        self._clock = clock
        self._of_id: dict[str, Group] = {}
        self._order: list[Group] = []
        for number in range(rosters.groups):
            self._keep(self._first(number))

    def ever(self) -> list[Group]:
        """Also the dismissed ones."""
        return list(self._order)

    def _first(self, number: int) -> Group:
        rosters = self._rosters
        return Group(
            rosters.id_of(number),
            rosters.name(number),
            rosters.owner(number),
            rosters.create_time(number),
            rosters.notice(number),
            rosters.admins(number),
            number=number,
        )

    def _keep(self, group: Group) -> Group:
        self._of_id[group.chat_id] = group
        self._order.append(group)
        return group

    def add(self, group: Group) -> Group:
        if group.members is None:
            group.members = {}
        return self._keep(group)

    def find(self, chat_id: str) -> Group | None:
        found = self._of_id.get(chat_id)
        return None if found is None or found.dismissed_at else found

    def get(self, chat_id: str) -> Group:
        """Raises Refusal(90501)."""
        found = self.find(chat_id)
        if found is None:
            raise Refusal(90501)
        return found

    def walk(self, start: int = 0) -> Iterator[tuple[int, Group]]:
        """From a place on, in the order in which they were made; a group keeps its place."""
        for place in range(start, len(self._order)):
            if not self._order[place].dismissed_at:
                yield place, self._order[place]

    def owned_by(self, userid: str) -> list[Group]:
        return [group for _, group in self.walk() if group.owner == userid]

    def __len__(self) -> int:
        return sum(1 for _ in self.walk())

    def renamed(self, before: str, userid: str) -> None:
        """A colleague has another userid from now on."""
        self._rosters.renamed(before, userid)
        for group in self._order:
            group.owner = userid if group.owner == before else group.owner
            group.admins = [userid if one == before else one for one in group.admins]
            if group.members is not None and before in group.members:
                group.members[before].id = userid
                group.members = {member.id: member for member in group.members.values()}

    # Members.

    def join_times(self, group: Group) -> list[int]:
        """Of those in the group, rising."""
        if group.members is None:
            return self._rosters.join_times(group.number)
        return sorted(member.join_time for member in group.members.values())

    def members(self, group: Group) -> Iterable[Member]:
        return group.members.values() if group.members is not None else self._rosters.roster(group.number)

    def size(self, group: Group) -> int:
        return len(group.members) if group.members is not None else self._rosters.size(group.number)

    def first_size(self, number: int) -> int:
        return self._rosters.size(number)

    def own_members(self, group: Group) -> dict[str, Member]:
        """Those whose changes last."""
        if group.members is None:
            group.members = {member.id: member for member in self._rosters.roster(group.number)}
        return group.members

    def is_in(self, group: Group, person: str) -> bool:
        return person in self.own_members(group)

    def join(self, group: Group, newcomers: Iterable[Member]) -> tuple[str, str]:
        """The member version before and after."""
        members = self.own_members(group)
        before = group.version
        for member in newcomers:
            members[member.id] = member
        group.changes += 1
        return before, group.version

    def leave(self, group: Group, people: Iterable[str]) -> tuple[str, str]:
        members = self.own_members(group)
        before = group.version
        for person in people:
            gone = members.pop(person)
            group.left.append((person, gone.join_time, self._clock.now()))
            if person in group.admins:
                group.admins.remove(person)
        group.changes += 1
        return before, group.version

    def give(self, group: Group, new_owner: Staff) -> None:
        """The new owner is in the group afterwards; a former one who has left the company no more."""
        members = self.own_members(group)
        if new_owner.userid not in members:
            self.join(group, [Member(new_owner.userid, 1, self._clock.now(), new_owner.name)])
        if group.status == RESIGNED and group.owner in members:
            self.leave(group, [group.owner])
        if new_owner.userid in group.admins:
            group.admins.remove(new_owner.userid)
        group.owner = new_owner.userid
