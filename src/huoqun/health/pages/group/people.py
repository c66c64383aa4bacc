"""Who says how much, in which role, and who of the house is here."""

from __future__ import annotations

from dataclasses import dataclass

from huoqun.community.models import Group, Identity
from huoqun.console.models import Staff
from huoqun.health import queries
from huoqun.health.models import PersonRole

SHOWN, AT_ONCE = 50, 12
"""Of a group's speakers so many are on the page; those after the first dozen open on request."""
HOUSE_SHOWN = 100


@dataclass(frozen=True, slots=True)
class People:
    number: int
    first: list[tuple[PersonRole, str]]
    more: list[tuple[PersonRole, str]]
    house: list[Identity]


def block(visitor: Staff, group: Group) -> People:
    told = [(role, queries.reason_of(role)) for role in queries.roles_in(visitor, group)[:SHOWN]]
    return People(len(told), told[:AT_ONCE], told[AT_ONCE:], _house_here(group))


def _house_here(group: Group) -> list[Identity]:
    rows = Identity.objects.filter(memberships__group=group).exclude(person__house="").select_related("person")
    return list(rows.order_by("person__house", "name")[:HOUSE_SHOWN])
