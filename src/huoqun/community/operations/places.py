"""Who is in which group, as the carrier lists it: thousands of places compared with what is known, only differences written."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, cast

from huoqun.community.listing import Listed
from huoqun.community.models import Membership
from huoqun.community.operations.filling import amend, fill, moment, rows_of, stored
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


def keep(listed: Listed, ids: dict[int, int], groups: dict[int, int], new: Collection[int], *, at: datetime) -> Brought:
    """`ids`, `groups`: rows of the identities and groups by key. Every group of `listed.members` is listed with everybody in
    it; nobody can be known to be in those that are `new`.
    """
    found = Differences()
    for part in parts(listed.members, 100):
        known = _known([groups[key] for key in part if key not in new])
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


_Row = tuple[int, Any, Any, str, str, str, int | None]
"""A membership: its row, and what a place has, times as the database holds them (`filling.stored`)."""


def _known(groups: list[int]) -> dict[int, dict[int, _Row]]:
    """By group, then by identity."""
    known: dict[int, dict[int, _Row]] = {group: {} for group in groups}
    if groups:
        for group, identity, *row in rows_of(Membership, "group_id", groups, "group_id", "identity_id", "id", *COLUMNS):
            known[group][identity] = cast("_Row", tuple(row))
    return known


def _wanted(key: int, listed: Listed, ids: dict[int, int]) -> Iterator[tuple[int, MemberSeen, int | None]]:
    inviters = listed.inviters.get(key, {})
    for person, member in listed.members[key].items():
        inviter = inviters.get(person)
        yield ids[person], member, ids[inviter] if inviter is not None else None


def _compare(
    group: int,
    wanted: Iterator[tuple[int, MemberSeen, int | None]],
    rest: dict[int, _Row],
    at: datetime,
    found: Differences,
) -> None:
    for identity, member, inviter in wanted:
        row = rest.pop(identity, None)
        if row is None:
            found.new.append((group, identity, _first(member, inviter)))
        elif not _says_the_same(row, member, inviter):
            before = _place(row)
            after = _described(before, member, inviter, at)
            if after != before:
                found.changed.append((row[0], after))
                found.back += before.left_at is not None and after.left_at is None
    found.absent.update((row[0], _place(row)) for row in rest.values() if row[2] is None)


def _place(row: _Row) -> Place:
    _, joined_at, left_at, nickname, way, source, inviter = row
    return Place(moment(joined_at), moment(left_at), nickname, way, source, inviter)


def _says_the_same(row: _Row, member: MemberSeen, inviter: int | None) -> bool:
    """Nearly all do, night after night: without making a time of a text for each. False: perhaps not."""
    _, joined_at, left_at, nickname, way, source, inviter_id = row
    return (
        left_at is None
        and joined_at == stored(member.joined_at)
        and (not member.nickname or member.nickname == nickname)
        and (not member.way or member.way == way)
        and (not member.source or member.source == source)
        and (inviter is None or inviter == inviter_id)
    )


def _first(member: MemberSeen, inviter: int | None) -> Place:
    """Of somebody who was not there before."""
    return Place(member.joined_at, None, member.nickname[:200], member.way[:32], member.source[:64], inviter)


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
