"""Which colleague knows whom, in bulk: from events as they come, and from the carrier's own lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from huoqun.community import queries
from huoqun.community.errors import ErasedMeanwhile
from huoqun.community.knowing import SeenContact
from huoqun.community.models import Community, Contact, House, Identity
from huoqun.community.operations import intake, labels, people
from huoqun.community.operations.rewriting import rewrite
from huoqun.community.parts import parts
from huoqun.community.rules import Presence, after_join, after_leave
from huoqun.community.sightings import Sightings
from huoqun.vocabulary.events import Person, StaffChange, StaffChanged
from huoqun.vocabulary.ids import Account, person_key

FIELDS = [
    "remark", "description", "tags", "way", "source", "mutual", "added_at", "lost_at", "lost_by_customer", "noted_at",
]  # fmt: skip

_Spot = tuple[int, int]
"""Keys of the colleague and of the person."""


def take_contacts(community: Community, carrier: str, seen: Iterable[SeenContact], *, now: datetime) -> int:
    """Make known who knows whom; returns how many contacts are new. Colleagues become house staff.

    Telling the same again changes nothing, and the order does not matter: what is older than what is known is passed over.
    Erased people stay erased.
    """
    account, told = Account(community.slug, carrier, ""), list(seen)
    while True:
        try:
            return _keep(community, account, _not_erased(community, account, told), now=now)
        except ErasedMeanwhile:
            continue


def _not_erased(community: Community, account: Account, told: list[SeenContact]) -> list[SeenContact]:
    erased = queries.erased_keys(community.slug)
    return [one for one in told if erased.isdisjoint(_spot(account, one))] if erased else told


def _spot(account: Account, one: SeenContact) -> _Spot:
    return person_key(account, one.staff.id), person_key(account, one.person.id)


@transaction.atomic
def _keep(community: Community, account: Account, told: list[SeenContact], *, now: datetime) -> int:
    met, by_spot = Sightings(), dict[_Spot, list[SeenContact]]()
    for one in told:
        spot = (met.meet(account, one.staff, one.at), met.meet(account, one.person, one.at))
        by_spot.setdefault(spot, []).append(one)
    intake.keep(community, met, now=now)
    labels.by_carrier(community, _strangers(community, {staff for staff, _ in by_spot}), now=now, house=House.STAFF)
    return sum(_write(community, {spot: by_spot[spot] for spot in some}) for some in parts(sorted(by_spot), 2_000))


def _strangers(community: Community, staff: Iterable[int]) -> list[int]:
    """Those of the colleagues whom the carrier has not called one yet: usually none, so that nothing is written."""
    found: list[int] = []
    for keys in parts(staff):
        mine = Identity.objects.filter(community=community, key__in=keys)
        known = Q(person__labels__source="carrier", person__labels__house=House.STAFF)
        found += mine.exclude(pk__in=mine.filter(known).values("pk")).values_list("key", flat=True)
    return found


def _write(community: Community, told: dict[_Spot, list[SeenContact]]) -> int:
    keys = {key for spot in told for key in spot}
    ids = dict(Identity.objects.filter(key__in=keys).values_list("key", "id"))
    wanted = {(ids[staff], ids[person]): said for (staff, person), said in told.items()}
    rows = Contact.objects.filter(
        staff__in={staff for staff, _ in wanted}, identity__in={person for _, person in wanted}
    ).select_for_update()
    known = {(row.staff_id, row.identity_id): row for row in rows}
    changed = [row for spot, row in known.items() if spot in wanted and _learn(row, wanted[spot])]
    rewrite(changed, FIELDS, by=["staff", "identity"])
    fresh = [Contact(community=community, staff_id=s, identity_id=i) for s, i in wanted if (s, i) not in known]
    for row in fresh:
        _learn(row, wanted[row.staff_id, row.identity_id])
    return len(Contact.objects.bulk_create(fresh, batch_size=2_000))


def _learn(row: Contact, told: list[SeenContact]) -> bool:
    before = [getattr(row, name) for name in FIELDS]
    for one in told:
        _presence(row, one)
        _notes(row, one)
    return before != [getattr(row, name) for name in FIELDS]


def _presence(row: Contact, one: SeenContact) -> None:
    presence = Presence(row.added_at, row.lost_at)
    if one.added_at:
        if row.added_at is None or one.added_at >= row.added_at:
            row.way, row.source = one.way[:32] or row.way, one.source[:64] or row.source
            row.mutual = one.mutual
        presence = after_join(presence, one.added_at)
    if one.lost_at:
        presence = after_leave(presence, one.lost_at)
        if presence.left_at == one.lost_at:
            row.lost_by_customer = one.lost_by_customer
    row.added_at, row.lost_at = presence.joined_at, presence.left_at


def _notes(row: Contact, one: SeenContact) -> None:
    said = (one.remark, one.description, one.tags)
    if said == (None, None, None) or (row.noted_at and one.at < row.noted_at):
        return
    row.remark = row.remark if one.remark is None else one.remark[:200]
    row.description = row.description if one.description is None else one.description
    row.tags = row.tags if one.tags is None else list(one.tags)
    row.noted_at = one.at


def take_staff(community: Community, happened: Iterable[StaffChanged], *, now: datetime) -> None:
    """Colleagues of the carrier's directory are known, and house. A new id is the same person; who left stays known."""
    for event in happened:
        if event.change is StaffChange.LEFT or person_key(event.account, event.staff_id) in queries.erased_keys(community.slug):
            continue
        met = Sightings()
        keys = [met.meet(event.account, Person(id=each, name=event.name), event.at) for each in _ids(event)]
        with transaction.atomic():
            intake.keep(community, met, now=now)
            labels.by_carrier(community, _strangers(community, keys), now=now, house=House.STAFF)
            _join(keys, now)


def _ids(event: StaffChanged) -> list[str]:
    return [event.staff_id, event.new_id] if event.new_id and event.new_id != event.staff_id else [event.staff_id]


def _join(keys: list[int], now: datetime) -> None:
    owners = {row.key: row.person for row in Identity.objects.filter(key__in=keys).select_related("person")}
    first, *others = (owners[key] for key in keys)
    if any(other != first for other in others):
        people.merge(others, into=first, now=now)
