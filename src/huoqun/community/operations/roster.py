"""Who and what there is, as a carrier lists it, in bulk: the first sync, and what events have missed since."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from huoqun.community import queries
from huoqun.community.errors import ErasedMeanwhile
from huoqun.community.listing import Folding, Listed
from huoqun.community.models import Community, Group, House, Identity, Label, LabelSource, Person
from huoqun.community.operations import contacts_listed, labels, pinned, places
from huoqun.community.operations.filling import amend, fill, rows_of
from huoqun.community.parts import parts
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.roster import Brought, Seen


def take_roster(
    community: Community,
    account: Account,
    records: Iterable[Seen],
    *,
    at: datetime,
    now: datetime,
    then: Callable[[Brought], None] = lambda brought: None,
) -> Brought:
    """Make everything true that the carrier listed at `at`. Colleagues become house; who is not among a group's members any
    more has left. Taking the same records again changes nothing. Erased people stay erased. `then` is called in the same
    transaction, after everything else.
    """
    records = list(records)
    while True:
        erased = queries.erased_keys(community.slug)
        # Before the transaction: on the embedded database everybody else waits while it lasts.
        listed = Folding(account, erased).take(records)
        # Somebody erased after that question may have been made anew: then all is undone and looked at again.
        with suppress(ErasedMeanwhile), transaction.atomic():
            brought = _keep(community, account, listed, at=at, now=now)
            if not queries.erased_keys(community.slug) <= erased:
                raise ErasedMeanwhile
            then(brought)
            return brought


def _keep(community: Community, account: Account, listed: Listed, *, at: datetime, now: datetime) -> Brought:
    known = {}
    for part in parts(listed.names):
        known.update({key: (row, name) for key, row, name in rows_of(Identity, "key", part, "key", "id", "name")})
    new = _add_people(community, account, listed, [key for key in listed.names if key not in known], at)
    renamed = _rename({row: listed.names[key] for key, (row, name) in known.items() if _differs(listed.names[key], name)}, at)
    _mark_house(community, listed.house, now=now)
    if new or renamed:
        labels.by_rules(community, now=now, only=[*new, *renamed])
    ids = new | {key: row for key, (row, _) in known.items()}
    before = {row.key: row for part in parts(listed.groups) for row in Group.objects.filter(key__in=part)}
    fresh = _add_groups(community, account, listed, ids, [key for key in listed.groups if key not in before], at)
    told = _keep_groups(before, listed, ids, at)
    groups = fresh | {key: row.pk for key, row in before.items()}
    pinned.keep(account, listed.groups, groups, ids, at=at)
    moved = places.keep(listed, ids, groups, fresh, at=at) + contacts_listed.keep(community, listed, ids, at=at)
    return Brought(people=len(new), renamed=len(renamed), groups=len(fresh)) + told + moved


def _rename(names: dict[int, str], at: datetime) -> list[int]:
    """These identities (by row) go by another name, unless that is known from later. Returns their keys."""
    keys: list[int] = []
    persons: dict[int, str] = {}
    for part in parts(names):
        older = Q(named_at=None) | Q(named_at__lte=at)
        found = Identity.objects.filter(older, id__in=part).values_list("id", "key", "person_id", "person__named_by_staff")
        rows = list(found)
        keys += [key for _, key, _, _ in rows]
        persons.update({person: names[row][:200] for row, _, person, by_staff in rows if not by_staff})
        amend(Identity, ("name", "named_at"), ((row, names[row][:200], at) for row, _, _, _ in rows))
    amend(Person, ("name",), persons.items())
    return keys


def _add_people(community: Community, account: Account, listed: Listed, new: list[int], at: datetime) -> dict[int, int]:
    """Rows of the new identities, by key."""
    persons = fill(Person, ("name",), ((listed.names[key][:200],) for key in new), community_id=community.pk)
    columns = ("person_id", "key", "native_id", "name", "named_at")
    rows = (
        (person, key, listed.native[key][:200], listed.names[key][:200], at if listed.names[key] else None)
        for person, key in zip(persons, new, strict=True)
    )
    ids = fill(Identity, columns, rows, community_id=community.pk, carrier=account.carrier)
    return dict(zip(new, ids, strict=True))


def _differs(name: str, before: str) -> bool:
    return bool(name) and name[:200] != before


def _mark_house(community: Community, house: Collection[int], *, now: datetime) -> None:
    marked: set[int] = set()
    for part in parts(house):
        said = Label.objects.filter(person__identities__key__in=part, source=LabelSource.CARRIER).exclude(house="")
        marked.update(said.values_list("person__identities__key", flat=True))
    labels.by_carrier(community, set(house) - marked, now=now, house=House.STAFF)


def _add_groups(
    community: Community, account: Account, listed: Listed, ids: dict[int, int], new: list[int], at: datetime
) -> dict[int, int]:
    """Rows of the new groups, by key."""
    columns = ("key", "native_id", "name", "named_at", "born_at", "owner_id")
    values = (_group_row(key, listed, ids, at) for key in new)
    rows = fill(Group, columns, values, community_id=community.pk, carrier=account.carrier)
    return dict(zip(new, rows, strict=True))


def _keep_groups(known: dict[int, Group], listed: Listed, ids: dict[int, int], at: datetime) -> Brought:
    changed, told = [], Brought()
    for row in known.values():
        before = _told(row)
        _learn(row, listed, ids, at)
        if before != _told(row):
            changed.append((row.pk, *_told(row)))
            told += Brought(renamed=before[0] != row.name, owners=before[2] not in {None, row.owner_id})
    amend(Group, TOLD, changed)
    return told


TOLD = ("name", "named_at", "owner_id", "born_at", "dissolved_at")


def _told(row: Group) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in TOLD)


def _group_row(key: int, listed: Listed, ids: dict[int, int], at: datetime) -> tuple[object, ...]:
    group, owner = listed.groups[key], listed.owners.get(key)
    named_at = at if group.name else None
    return key, group.id[:200], group.name[:200], named_at, group.created_at, ids[owner] if owner is not None else None


def _learn(row: Group, listed: Listed, ids: dict[int, int], at: datetime) -> None:
    group, owner = listed.groups[row.key], listed.owners.get(row.key)
    if _differs(group.name, row.name) and (row.named_at is None or at >= row.named_at):
        row.name, row.named_at = group.name[:200], at
    if group.created_at:
        row.born_at = min(filter(None, (row.born_at, group.created_at)))
    if owner is not None:
        row.owner_id = ids[owner]
    if row.dissolved_at and row.dissolved_at < at:
        row.dissolved_at = None  # it is listed, so it is there
