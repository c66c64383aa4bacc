"""Members a run is begun for by hand: exactly who, and who is left out and why. The preview shows it and beginning does it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from huoqun.community import queries as community
from huoqun.community.models import Group, Membership, Person
from huoqun.sop import queries
from huoqun.sop.models import Launch, Run
from huoqun.sop.rules.states import OPEN

MOST = 2_000
"""So many runs somebody may begin at once: more is no longer done by hand."""


class LeftOut(StrEnum):
    HOUSE = "house"
    UNDER_WAY = "under_way"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Chosen:
    places: list[Membership]
    """Each person once: in the group they came to last."""
    left_out: Counter[LeftOut]
    too_many: bool = False
    """More fit than may begin at once: nobody is chosen."""


def choose(launch: Launch, groups: QuerySet[Group], people: QuerySet[Person]) -> Chosen:
    """Of these people, in these groups of those the launch is for."""
    meant = queries.people_of(launch)
    people = people if meant is None else people.filter(pk__in=meant.order_by().values("pk"))
    here = Membership.objects.filter(
        group__in=groups.order_by().values("pk"), left_at__isnull=True, identity__person__in=people.order_by().values("pk")
    )
    if here.values("identity__person").distinct().order_by()[: MOST + 1].count() > MOST:
        return Chosen([], Counter(), too_many=True)
    going = Run.objects.filter(launch=launch, state__in=OPEN, ended_at__isnull=True)
    under_way = set(going.values_list("member__person", flat=True))
    erased = community.erased_keys(launch.community.slug)
    found: dict[int, Membership] = {}
    left = dict[int, LeftOut]()
    for place in here.select_related("identity__person", "group").order_by("joined_at", "pk"):
        person = place.identity.person
        if why := _why_not(person, place.identity.key in erased, person.pk in under_way):
            left[person.pk] = why
        else:
            found[person.pk] = place
    places = sorted(found.values(), key=lambda place: (place.group.name, place.identity.name, place.pk))
    return Chosen(places, Counter(left.values()))


def _why_not(person: Person, erased: bool, under_way: bool) -> LeftOut | None:
    if erased:
        return LeftOut.ERASED
    if person.house:
        return LeftOut.HOUSE
    return LeftOut.UNDER_WAY if under_way else None
