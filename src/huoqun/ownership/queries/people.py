"""Who works where, who is away, where they are reached."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from huoqun.carriers.models import Connection
from huoqun.community import queries as community_queries
from huoqun.community.models import Community
from huoqun.community.queries import Visitor
from huoqun.console.models import Role, Staff
from huoqun.console.permissions import WORKERS
from huoqun.ownership.models import Away, Contact
from huoqun.ownership.rules.receiving import Absence
from huoqun.vocabulary.ids import Account

IN_CHARGE = (Role.ADMIN, Role.LEAD)
BY_HAND = "hand"
"""Name of the account of what no live account does: a person does it."""


def is_in_charge(visitor: Visitor) -> bool:
    return isinstance(visitor, Staff) and visitor.is_active and visitor.role in IN_CHARGE


def workers(communities: QuerySet[Community]) -> QuerySet[Staff]:
    """Who may be given something in any of these communities."""
    seated = Q(seats__community__in=communities) | Q(role=Role.ADMIN)
    return Staff.objects.filter(seated, is_active=True, role__in=WORKERS).distinct()


def at_work(communities: Collection[int]) -> dict[int, set[int]]:
    """For each community who may be given something there."""
    staff = Staff.objects.filter(is_active=True, role__in=WORKERS)
    everywhere = set(staff.filter(role=Role.ADMIN).values_list("pk", flat=True))
    found = {community: set(everywhere) for community in communities}
    for community, one in staff.filter(seats__community__in=communities).values_list("seats__community", "pk"):
        if community in found:
            found[community].add(one)
    return found


def absences_now(now: datetime) -> list[Absence]:
    rows = Away.objects.filter(start__lte=now, end__gt=now).order_by("start", "pk")
    return [Absence(*row) for row in rows.values_list("staff_id", "start", "end", "stand_in_id")]


def absences(visitor: Visitor, *, now: datetime) -> QuerySet[Away]:
    """Not over yet: one's own, and for leads those of whoever works in their communities."""
    rows = Away.objects.filter(end__gt=now).select_related("staff", "stand_in").order_by("start", "pk")
    if not isinstance(visitor, Staff) or not visitor.is_active:
        return rows.none()
    if not is_in_charge(visitor):
        return rows.filter(staff=visitor)
    return rows.filter(Q(staff=visitor) | Q(staff__in=workers(community_queries.communities(visitor)).values("pk")))


def colleagues(visitor: Visitor) -> QuerySet[Staff]:
    """Who works where this visitor works."""
    return workers(community_queries.communities(visitor)).order_by("username")


def contacts(visitor: Visitor) -> QuerySet[Contact]:
    """Their own, in communities they may see."""
    if not isinstance(visitor, Staff):
        return Contact.objects.none()
    rows = Contact.objects.filter(staff=visitor, community__in=community_queries.communities(visitor))
    return rows.select_related("community").order_by("community__name")


def account_of(home: Community, carrier: str) -> Account:
    """The account through which something is done on a carrier; where none is connected, a person's hand."""
    rows = Connection.objects.filter(community=home.slug, carrier=carrier).exclude(name__endswith="/archive")
    name = rows.order_by("pk").values_list("name", flat=True).first()
    return Account(home.slug, carrier, name or BY_HAND)
