"""What may be seen. Every page's rows come through here: one door (design, section 6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet, Subquery

from huoqun.carriers import queries as carriers
from huoqun.community.capacity import capacity_of
from huoqun.community.models import (
    Community,
    Contact,
    Erased,
    Group,
    Identity,
    Label,
    LabelRule,
    Membership,
    Person,
    RosterReading,
    Segment,
    Tag,
)
from huoqun.console.models import Role, Staff

Visitor = Staff | AnonymousUser
M = TypeVar("M", bound=Model)


def communities(visitor: Visitor) -> QuerySet[Community]:
    """Administrators see all; everybody else the ones they have a seat in; a stranger none."""
    if not isinstance(visitor, Staff) or not visitor.is_active:
        return Community.objects.none()
    if visitor.role == Role.ADMIN:
        return Community.objects.all()
    return Community.objects.filter(seats__staff=visitor)


def _allowed(visitor: Visitor, rows: QuerySet[M], community: str) -> QuerySet[M]:
    """Those of communities the visitor may see. Who sees all is not asked row by row: millions can then be read in order."""
    if isinstance(visitor, Staff) and visitor.is_active and visitor.role == Role.ADMIN:
        return rows
    return rows.filter(**{f"{community}__in": communities(visitor)})


def groups(visitor: Visitor) -> QuerySet[Group]:
    return _allowed(visitor, Group.objects.all(), "community")


def people(visitor: Visitor) -> QuerySet[Person]:
    return _allowed(visitor, Person.objects.all(), "community")


def identities(visitor: Visitor) -> QuerySet[Identity]:
    return _allowed(visitor, Identity.objects.all(), "community")


def memberships(visitor: Visitor) -> QuerySet[Membership]:
    return _allowed(visitor, Membership.objects.all(), "group__community")


def labels(visitor: Visitor) -> QuerySet[Label]:
    return _allowed(visitor, Label.objects.all(), "person__community")


def label_rules(visitor: Visitor) -> QuerySet[LabelRule]:
    return _allowed(visitor, LabelRule.objects.all(), "community")


def tags(visitor: Visitor) -> QuerySet[Tag]:
    return _allowed(visitor, Tag.objects.all(), "community")


def segments(visitor: Visitor, about: str) -> QuerySet[Segment]:
    """One's own, and what colleagues share in a community one may see. A segment holds a question, never an answer: each
    reader sees their own rows.
    """
    if not isinstance(visitor, Staff):
        return Segment.objects.none()
    shared = Q(shared=True, community__in=communities(visitor))
    return Segment.objects.filter(Q(staff=visitor) | shared, about=about)


def slugs(visitor: Visitor) -> list[str]:
    """Short names of the communities that may be seen, for rooms below that know no more of a community."""
    return list(communities(visitor).values_list("slug", flat=True))


def names_of_groups(visitor: Visitor, keys: Collection[int]) -> dict[int, str]:
    """By key (`vocabulary.ids.group_key`); those without a name, or not to be seen, are left out."""
    found = groups(visitor).filter(key__in=keys).exclude(name="")
    return dict(found.values_list("key", "name"))


def names_of_people(visitor: Visitor, keys: Collection[int]) -> dict[int, str]:
    """By the identity's key (`vocabulary.ids.person_key`): the person's name, which staff may have given, or the account's."""
    found = identities(visitor).filter(key__in=keys).values_list("key", "person__name", "name")
    return {key: person or own for key, person, own in found if person or own}


class Plan(NamedTuple):
    """What the house means a group to be. `purpose` is "" and `connects` is "" where nobody has said."""

    group_key: int
    lifecycle: str
    planned_end: date | None
    born_at: datetime | None
    purpose: str
    connects: str
    capacity: int | None
    operator: str
    carrier: str


class Unheard(NamedTuple):
    """A group of which nothing could be heard: from `since` (None: ever) until `until` (None: still)."""

    group_key: int
    since: datetime | None
    until: datetime | None


def unheard(community: Community) -> list[Unheard]:
    """Groups whose carrier says that they cannot be heard, or could not before a day."""
    rows = Group.objects.filter(community=community).exclude(deaf="", heard_since=None).order_by("pk")
    told = rows.values_list("key", "deaf", "heard_since")
    return [Unheard(key, since if deaf else None, None if deaf else since) for key, deaf, since in told]


def as_carriers_have_them(rows: QuerySet[Group]) -> QuerySet[Group]:
    """With `read_at`, `read_joined`, `read_left`: when the carrier's own list of members was last compared with ours, and what
    that brought to light; None where it never was. With `has_admins`.
    """
    read = RosterReading.objects.filter(community=OuterRef("community"), carrier=OuterRef("carrier")).order_by("-at")
    told = {f"read_{name}": Subquery(read.values(name)[:1]) for name in ("at", "joined", "left")}
    return rows.annotate(**told, has_admins=Exists(Group.admins.through.objects.filter(group=OuterRef("pk"))))


def house_accounts(community: Community) -> list[tuple[int, str]]:
    """(identity key, label) of everybody who is house."""
    rows = Identity.objects.filter(community=community).exclude(person__house="")
    return list(rows.values_list("key", "person__house"))


def plans(community: Community) -> list[Plan]:
    rows = Group.objects.filter(community=community).select_related("operator")
    return [
        Plan(
            group_key=group.key,
            lifecycle=group.lifecycle,
            planned_end=group.planned_end,
            born_at=group.born_at,
            purpose=group.purpose,
            connects=group.connects,
            capacity=capacity_of(group.carrier, group.capacity),
            operator=str(group.operator) if group.operator else "",
            carrier=group.carrier,
        )
        for group in rows
    ]


def merged_identities(community: Community) -> Iterator[tuple[int, int]]:
    """(identity key, the key its person is counted under) for people with several identities."""
    mine = Identity.objects.filter(community=community)
    several = mine.values("person_id").annotate(many=Count("id")).filter(many__gt=1).values("person_id")
    rows = mine.filter(person_id__in=several).order_by("person_id", "id").values_list("person_id", "key")
    first: dict[int, int] = {}
    for person, key in rows.iterator():
        if person in first:
            yield key, first[person]
        else:
            first[person] = key


def erased_keys(*slugs: str) -> set[int]:
    """Keys of the identities of everybody who was erased from these communities. Nothing may bring them back."""
    return set(Erased.objects.filter(community__slug__in=slugs).values_list("key", flat=True))


def all_about(person: Person) -> dict[str, object]:
    """Every row of this room about a person, as plain data: what is handed out on request."""
    places = Membership.objects.filter(identity__person=person)
    return {
        "person": {"id": person.pk, "name": person.name, "note": person.note, "house": person.house},
        "identities": list(person.identities.values("carrier", "native_id", "name")),
        "memberships": list(places.values("group__name", "nickname", "joined_at", "way", "left_at", "seen_at")),
        "contacts": list(
            Contact.objects.filter(identity__person=person).values(
                "staff__name", "remark", "description", "tags", "way", "source", "added_at", "lost_at"
            )
        ),
        "labels": list(person.labels.values("house", "source", "reason", "at")),
        "tags": list(person.tags.values_list("name", flat=True)),
        "carriers": carriers.all_about(person.community.slug, list(person.identities.values_list("native_id", flat=True))),
    }
