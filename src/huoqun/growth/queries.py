"""Which codes may be seen, and who came by them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from huoqun.carriers.models import Connection
from huoqun.community import queries as community
from huoqun.community.models import Community, Contact, Group, House, Identity, Membership
from huoqun.community.queries import Visitor
from huoqun.growth.models import LiveCode
from huoqun.growth.rules import Kind

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Came:
    """By one code: how many came, how many of them are still there, how many came in the last seven days."""

    all: int = 0
    there: int = 0
    week: int = 0


def codes(visitor: Visitor) -> QuerySet[LiveCode]:
    """Of the communities that may be seen."""
    seen = LiveCode.objects.filter(community__in=community.communities(visitor))
    return seen.select_related("community", "made_by").order_by("-pk")


def came_by(rows: Iterable[LiveCode], *, now: datetime) -> dict[int, Came]:
    """Of each of these codes, in two queries."""
    by_source = {(code.community_id, code.kind, code.source): code.pk for code in rows}
    sources = {source for *_, source in by_source}
    joined = Membership.objects.filter(source__in=sources).values_list("group__community", "source")
    added = Contact.objects.filter(source__in=sources).values_list("community", "source")
    found = {
        **_counted(joined, Kind.JOIN, "joined_at", "left_at", now),
        **_counted(added, Kind.CONTACT, "added_at", "lost_at", now),
    }
    return {pk: found.get(name, Came()) for name, pk in by_source.items()}


def _counted(rows: QuerySet, kind: Kind, came: str, gone: str, now: datetime) -> dict[tuple[int, str, str], Came]:  # type: ignore[type-arg]
    numbers = rows.annotate(
        all=Count("pk"),
        there=Count("pk", filter=Q(**{f"{gone}__isnull": True})),
        week=Count("pk", filter=Q(**{f"{came}__gte": now - WEEK})),
    ).order_by()
    return {(home, kind.value, source): Came(*those) for home, source, *those in numbers}


def live_carriers(home: Community) -> set[str]:
    """Carriers of which an account of this community is connected."""
    return set(Connection.objects.filter(community=home.slug).values_list("carrier", flat=True))


def groups_to_lead_to(visitor: Visitor, home: Community) -> QuerySet[Group]:
    return community.groups(visitor).filter(community=home, dissolved_at__isnull=True).order_by("carrier", "name", "pk")


def colleagues_to_lead_to(home: Community) -> QuerySet[Identity]:
    """House accounts which are people, on carriers where an account is connected."""
    staff = Identity.objects.filter(community=home, person__house=House.STAFF, carrier__in=live_carriers(home))
    return staff.order_by("name", "pk")
