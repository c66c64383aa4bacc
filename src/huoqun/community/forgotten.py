"""Who was erased stays erased: what is read or heard of them again is left out. Plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from huoqun.vocabulary import events as ev
from huoqun.vocabulary.events import Event, Person
from huoqun.vocabulary.ids import Account, person_key

E = TypeVar("E", bound=Event)


class Forgotten:
    """Erased people, by key, and what is left of events that speak of them.

    What somebody said or did goes. Where they only invited, removed, recalled, sent the packet, are mentioned or answered, the
    event stays without them. A group's birth and names are the group's and stay without whoever gave them.
    """

    def __init__(self, erased: Collection[int]) -> None:
        self.keys = frozenset(erased)
        # Hashing an author again for every message they wrote would cost more than all the rest.
        self._known: dict[tuple[str, str, str], bool] = {}

    def left_of_all(self, happened: Iterable[E]) -> list[E]:
        if not self.keys:
            return list(happened)
        return [left for event in happened if (left := self.left_of(event)) is not None]

    def left_of(self, event: E) -> E | None:
        if (doer := _DOERS.get(type(event))) and self._is_gone(getattr(event, doer), event.account):
            return None
        others = _OTHERS.get(type(event), ())
        changes: dict[str, Any] = {role: None for role in others if self._is_gone(getattr(event, role), event.account)}
        if isinstance(event, ev.MessagePosted) and event.mentions:
            left = tuple(each for each in event.mentions if not self._is_gone(each, event.account))
            changes |= {"mentions": left} if left != event.mentions else {}
        return replace(event, **changes) if changes else event

    def _is_gone(self, somebody: Person | str | None, account: Account) -> bool:
        if somebody is None:
            return False
        native_id = somebody.id if isinstance(somebody, Person) else somebody
        who = (account.community, account.carrier, native_id)
        if who not in self._known:
            self._known[who] = person_key(account, native_id) in self.keys
        return self._known[who]


_DOERS: dict[type[Event], str] = {
    ev.MessagePosted: "author",
    ev.MemberJoined: "member",
    ev.MemberLeft: "member",
    ev.MemberRenamed: "member",
    ev.OwnerChanged: "owner",
    ev.RedPacketClaimed: "member",
    ev.OrderPaid: "member",
    # The carrier's words about what somebody did name them.
    ev.NoticePosted: "by",
    ev.ContactAdded: "person",
    ev.ContactChanged: "person",
    ev.ContactLost: "person",
    ev.StaffChanged: "staff_id",
    ev.StaffAnswered: "staff_id",
}
"""Whose event it is: it goes with them."""

_OTHERS: dict[type[Event], tuple[str, ...]] = {
    ev.MessagePosted: ("reply_to_author",),
    ev.MessageRecalled: ("by",),
    ev.MemberJoined: ("inviter",),
    ev.MemberLeft: ("removed_by",),
    ev.GroupCreated: ("by",),
    ev.GroupRenamed: ("by",),
    ev.GroupDissolved: ("by",),
    ev.OwnerChanged: ("before",),
    ev.RedPacketClaimed: ("sender",),
}
"""Who else is named in it: only the name goes."""
