"""What a page of a carrier's roster says about people, groups and places, folded by key before any row is touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from huoqun.vocabulary.ids import Account, group_key, person_key
from huoqun.vocabulary.roster import AllKnownTo, ColleagueSeen, GroupSeen, KnownBy, MemberSeen, PersonSeen, Seen


@dataclass(slots=True)
class Listed:
    """Everything by key. Whoever was erased is in none of it."""

    names: dict[int, str] = field(default_factory=dict)
    """Of everybody; "" where the carrier did not say."""
    native: dict[int, str] = field(default_factory=dict)
    house: set[int] = field(default_factory=set)
    groups: dict[int, GroupSeen] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)
    members: dict[int, dict[int, MemberSeen]] = field(default_factory=dict)
    """By group, then by person."""
    inviters: dict[int, dict[int, int]] = field(default_factory=dict)
    """By group, then by member."""
    known: dict[tuple[int, int], KnownBy] = field(default_factory=dict)
    """What a colleague notes about a person."""
    all_known: dict[int, frozenset[str]] = field(default_factory=dict)
    """By colleague, the carrier's own ids of everybody they know."""


class Folding:
    """Folds the records of one account."""

    def __init__(self, account: Account, erased: Collection[int]) -> None:
        self.account = account
        self.erased = erased
        self.listed = Listed()
        self._keys: dict[str, int | None] = {}

    def take(self, records: Iterable[Seen]) -> Listed:
        for record in records:
            match record:
                case ColleagueSeen():
                    self._house(record.id, record.name)
                case PersonSeen():
                    self._person_known(record)
                case AllKnownTo():
                    self._all_known(record)
                case GroupSeen():
                    self._group(record)
        return self.listed

    def _somebody(self, native_id: str, name: str = "") -> int | None:
        """The key; None for nobody and for whoever was erased."""
        if native_id not in self._keys:
            key = int(person_key(self.account, native_id))
            self._keys[native_id] = None if not native_id or key in self.erased else key
        key_or_none = self._keys[native_id]
        if key_or_none is not None and (name or key_or_none not in self.listed.names):
            self.listed.names[key_or_none] = name
            self.listed.native[key_or_none] = native_id
        return key_or_none

    def _house(self, native_id: str, name: str = "") -> None:
        key = self._somebody(native_id, name)
        if key is not None:
            self.listed.house.add(key)

    def _person_known(self, person: PersonSeen) -> None:
        key = self._somebody(person.id, person.name)
        if key is None:
            return
        for known in person.known_by:
            self._house(known.staff_id)
            staff = self._keys[known.staff_id]
            if staff is not None:
                self.listed.known[staff, key] = known

    def _all_known(self, known: AllKnownTo) -> None:
        self._house(known.staff_id)
        staff = self._keys[known.staff_id]
        if staff is not None:
            self.listed.all_known[staff] = frozenset(known.people)

    def _group(self, group: GroupSeen) -> None:
        key = int(group_key(self.account, group.id))
        self.listed.groups[key] = replace(group, members=())
        self._members(key, group.members)
        owner = self._somebody(group.owner)
        if owner is not None:
            self.listed.owners[key] = owner

    def _members(self, group: int, listed: Iterable[MemberSeen]) -> None:
        members: dict[int, MemberSeen] = {}
        inviters: dict[int, int] = {}
        self.listed.members[group], self.listed.inviters[group] = members, inviters
        for member in listed:
            person = self._somebody(member.id, member.name)
            if person is None:
                continue
            members[person] = member
            if member.house:
                self.listed.house.add(person)
            inviter = self._somebody(member.inviter) if member.inviter else None
            if inviter is not None:
                inviters[person] = inviter
