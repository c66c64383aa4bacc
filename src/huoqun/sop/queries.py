"""What may be seen of playbooks at work, and whom they are for."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from huoqun.community import queries as community_queries
from huoqun.community.models import Community, Group
from huoqun.community.queries import Visitor
from huoqun.sop.models import Launch, Line, Playbook, Run
from huoqun.sop.parts.shape import Audience


def audience(home: Community, wanted: Audience, *, only: list[int] | None = None) -> QuerySet[Group]:
    """The groups a playbook is for; `only`: keys of those chosen."""
    groups = Group.objects.filter(community=home, dissolved_at__isnull=True)
    for field, values in (
        ("connects", wanted.connects),
        ("lifecycle", wanted.lifecycles),
        ("stage", wanted.stages),
        ("state", wanted.states),
    ):
        if values:
            groups = groups.filter(**{f"{field}__in": values})
    if wanted.tags:
        groups = groups.filter(tags__name__in=wanted.tags).distinct()
    if wanted.least_members:
        here = Count("memberships", filter=Q(memberships__left_at__isnull=True))
        groups = groups.annotate(here=here).filter(here__gte=wanted.least_members)
    return groups.filter(key__in=only) if only else groups


def playbooks(visitor: Visitor) -> QuerySet[Playbook]:
    """Those of the communities that may be seen, and those that ship with the product."""
    mine = Q(community__in=community_queries.communities(visitor).values("pk"))
    return Playbook.objects.filter(mine | Q(community=None), archived_at__isnull=True)


def launches(visitor: Visitor) -> QuerySet[Launch]:
    return Launch.objects.filter(community__in=community_queries.communities(visitor).values("pk"))


def runs(visitor: Visitor) -> QuerySet[Run]:
    return Run.objects.filter(group__in=community_queries.groups(visitor).order_by().values("pk"))


def lines(visitor: Visitor) -> QuerySet[Line]:
    return Line.objects.filter(run__group__in=community_queries.groups(visitor).order_by().values("pk"))
