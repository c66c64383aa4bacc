"""What a batch of events says about groups, people and their places, folded together before any row is touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from huoqun.community.rules import Presence, after_join, after_leave
from huoqun.vocabulary import events
from huoqun.vocabulary.events import GroupEvent, Person
from huoqun.vocabulary.ids import Account, group_key, person_key


@dataclass(slots=True)
class Named:
    """Something with an id on a carrier and the name it was last seen under."""

    carrier: str
    native_id: str
    name: str = ""
    named_at: datetime | None = None

    def call(self, name: str, at: datetime) -> None:
        if name and (self.named_at is None or at >= self.named_at):
            self.name, self.named_at = name, at


@dataclass(slots=True)
class SeenGroup(Named):
    born_at: datetime | None = None
    dissolved_at: datetime | None = None
    owner: int | None = None
    owned_at: datetime | None = None
    notice: str = ""
    noticed_at: datetime | None = None

    def pin_up(self, text: str, at: datetime) -> None:
        if self.noticed_at is None or at >= self.noticed_at:
            self.notice, self.noticed_at = text, at


@dataclass(slots=True)
class SeenPerson(Named):
    bot: bool = False


@dataclass(slots=True)
class SeenPlace:
    """Somebody in a group."""

    presence: Presence = field(default_factory=Presence)
    nickname: str = ""
    way: str = ""
    source: str = ""
    inviter: int | None = None
    seen_at: datetime | None = None

    def see(self, at: datetime, name: str) -> None:
        if self.seen_at is None or at >= self.seen_at:
            self.seen_at = at
            self.nickname = name or self.nickname


class Sightings:
    """Folds events of one community. The order of events does not matter; seeing one twice changes nothing."""

    def __init__(self) -> None:
        self.groups: dict[int, SeenGroup] = {}
        self.people: dict[int, SeenPerson] = {}
        self.places: dict[tuple[int, int], SeenPlace] = {}
        self._keys: dict[tuple[str, str], int] = {}

    def take(self, happened: Iterable[GroupEvent]) -> None:
        for event in happened:
            key = self._group(event)
            match event:
                case events.MessagePosted():
                    self._speak(event, key)
                case events.MemberJoined():
                    self._join(event, key)
                case events.MemberLeft():
                    place = self._place(key, event.account, event.member, event.at)
                    place.presence = after_leave(place.presence, event.at)
                case events.MemberRenamed() | events.RedPacketClaimed() | events.OrderPaid():
                    self._place(key, event.account, event.member, event.at)
                case events.OwnerChanged():
                    self._owned(event, key)
                case events.GroupCreated():
                    self._born(event, key)
                case events.GroupDissolved():
                    group = self.groups[key]
                    group.dissolved_at = max(filter(None, (group.dissolved_at, event.at)))
                case events.NoticePosted(pinned=True):
                    self.groups[key].pin_up(event.text, event.at)
                case events.GroupRenamed() | events.MessageRecalled() | events.NoticePosted():
                    pass

    def meet(self, account: Account, person: Person, at: datetime) -> int:
        """Somebody is known, in no group. Returns their key."""
        return self._person(account, person, at)

    def _group(self, event: GroupEvent) -> int:
        key = self._key("group", event.account, event.group_id)
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = SeenGroup(event.account.carrier, event.group_id)
        group.call(event.group_name, event.at)
        return key

    def _person(self, account: Account, person: Person, at: datetime) -> int:
        key = self._key("person", account, person.id)
        seen = self.people.get(key)
        if seen is None:
            seen = self.people[key] = SeenPerson(account.carrier, person.id)
        seen.call(person.name, at)
        return key

    def _place(self, group: int, account: Account, person: Person, at: datetime) -> SeenPlace:
        spot = (group, self._person(account, person, at))
        place = self.places.get(spot)
        if place is None:
            place = self.places[spot] = SeenPlace()
        place.see(at, person.name)
        return place

    def _speak(self, event: events.MessagePosted, group: int) -> None:
        self._place(group, event.account, event.author, event.at)
        if event.house:
            self.people[self._key("person", event.account, event.author.id)].bot = True

    def _join(self, event: events.MemberJoined, group: int) -> None:
        place = self._place(group, event.account, event.member, event.at)
        before = place.presence.joined_at
        place.presence = after_join(place.presence, event.at)
        if before is None or event.at >= before:
            place.way, place.source = event.way, event.source
            place.inviter = self._person(event.account, event.inviter, event.at) if event.inviter else None

    def _owned(self, event: events.OwnerChanged, group: int) -> None:
        seen = self.groups[group]
        self._place(group, event.account, event.owner, event.at)
        if seen.owned_at is None or event.at >= seen.owned_at:
            seen.owner, seen.owned_at = self._key("person", event.account, event.owner.id), event.at

    def _born(self, event: events.GroupCreated, group: int) -> None:
        seen = self.groups[group]
        seen.born_at = min(filter(None, (seen.born_at, event.at)))
        if event.by and seen.owner is None:
            seen.owner, seen.owned_at = self._person(event.account, event.by, event.at), event.at

    def _key(self, kind: str, account: Account, native_id: str) -> int:
        # Hashing a million authors again for every message they wrote would cost more than all the rest.
        short = (f"{kind}/{account.carrier}", native_id)
        key = self._keys.get(short)
        if key is None:
            made = group_key(account, native_id) if kind == "group" else person_key(account, native_id)
            key = self._keys[short] = int(made)
        return key
