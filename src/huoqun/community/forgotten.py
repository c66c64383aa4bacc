"""Who was erased stays erased: what an export or a carrier says of them again is left out. Plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from huoqun.vocabulary import events as ev
from huoqun.vocabulary.events import Event, Person
from huoqun.vocabulary.ids import Account, person_key

Knows = Callable[[Account, str], bool]


def without(happened: Iterable[Event], erased: Collection[int]) -> list[Event]:
    """The events without those of erased people (by key), and without their names in events of others.

    What somebody said or did goes. Where they only invited, removed, recalled, sent the packet, are mentioned or answered, the
    event stays without them. A group's birth and names are the group's and stay without whoever gave them.
    """
    if not erased:
        return list(happened)
    keys = frozenset(erased)

    @cache
    def gone(account: Account, author_id: str) -> bool:
        return person_key(account, author_id) in keys

    cleaned = (_cleaned(event, gone) for event in happened)
    return [event for event in cleaned if event is not None]


def _cleaned(event: Event, gone: Knows) -> Event | None:
    if (doer := _DOERS.get(type(event))) and _is_gone(getattr(event, doer), event.account, gone):
        return None
    changes: dict[str, Any] = {
        role: None for role in _OTHERS.get(type(event), ()) if _is_gone(getattr(event, role), event.account, gone)
    }
    if isinstance(event, ev.MessagePosted) and any(gone(event.account, each) for each in event.mentions):
        changes["mentions"] = tuple(each for each in event.mentions if not gone(event.account, each))
    return replace(event, **changes) if changes else event


def _is_gone(other: Person | str | None, account: Account, gone: Knows) -> bool:
    return other is not None and gone(account, other.id if isinstance(other, Person) else other)


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
}
"""Whose event it is: it goes with them."""

_OTHERS: dict[type[Event], tuple[str, ...]] = {
    ev.MessagePosted: ("reply_to_author",),
    ev.MessageRecalled: ("by",),
    ev.MemberJoined: ("inviter",),
    ev.MemberLeft: ("removed_by",),
    ev.GroupCreated: ("by",),
    ev.GroupRenamed: ("by",),
    ev.OwnerChanged: ("before",),
    ev.RedPacketClaimed: ("sender",),
}
"""Who else is named in it: only the name goes."""
