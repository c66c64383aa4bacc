"""Groups, people and memberships from what happened, in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huoqun.community import queries
from huoqun.community.errors import ErasedMeanwhile
from huoqun.community.forgotten import Forgotten
from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.community.operations import labels
from huoqun.community.operations.rewriting import rewrite
from huoqun.community.parts import parts
from huoqun.community.rules import Presence, after_join, after_leave
from huoqun.community.sightings import Named, SeenGroup, SeenPlace, Sightings
from huoqun.vocabulary.events import GroupEvent


@dataclass(frozen=True, slots=True)
class Taken:
    """What a batch brought."""

    groups: int
    people: int
    memberships: int


def take_in(community: Community, happened: Iterable[GroupEvent], *, now: datetime, import_id: int | None = None) -> Taken:
    """Make every group, person and membership the events speak of known. All events are of `community`.

    Taking the same events in again changes nothing, and their order does not matter. Erased people stay erased.
    """
    happened = list(happened)
    while True:
        seen = Sightings()
        seen.take(Forgotten(queries.erased_keys(community.slug)).left_of_all(happened))
        # Somebody erased after that question may have been made anew: then all is undone and looked at again.
        with suppress(ErasedMeanwhile):
            return keep(community, seen, now=now, import_id=import_id)


def keep(community: Community, seen: Sightings, *, now: datetime, import_id: int | None = None) -> Taken:
    """Write what was seen, in one transaction. See `take_in`. Raises ErasedMeanwhile where that would bring somebody back."""
    with transaction.atomic():
        people = _keep_people(community, seen, import_id)
        groups = _keep_groups(community, seen, import_id)
        memberships = _keep_places(seen, import_id)
        _empty_dissolved(seen)
        bots = [key for key, person in seen.people.items() if person.bot]
        if bots or people:
            labels.by_carrier(community, bots, now=now)
            labels.by_rules(community, now=now, only=list(seen.people))
        if not queries.erased_keys(community.slug).isdisjoint(seen.people):
            raise ErasedMeanwhile
    return Taken(groups, people, memberships)


def _keep_people(community: Community, seen: Sightings, import_id: int | None) -> int:
    known = {row.key: row for keys in parts(seen.people) for row in Identity.objects.filter(key__in=keys)}
    _rename_people([row for key, row in known.items() if _rename(row, seen.people[key])])
    new = [key for key in seen.people if key not in known]
    for keys in parts(new):
        persons = Person.objects.bulk_create(Person(community=community, name=seen.people[key].name) for key in keys)
        Identity.objects.bulk_create(
            Identity(person=person, community=community, key=key, import_id=import_id, **_names(seen.people[key]))
            for person, key in zip(persons, keys, strict=True)
        )
    return len(new)


def _rename_people(renamed: list[Identity]) -> None:
    """A person goes by the name last seen, unless staff gave them one of their own (a name no identity of theirs has)."""
    fresh_names = {row.person_id: row.name for row in renamed}
    rewrite(renamed, ["name", "named_at"], by=["key"])
    for part in parts(fresh_names):
        fresh = {person: fresh_names[person] for person in part}
        persons = [person for person in Person.objects.filter(id__in=fresh, named_by_staff=False) if fresh[person.id]]
        for person in persons:
            person.name = fresh[person.id]
        rewrite(persons, ["name"], by=["id"])


def _keep_groups(community: Community, seen: Sightings, import_id: int | None) -> int:
    known = {row.key: row for keys in parts(seen.groups) for row in Group.objects.filter(key__in=keys)}
    new = [key for key in seen.groups if key not in known]
    for keys in parts(new):
        Group.objects.bulk_create(
            Group(community=community, key=key, import_id=import_id, **_names(seen.groups[key])) for key in keys
        )
    owners = {group.owner for group in seen.groups.values() if group.owner}
    ids = dict(pair for keys in parts(owners) for pair in Identity.objects.filter(key__in=keys).values_list("key", "id"))
    told = {key: group for key, group in seen.groups.items() if key in known or _says_more(group)}
    rows = [row for keys in parts(told) for row in Group.objects.filter(key__in=keys)]
    changed = [row for row in rows if _learn(row, told[row.key], ids)]
    rewrite(changed, GROUP_FIELDS, by=["key"])
    return len(new)


GROUP_FIELDS = ["name", "named_at", "born_at", "dissolved_at", "owner", "notice", "noticed_at"]


def _says_more(seen: SeenGroup) -> bool:
    """Than what the group is called."""
    return bool(seen.owner or seen.born_at or seen.dissolved_at or seen.noticed_at)


LEARNED = [*GROUP_FIELDS[:-3], "owner_id", *GROUP_FIELDS[-2:]]


def _learn(row: Group, seen: SeenGroup, ids: dict[int, int]) -> bool:
    before = [getattr(row, name) for name in LEARNED]
    _rename(row, seen)
    if seen.born_at:
        row.born_at = min(filter(None, (row.born_at, seen.born_at)))
    if seen.dissolved_at:
        row.dissolved_at = seen.dissolved_at
    if seen.owner:
        row.owner_id = ids[seen.owner]
    if seen.noticed_at and (row.noticed_at is None or seen.noticed_at >= row.noticed_at):
        row.notice, row.noticed_at = seen.notice, seen.noticed_at
    return before != [getattr(row, name) for name in LEARNED]


def _keep_places(seen: Sightings, import_id: int | None) -> int:
    groups = dict(pair for keys in parts(seen.groups) for pair in Group.objects.filter(key__in=keys).values_list("key", "id"))
    ids = dict(pair for keys in parts(seen.people) for pair in Identity.objects.filter(key__in=keys).values_list("key", "id"))
    made = 0
    for spots in parts(sorted(seen.places)):
        wanted = {(groups[group], ids[person]): seen.places[group, person] for group, person in spots}
        rows = Membership.objects.filter(
            group__in={group for group, _ in wanted}, identity__in={identity for _, identity in wanted}
        )
        known = {(row.group_id, row.identity_id): row for row in rows}
        changed = [row for spot, row in known.items() if spot in wanted and _place(row, wanted[spot], ids)]
        rewrite(changed, PLACE_FIELDS, by=["group", "identity"])
        fresh = [Membership(group_id=g, identity_id=i, import_id=import_id) for g, i in wanted if (g, i) not in known]
        for row in fresh:
            _place(row, wanted[row.group_id, row.identity_id], ids)
        made += len(Membership.objects.bulk_create(fresh, batch_size=2_500))
    return made


def _empty_dissolved(seen: Sightings) -> None:
    """Nobody is left in a group that is no more."""
    for key, group in seen.groups.items():
        if group.dissolved_at:
            Membership.objects.filter(group__key=key, left_at__isnull=True).update(left_at=group.dissolved_at)


PLACE_FIELDS = ["nickname", "joined_at", "way", "source", "inviter", "left_at", "seen_at"]


def _place(row: Membership, seen: SeenPlace, ids: dict[int, int]) -> bool:
    before = [getattr(row, name) for name in PLACE_FIELDS]
    presence = Presence(row.joined_at, row.left_at)
    if seen.presence.joined_at:
        if row.joined_at is None or seen.presence.joined_at >= row.joined_at:
            row.way, row.source = seen.way[:32], seen.source[:64]
            row.inviter_id = ids[seen.inviter] if seen.inviter else None
        presence = after_join(presence, seen.presence.joined_at)
    if seen.presence.left_at:
        presence = after_leave(presence, seen.presence.left_at)
    row.joined_at, row.left_at = presence.joined_at, presence.left_at
    if seen.seen_at and (row.seen_at is None or seen.seen_at >= row.seen_at):
        row.seen_at = seen.seen_at
        row.nickname = (seen.nickname or row.nickname)[:200]
    return before != [getattr(row, name) for name in PLACE_FIELDS]


def _names(seen: Named) -> dict[str, object]:
    return {
        "carrier": seen.carrier,
        "native_id": seen.native_id[:200],
        "name": seen.name[:200],
        "named_at": seen.named_at,
    }


def _rename(row: Group | Identity, seen: Named) -> bool:
    if not seen.named_at or (row.named_at and seen.named_at < row.named_at):
        return False
    before = row.name
    row.name, row.named_at = seen.name[:200], seen.named_at
    return before != row.name
