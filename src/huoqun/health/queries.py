"""Reads the snapshots. Which groups a visitor may see is decided in `community.queries`, here as everywhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from huoqun.community import queries as community_queries
from huoqun.community.models import Community, Group, Person
from huoqun.community.queries import Visitor

from .models import Audit, GroupDay, GroupHealth, PersonRole, Unanswered


def latest_audit(community: Community) -> Audit | None:
    """The newest audit with its groups."""
    return Audit.objects.filter(community=community, complete=True).order_by("-as_of").first()


def audited_since(community: Community, moment: datetime) -> bool:
    """Whether an audit began after that moment, so that it saw everything that was there then."""
    latest = latest_audit(community)
    return latest is not None and latest.ran_at > moment


def audits(visitor: Visitor) -> QuerySet[Audit]:
    return Audit.objects.filter(community__in=community_queries.communities(visitor))


def healths(visitor: Visitor, audit: Audit) -> QuerySet[GroupHealth]:
    """The audit's groups, as far as the visitor may see them."""
    return GroupHealth.objects.filter(audit=audit, group__in=community_queries.groups(visitor)).select_related("group")


class Moved(NamedTuple):
    """One day of a community's portfolio."""

    community_id: int
    as_of: date
    portfolio: dict[str, object]


def latest_audits(communities: Collection[Community]) -> list[Audit]:
    """The newest audit with its groups of each community that has one."""
    complete = Audit.objects.filter(community__in=communities, complete=True)
    newer = Audit.objects.filter(community=OuterRef("community"), complete=True, as_of__gt=OuterRef("as_of"))
    return list(complete.filter(~Exists(newer)).select_related("community").order_by("community__name"))


def movement(communities: Collection[Community], *, since: date) -> list[Moved]:
    """How the portfolios stood on each day they were audited, oldest first."""
    rows = Audit.objects.filter(community__in=communities, as_of__gte=since).order_by("as_of")
    return [Moved(*row) for row in rows.values_list("community_id", "as_of", "portfolio")]


class Change(NamedTuple):
    group_id: int
    before: str
    state: str
    since: date | None


def changes(visitor: Visitor, audits: Collection[Audit]) -> list[Change]:
    """Groups whose state is another one than in the audit before, over several communities' audits."""
    earlier = (
        Audit.objects.filter(community=OuterRef("audit__community"), complete=True, as_of__lt=OuterRef("audit__as_of"))
        .order_by("-as_of")
        .values("pk")[:1]
    )
    before = GroupHealth.objects.filter(group=OuterRef("group"), audit=OuterRef("earlier"))
    rows = (
        GroupHealth.objects.filter(audit__in=audits, group__in=community_queries.groups(visitor))
        .annotate(earlier=Subquery(earlier))
        .annotate(before=Subquery(before.values("state")[:1]))
        .filter(before__isnull=False)
        .exclude(before=F("state"))
    )
    return [Change(*row) for row in rows.values_list("group_id", "before", "state", "since")]


def history_of(visitor: Visitor, group: Group) -> QuerySet[GroupHealth]:
    """The group in every audit, oldest first."""
    rows = GroupHealth.objects.filter(group=group, group__in=community_queries.groups(visitor))
    return rows.select_related("audit").order_by("audit__as_of")


def days_of(visitor: Visitor, groups: QuerySet[Group] | list[Group], *, upto: date, days: int = 30) -> QuerySet[GroupDay]:
    """Days with talk, joins or leaves, by group and day; a day without a row had none."""
    allowed = community_queries.groups(visitor).filter(id__in=[group.id for group in groups])
    since = upto - timedelta(days=days)
    return GroupDay.objects.filter(group__in=allowed, day__gt=since, day__lte=upto).order_by("group_id", "day")


def roles_in(visitor: Visitor, group: Group) -> QuerySet[PersonRole]:
    rows = PersonRole.objects.filter(group=group, group__in=community_queries.groups(visitor))
    return rows.select_related("identity__person").order_by("-messages", "identity_id")


def roles_of(visitor: Visitor, person: Person) -> QuerySet[PersonRole]:
    rows = PersonRole.objects.filter(identity__person=person, group__in=community_queries.groups(visitor))
    return rows.select_related("group").order_by("-last_at")


def unanswered_in(visitor: Visitor, group: Group) -> QuerySet[Unanswered]:
    rows = Unanswered.objects.filter(group=group, group__in=community_queries.groups(visitor))
    return rows.select_related("author__person")


def reason_of(role: PersonRole) -> str:
    """Why somebody has the role, in a sentence with the figures."""
    figures = {"messages": role.messages, "days": role.days, "replies": role.replies, "share": f"{role.share:.0%}"}
    return _REASONS[role.reason]() % figures


_REASONS = {
    "carries_and_answers": lambda: _(
        "Turns to others at least three times as often as the rest: %(messages)s messages on %(days)s days, "
        "%(replies)s of them to somebody"
    ),
    "carries_most_days": lambda: _("Is there on most days with talk: %(messages)s messages on %(days)s days"),
    "says_by_far_the_most": lambda: _(
        "Says more than anybody: %(share)s of everything, %(messages)s messages on %(days)s days, only %(replies)s to somebody"
    ),
    "says_most_answers_few": lambda: _(
        "Says %(share)s of everything (%(messages)s messages), of which only %(replies)s to somebody"
    ),
    "says_much_on_few_days": lambda: _(
        "Says much on few days: %(share)s of everything, %(messages)s messages on %(days)s days"
    ),
    "says_more_than_most": lambda: _("Says more than most: %(messages)s messages on %(days)s days"),
    "says_little": lambda: _("Says little: %(messages)s messages on %(days)s days"),
}
"""Functions, so that each is said in the language of whoever reads it."""


def questions_of(visitor: Visitor, person: Person) -> QuerySet[Unanswered]:
    """Unanswered questions this person asked."""
    return Unanswered.objects.filter(author__person=person, group__in=community_queries.groups(visitor))
