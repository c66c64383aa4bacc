"""Who is in which group, as the carrier lists it: thousands of places compared with what is known, only differences written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from huoqun.community.listing import Listed
from huoqun.community.models import Group, Membership
from huoqun.community.operations.filling import amend, fill
from huoqun.community.parts import parts
from huoqun.community.rules import Presence, while_listed, while_not_listed
from huoqun.vocabulary.roster import Brought, MemberSeen


class Place(NamedTuple):
    """A membership as its row has it."""

    joined_at: datetime | None = None
    left_at: datetime | None = None
    nickname: str = ""
    way: str = ""
    source: str = ""
    inviter_id: int | None = None

    @property
    def presence(self) -> Presence:
        return Presence(self.joined_at, self.left_at)

    def while_at(self, presence: Presence) -> Place:
        return self._replace(joined_at=presence.joined_at, left_at=presence.left_at)


COLUMNS = Place._fields


@dataclass(slots=True)
class Differences:
    """What has to be written."""

    new: list[tuple[int, int, Place]] = field(default_factory=list)
    """Group, identity, place."""
    changed: list[tuple[int, Place]] = field(default_factory=list)
    """Row of the membership, place."""
    absent: dict[int, Place] = field(default_factory=dict)
    """By row, those who are not listed."""
    back: int = 0


def keep(listed: Listed, ids: dict[int, int], *, at: datetime) -> Brought:
    """`ids`: rows of the identities by key. Every group of `listed.members` is known and is listed with everybody in it."""
    groups = {
        key: row for part in parts(listed.members) for key, row in Group.objects.filter(key__in=part).values_list("key", "id")
    }
    found = Differences()
    for part in parts(listed.members, 100):
        known = _known([groups[key] for key in part])
        for key in part:
            _compare(groups[key], _wanted(key, listed, ids), known.get(groups[key], {}), at, found)
    columns = ("group_id", "identity_id", "seen_at", *COLUMNS)
    fill(Membership, columns, ((group, who, place.joined_at or at, *place) for group, who, place in found.new))
    amend(Membership, COLUMNS, ((row, *place) for row, place in found.changed))
    return Brought(joined=len(found.new) + found.back, left=_let_go(found.absent, at))


def _let_go(absent: dict[int, Place], at: datetime) -> int:
    gone: list[tuple[int, datetime | None]] = []
    for part in parts(absent):
        for row, seen_at in Membership.objects.filter(id__in=part).values_list("id", "seen_at"):
            before = absent[row].presence
            after = while_not_listed(before, seen_at, at)
            if after != before:
                gone.append((row, after.left_at))
    return amend(Membership, ("left_at",), gone)


def _known(groups: list[int]) -> dict[int, dict[int, tuple[int, Place]]]:
    """By group, then by identity."""
    known: dict[int, dict[int, tuple[int, Place]]] = {}
    rows = Membership.objects.filter(group_id__in=groups).values_list("group_id", "identity_id", "id", *COLUMNS)
    for group, identity, row, *place in rows.iterator(10_000):
        known.setdefault(group, {})[identity] = (row, Place(*place))
    return known


def _wanted(key: int, listed: Listed, ids: dict[int, int]) -> Iterator[tuple[int, MemberSeen, int | None]]:
    for person, member in listed.members[key].items():
        inviter = listed.inviters.get((key, person))
        yield ids[person], member, ids[inviter] if inviter is not None else None


def _compare(
    group: int,
    wanted: Iterator[tuple[int, MemberSeen, int | None]],
    known: dict[int, tuple[int, Place]],
    at: datetime,
    found: Differences,
) -> None:
    rest = dict(known)
    for identity, member, inviter in wanted:
        if identity not in rest:
            found.new.append((group, identity, _described(Place(), member, inviter, at)))
            continue
        row, before = rest.pop(identity)
        after = _described(before, member, inviter, at)
        if after != before:
            found.changed.append((row, after))
            found.back += before.left_at is not None and after.left_at is None
    found.absent.update((row, place) for row, place in rest.values() if place.left_at is None)


def _described(before: Place, member: MemberSeen, inviter: int | None, at: datetime) -> Place:
    """What the list does not say stays as it was."""
    place = before.while_at(while_listed(before.presence, member.joined_at, at))
    stays = place.joined_at == before.joined_at
    return place._replace(
        nickname=member.nickname[:200] or before.nickname,
        way=member.way[:32] or (before.way if stays else ""),
        source=member.source[:64] or (before.source if stays else ""),
        inviter_id=inviter or (before.inviter_id if stays else None),
    )
