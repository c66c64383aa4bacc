"""Who has groups and customers, and how far a hand-over is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from huoqun.community import queries as community_queries
from huoqun.community.models import Community, Group, House, Identity
from huoqun.community.models import Contact as Acquaintance
from huoqun.community.queries import Visitor
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State
from huoqun.ownership.models import Leaving
from huoqun.ownership.queries.people import is_in_charge


def groups_of(colleague: Identity) -> QuerySet[Group]:
    """Those that belong to them now."""
    return Group.objects.filter(community=colleague.community_id, owner=colleague, dissolved_at__isnull=True).order_by("pk")


def customers_of(colleague: Identity) -> QuerySet[Acquaintance]:
    """Those they know now; other colleagues among them are nobody's customers."""
    known = Acquaintance.objects.filter(staff=colleague, lost_at__isnull=True)
    return known.exclude(identity__person__house=House.STAFF).order_by("pk")


def with_customers(home: Community) -> QuerySet[Identity]:
    """Colleagues who have customers now, by name."""
    knows = Exists(Acquaintance.objects.filter(staff=OuterRef("pk"), lost_at__isnull=True))
    return Identity.objects.filter(knows, community=home, person__house=House.STAFF).order_by("name", "pk")


def customers_for(leaver: Identity, successor: Identity) -> QuerySet[Acquaintance]:
    """Those to be handed over: whom the other knows already keeps them anyhow."""
    theirs = Acquaintance.objects.filter(staff=successor, lost_at__isnull=True)
    return customers_of(leaver).exclude(identity__in=theirs.values("identity"))


def could_leave(home: Community) -> QuerySet[Identity]:
    """Colleagues who have something to hand over."""
    owns = Exists(Group.objects.filter(owner=OuterRef("pk"), dissolved_at__isnull=True))
    knows = Exists(Acquaintance.objects.filter(staff=OuterRef("pk"), lost_at__isnull=True))
    return Identity.objects.filter(owns | knows, community=home, person__house=House.STAFF).order_by("name", "pk")


def could_take_over(home: Community) -> QuerySet[Identity]:
    return Identity.objects.filter(community=home, person__house=House.STAFF).order_by("name", "pk")


def leavings(visitor: Visitor) -> QuerySet[Leaving]:
    """For whoever is in charge."""
    rows = Leaving.objects.filter(community__in=community_queries.communities(visitor))
    rows = rows.select_related("community", "made_by").order_by("-pk")
    return rows if is_in_charge(visitor) else rows.none()


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the groups, or of the customers."""

    total: int = 0
    done: int = 0
    waiting: int = 0
    """Asked of the carrier, or waiting there until it happens."""
    hand: int = 0
    """A person does it."""
    failed: int = 0
    """Refused, cancelled, over, or nobody knows."""


def progress(rows: Iterable[Leaving]) -> dict[tuple[int, str], Progress]:
    """By hand-over and action, in one query."""
    by_run = {(row.community.slug, row.run): row.pk for row in rows}
    asked = Request.objects.filter(community__in={slug for slug, _ in by_run}, run__in={run for _, run in by_run})
    hand = Q(state=State.HANDED)
    over = Q(state__in=[State.REFUSED, State.CANCELLED, State.EXPIRED, State.UNKNOWN])
    counted = asked.values_list("community", "run", "action").annotate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=State.SENT)),
        waiting=Count("pk", filter=~Q(state=State.SENT) & ~hand & ~over),
        hand=Count("pk", filter=hand),
        failed=Count("pk", filter=over),
    )
    return {
        (by_run[slug, run], action): Progress(*numbers)
        for slug, run, action, *numbers in counted.order_by()
        if (slug, run) in by_run
    }


def unsettled(leaving: Leaving, most: int) -> list[Request]:
    """The first of those somebody must look at."""
    asked = Request.objects.filter(community=leaving.community.slug, run=leaving.run)
    open_ones = asked.filter(state__in=[State.REFUSED, State.UNKNOWN, State.EXPIRED, State.HANDED])
    return list(open_ones.order_by("action", "pk")[:most])
