"""Whom a message for a role is meant for: exactly who, looked up for many groups at once at the moment it goes out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from huoqun.community import queries as community
from huoqun.community.models import Contact as Known
from huoqun.community.models import Group, House, Identity, Membership
from huoqun.console.models import Staff
from huoqun.ownership.models import Contact
from huoqun.sop.models import Line, Run
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.steps import Message
from huoqun.vocabulary.ids import Account

ONCE_IN = timedelta(days=1)
"""Whoever is in many groups gets the same step of a launch once within this."""

OURS = (House.STAFF, House.HELPER)

KeyPeople = Callable[[Collection[int]], Iterable[tuple[int, int]]]
"""Of groups (ids): (group, identity), the one who matters most first."""

_key_people: list[KeyPeople] = []


def key_people_are(found: KeyPeople) -> None:
    """The room above that knows says how to find them. Said again, it replaces."""
    _key_people[:] = [found]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is written to."""

    name: str
    native_id: str
    identity: int = 0
    """0: a colleague, who is reached outside of the group."""
    account: Account | None = None
    """Where it is not the group's."""
    is_ours: bool = False
    """A colleague is written to as one."""


@dataclass(frozen=True, slots=True)
class Meant:
    people: tuple[Person, ...] = ()
    of: int = 0
    """So many there are; more than `people` where that is more than one step may write to."""


NOBODY = Meant()


def meant_for(runs: Sequence[Run], *, now: datetime) -> dict[int, dict[str, Meant]]:
    """By run and step: of runs that have such steps before them."""
    steps: dict[tuple[int, str], Message] = {}
    asking: dict[tuple[int, str], list[Run]] = defaultdict(list)
    for run in runs:
        run.group.community = run.launch.community
        for step in run.version.book.steps[run.place :]:
            if isinstance(step, Message) and step.to != "member":
                asking[run.version_id, step.key].append(run)
                steps[run.version_id, step.key] = step
    found: dict[int, dict[str, Meant]] = defaultdict(dict)
    for key, several in asking.items():
        for run, meant in _of_step(steps[key], several, now):
            found[run.pk][key[1]] = meant
    return found


def meant_in(book: Playbook, group: Group, *, now: datetime) -> dict[str, Meant]:
    """By step, as it would be now; nobody is left out for having been written to elsewhere."""
    asking = [step for step in book.steps if isinstance(step, Message) and step.to != "member"]
    return {step.key: _cut(step, meant(step, [group], now=now)[group.pk]) for step in asking}


def _of_step(step: Message, runs: Sequence[Run], now: datetime) -> Iterable[tuple[Run, Meant]]:
    people = meant(step, list({run.group_id: run.group for run in runs}.values()), now=now)
    if step.to in {"owner", "operator", "moderators"}:
        # They are told what goes on in each of their groups.
        return [(run, _cut(step, people[run.group_id])) for run in runs]
    told = _told_lately(step, runs, now)
    result = []
    for run in runs:
        fresh = [person for person in people[run.group_id] if person.identity not in told[run.launch_id]]
        chosen = _cut(step, fresh)
        told[run.launch_id] |= {person.identity for person in chosen.people}
        result.append((run, chosen))
    return result


def _cut(step: Message, people: Sequence[Person]) -> Meant:
    return Meant(tuple(people[: step.most]), len(people))


def _told_lately(step: Message, runs: Iterable[Run], now: datetime) -> dict[int, set[int]]:
    lines = Line.objects.filter(launch__in={run.launch_id for run in runs}, step=step.key, at__gt=now - ONCE_IN)
    found: dict[int, set[int]] = defaultdict(set)
    for launch, to in lines.exclude(run__in=[run.pk for run in runs]).values_list("launch", "to"):
        found[launch].update(to)
    return found


def staff_for(runs: Sequence[Run]) -> dict[int, dict[str, Staff]]:
    """Colleagues of ours whom to-dos for the group's owner, or for a helper, go to; by run. Where nobody of ours is it, nobody
    stands there, and it goes to whoever runs the group.
    """
    asked = [run for run in runs if any(step.owner in {"owner", "helper"} for step in run.version.book.steps[run.place :])]
    if not asked:
        return {}
    groups = list({run.group_id: run.group for run in asked}.values())
    here = Membership.objects.filter(group__in=[group.pk for group in groups], left_at__isnull=True)
    owners = {group: identity for group, identity, _name, _ours in _owners(groups)}
    helpers: dict[int, list[Identity]] = defaultdict(list)
    for place in _moderators(here):
        helpers[place.group_id].append(place.identity)
    known = _colleagues({*owners.values(), *(identity for several in helpers.values() for identity in several)})
    found: dict[int, dict[str, Staff]] = {}
    for run in asked:
        owner = owners.get(run.group_id)
        candidates = [known.get(identity.pk) for identity in helpers[run.group_id]]
        helper = next((staff for staff in candidates if staff and staff.pk != run.group.operator_id), None)
        named = {"owner": known.get(owner.pk) if owner else None, "helper": helper}
        found[run.pk] = {role: staff for role, staff in named.items() if staff is not None}
    return found


def _colleagues(identities: Collection[Identity]) -> dict[int, Staff]:
    """By identity: who writes under that name on its carrier."""
    rows = Contact.objects.filter(native_id__in={identity.native_id for identity in identities}, staff__is_active=True)
    known = {(row.community_id, row.carrier, row.native_id): row.staff for row in rows.select_related("staff")}
    return {
        identity.pk: staff
        for identity in identities
        if (staff := known.get((identity.community_id, identity.carrier, identity.native_id)))
    }


# Roles


def meant(step: Message, groups: Sequence[Group], *, now: datetime) -> dict[int, list[Person]]:
    """By group (id), whoever is meant most first; erased people are nobody."""
    found: dict[int, list[Person]] = defaultdict(list)
    if step.to == "operator":
        for group, contact in _operators(groups):
            account = Account(group.community.slug, contact.carrier, contact.account)
            found[group.pk].append(Person(str(contact.staff), contact.native_id, account=account, is_ours=True))
        return found
    slugs = {group.community.slug for group in groups}
    erased = community.erased_keys(*slugs)
    for group_id, identity, name, ours in _members(step, groups, now):
        if identity.key not in erased:
            found[group_id].append(Person(name, identity.native_id, identity.pk, is_ours=ours))
    return found


def _operators(groups: Sequence[Group]) -> Iterable[tuple[Group, Contact]]:
    operators = {group.operator_id for group in groups if group.operator_id}
    rows = Contact.objects.filter(staff__in=operators, community__in={group.community_id for group in groups})
    known = {(row.community_id, row.staff_id): row for row in rows.select_related("staff").filter(staff__is_active=True)}
    for group in groups:
        contact = known.get((group.community_id, group.operator_id or 0))
        if contact is not None:
            yield group, contact


Found = tuple[int, Identity, str, bool]


def _members(step: Message, groups: Sequence[Group], now: datetime) -> Iterable[Found]:
    here = Membership.objects.filter(group__in=[group.pk for group in groups], left_at__isnull=True)
    match step.to:
        case "owner":
            return _owners(groups)
        case "moderators":
            return _places(_moderators(here))
        case "newcomers":
            since = now - timedelta(days=step.span)
            return _places(_guests(here).filter(joined_at__gte=since, joined_at__lte=now).order_by("-joined_at", "pk"))
        case "silent":
            return _places(_silent(_guests(here), now - timedelta(days=step.span)))
        case "enrolled":
            return _places(_enrolled(_guests(here), set(step.tags)))
        case "key_people":
            return _in_order(_guests(here), [each for of in _key_people for each in of([group.pk for group in groups])])
    return ()


def _guests(here: QuerySet[Membership]) -> QuerySet[Membership]:
    return here.filter(identity__person__house="")


def _places(rows: Iterable[Membership] | QuerySet[Membership]) -> Iterable[Found]:
    if isinstance(rows, QuerySet):
        rows = rows.select_related("identity__person")
    for place in rows:
        identity = place.identity
        name = place.nickname or identity.name or identity.person.name
        yield place.group_id, identity, name, identity.person.house in OURS


def _owners(groups: Sequence[Group]) -> Iterable[Found]:
    owned = {group.owner_id for group in groups if group.owner_id}
    rows = Identity.objects.select_related("person").in_bulk(owned)
    for group in groups:
        if (owner := rows.get(group.owner_id or 0)) is not None:
            yield group.pk, owner, owner.name or owner.person.name, owner.person.house in OURS


def _moderators(here: QuerySet[Membership]) -> list[Membership]:
    """Our people there, and whoever helps the owner on the carrier."""
    helping = Group.admins.through.objects.filter(group__in=here.order_by().values("group"))
    admins = set(helping.values_list("group", "identity"))
    rows = here.filter(Q(identity__person__house__in=OURS) | Q(identity__in={identity for _group, identity in admins}))
    found = rows.select_related("identity__person").order_by("joined_at", "pk")
    return [place for place in found if place.identity.person.house in OURS or (place.group_id, place.identity_id) in admins]


def _silent(guests: QuerySet[Membership], since: datetime) -> QuerySet[Membership]:
    """By the latest audit, in all their groups together. Who spoke last comes first: they are the likeliest to come back."""
    been = guests.filter(Q(joined_at__isnull=True) | Q(joined_at__lt=since))
    quiet = been.filter(Q(identity__person__last_spoke_at__isnull=True) | Q(identity__person__last_spoke_at__lt=since))
    return quiet.order_by(F("identity__person__last_spoke_at").desc(nulls_last=True), "pk")


def _enrolled(guests: QuerySet[Membership], tags: set[str]) -> list[Membership]:
    """Who has a tag of ours, or one of the carrier's that a colleague has put on them."""
    ours = set(guests.filter(identity__person__tags__name__in=tags).values_list("pk", flat=True))
    knowing = Known.objects.filter(identity__in=guests.order_by().values("identity"), lost_at__isnull=True)
    theirs = {who for who, told in knowing.values_list("identity", "tags") if tags.intersection(told or ())}
    rows = guests.filter(Q(pk__in=ours) | Q(identity__in=theirs))
    return list(rows.select_related("identity__person").order_by("identity__name", "pk"))


def _in_order(guests: QuerySet[Membership], wanted: Sequence[tuple[int, int]]) -> Iterable[Found]:
    rows = guests.filter(identity__in={identity for _group, identity in wanted}).select_related("identity__person")
    there: Mapping[tuple[int, int], Membership] = {(row.group_id, row.identity_id): row for row in rows}
    return _places([there[each] for each in wanted if each in there])
