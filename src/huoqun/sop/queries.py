"""What may be seen of playbooks at work, and whom they are for."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Count, Model, Q, QuerySet

from huoqun.community import queries as community_queries
from huoqun.community.models import Community, Group, Membership, Person
from huoqun.community.queries import Visitor
from huoqun.console.models import Role, Staff
from huoqun.content.errors import NotAnswerable
from huoqun.content.queries import questions
from huoqun.sop.models import GroupWeek, Launch, Line, Playbook, Run
from huoqun.sop.parts.shape import Audience

M = TypeVar("M", bound=Model)


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


def groups_of(launch: Launch) -> QuerySet[Group]:
    """Those a launch is for by now. None where its saved view cannot be answered any more: its page says so."""
    rows = audience(launch.community, launch.version.book.audience, only=launch.only_groups)
    view = launch.views.get("groups")
    if view is None:
        return rows
    try:
        return questions.groups(rows, [view["filters"]])
    except NotAnswerable:
        return rows.none()


def people_of(launch: Launch) -> QuerySet[Person] | None:
    """Of its groups' members those a launch is for by now; None: all of them."""
    view = launch.views.get("people")
    if view is None:
        return None
    rows = Person.objects.filter(community=launch.community_id)
    try:
        return questions.people(rows, [view["filters"]])
    except NotAnswerable:
        return rows.none()


def members_of(launch: Launch) -> QuerySet[Membership]:
    """Everybody a launch is for by now who is no one of the house, once for each of their groups."""
    return guests(groups_of(launch), people_of(launch))


def guests(groups: QuerySet[Group], people: QuerySet[Person] | None = None) -> QuerySet[Membership]:
    """Who is in these groups and no one of the house; `people`: of these alone."""
    here = Membership.objects.filter(group__in=groups.order_by().values("pk"), left_at__isnull=True, identity__person__house="")
    return here if people is None else here.filter(identity__person__in=people.order_by().values("pk"))


def all_playbooks(visitor: Visitor) -> QuerySet[Playbook]:
    """Those of the communities that may be seen, and those that ship with the product; archived ones as well."""
    mine = Q(community__in=community_queries.communities(visitor).values("pk"))
    return Playbook.objects.filter(mine | Q(community=None))


def playbooks(visitor: Visitor) -> QuerySet[Playbook]:
    """Those that are offered."""
    return all_playbooks(visitor).filter(archived_at__isnull=True)


def launches(visitor: Visitor) -> QuerySet[Launch]:
    return Launch.objects.filter(community__in=community_queries.communities(visitor).values("pk"))


def runs(visitor: Visitor) -> QuerySet[Run]:
    return _of_launches(visitor, Run.objects.all())


def lines(visitor: Visitor) -> QuerySet[Line]:
    return _of_launches(visitor, Line.objects.all())


def weeks(visitor: Visitor) -> QuerySet[GroupWeek]:
    """How promises were kept, group by group."""
    return _of_launches(visitor, GroupWeek.objects.all())


def _of_launches(visitor: Visitor, rows: QuerySet[M]) -> QuerySet[M]:
    """Of those at work in communities that may be seen. A launch's groups are its community's, and asking by launch spares
    looking up the group of each of a million rows.
    """
    if isinstance(visitor, Staff) and visitor.is_active and visitor.role == Role.ADMIN:
        return rows
    return rows.filter(launch__in=launches(visitor).order_by().values("pk"))
