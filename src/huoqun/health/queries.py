"""Reads the snapshots. Which groups a visitor may see is decided in `community.queries`, here as everywhere."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When, Window
from django.db.models.functions import Abs, Coalesce, Ln, RowNumber
from django.utils.translation import gettext as _

from huoqun.community import queries as community_queries
from huoqun.community.models import Community, Group, House, Membership, Person
from huoqun.community.queries import Visitor
from huoqun.console.permissions import Role, may
from huoqun.jobs.models import Job
from huoqun.jobs.models import State as JobState

from . import flows as flow_rules
from .causes import nudging
from .flows import Flow
from .models import (
    Audit,
    GroupDay,
    GroupHealth,
    Objection,
    PersonRole,
    Report,
    ReportPlan,
    Unanswered,
    WorkingHours,
)
from .models import Role as GroupRole
from .pond import Held, Owner, owner_of


def latest_audit(community: Community) -> Audit | None:
    """The newest audit with its groups."""
    return _light(Audit.objects.filter(community=community, complete=True)).order_by("-as_of").first()


def _light(rows: QuerySet[Audit]) -> QuerySet[Audit]:
    """Without what is a row for each group: only the portfolio's page reads it."""
    return rows.defer("states", "advice")


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
    newest = _light(complete.filter(~Exists(newer)))
    return list(newest.select_related("community").order_by("community__name"))


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


def key_people(groups: Collection[int]) -> list[tuple[int, int]]:
    """(group, identity) of co-builders and active ones, who talks most first. For machines: whose groups they are is known."""
    key = PersonRole.objects.filter(group__in=groups, role__in=(GroupRole.CO_BUILDER, GroupRole.ACTIVE))
    return list(key.order_by("-messages", "pk").values_list("group", "identity"))


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


# Portfolio pages: how groups moved between states, and what the map of groups is drawn from.


def flows(communities: Collection[Community], *, upto: date, months: int = 6) -> list[Flow]:
    """Month by month up to that day, all communities together. A community counts between months that it was audited in."""
    days = flow_rules.marks(upto, months)
    since = days[0] - timedelta(days=flow_rules.NEAR_DAYS)
    rows = Audit.objects.filter(community__in=communities, as_of__gte=since, as_of__lte=upto).exclude(states={})
    audited: dict[int, dict[date, int]] = defaultdict(dict)
    for pk, community, day in rows.order_by().values_list("pk", "community_id", "as_of"):
        audited[community][day] = pk
    standing = [_standing(known, days) for known in audited.values()]
    wanted = {pk for known in standing for pk in known.values()}
    states = {pk: _by_group(kept) for pk, kept in Audit.objects.filter(pk__in=wanted).values_list("pk", "states")}
    return flow_rules.flows([{day: states[pk] for day, pk in known.items()} for known in standing], days)


def _standing(audited: dict[date, int], days: list[date]) -> dict[date, int]:
    """Which of a community's audits stands for which day."""
    found = {day: flow_rules.standing(day, list(audited)) for day in days}
    return {day: audited[audit] for day, audit in found.items() if audit is not None}


def _by_group(states: dict[str, list[int]]) -> dict[int, str]:
    return {group: state for state, groups in states.items() for group in groups}


class Placed(NamedTuple):
    """What the map of groups says of one."""

    group_id: int
    name: str
    state: str
    members: int | None
    joins: int | None
    leaves: int | None
    p_alive: float | None
    level_before: float | None
    level_now: float | None


def placed(visitor: Visitor, audits: Collection[Audit]) -> list[Placed]:
    """Every group with talk, as the audits see it."""
    allowed = community_queries.groups(visitor)
    rows = GroupHealth.objects.filter(audit__in=audits, talk_seen=True, group__in=allowed).exclude(state="")
    columns = ("state", "members", "joins_30d", "leaves_30d", "p_alive", "level_before", "level_now")
    return [Placed(*row) for row in rows.values_list("group_id", "group__name", *columns)]


def held(visitor: Visitor, audits: Collection[Audit]) -> list[Held]:
    """By carrier, owner and whether somebody operates them: the groups of these audits, as the list of groups has them."""
    allowed = community_queries.groups(visitor)
    operated = Case(When(group__operator=None, then=Value(0)), default=Value(1))
    rows = GroupHealth.objects.filter(audit__in=audits, group__in=allowed).order_by().annotate(operated=operated)
    kinds = rows.values("group__carrier", "group__owner__person__house", "operated")
    counted = kinds.annotate(groups=Count("pk"), known=Sum("members"))
    told = counted.values_list("group__carrier", "group__owner__person__house", "operated", "groups", "known")
    return [Held(carrier, owner_of(house), bool(by), groups, known) for carrier, house, by, groups, known in told]


def owned_by(rows: QuerySet[GroupHealth], owner: str) -> QuerySet[GroupHealth]:
    """Those of the rows whose group belongs to such an account, in the words of `pond.Owner`."""
    labels = [house for house in (*House.values, "") if owner_of(house).value == owner]
    narrowed = Q(group__owner__person__house__in=labels)
    return rows.filter(narrowed | Q(group__owner=None) if owner == Owner.UNKNOWN else narrowed)


# The page of one group


def health_of(group: Group) -> GroupHealth | None:
    """The group in its community's newest audit, with both at hand; None where that audit did not know the group."""
    newest = Audit.objects.filter(community=group.community_id, complete=True).order_by("-as_of").values("pk")[:1]
    health = GroupHealth.objects.filter(group=group, audit=Subquery(newest)).select_related("audit").first()
    if health is not None:
        health.group = group
    return health


def objections_to(visitor: Visitor, group: Group) -> QuerySet[Objection]:
    rows = Objection.objects.filter(group=group, group__in=community_queries.groups(visitor))
    return rows.select_related("by")


def similar(visitor: Visitor, health: GroupHealth, *, at_most: int = 5) -> list[GroupHealth]:
    """Groups of the same audit that connect the same and are meant to live alike, the nearest in size and age first.

    How well they do plays no part in the choice, so that the comparison can tell something.
    """
    group = health.group
    rows = healths(visitor, health.audit).exclude(pk=health.pk).filter(talk_seen=True)
    rows = rows.filter(group__connects=group.connects, group__lifecycle=group.lifecycle)
    far: Any = Case(When(group__carrier=group.carrier, then=0.0), default=0.5, output_field=FloatField())
    for name in ("members", "life_days"):
        value = getattr(health, name)
        if value is not None:
            far = far + Abs(Ln(Coalesce(F(name), 0) + 1.0) - math.log(value + 1.0))
    return list(rows.defer("figures", "reasons").annotate(far=far).order_by("far", "pk")[:at_most])


def silent_voices(visitor: Visitor, group: Group, *, before: datetime, at_most: int = 100) -> list[PersonRole]:
    """Of those still here as far as known and not house: who spoke often and not since, and newcomers who spoke on one day.

    At most so many of each, those who spoke on most days or last; each with `joined`. `causes.nudging` chooses among them.
    """
    here = Membership.objects.filter(group=OuterRef("group"), identity__person=OuterRef("identity__person"))
    since = before - timedelta(days=nudging.NEW_DAYS + 1)
    regular = Q(days__gte=nudging.REGULAR_DAYS, role__in=nudging.ROLES)
    rows = (
        PersonRole.objects.filter(group=group, group__in=community_queries.groups(visitor), last_at__lt=before)
        .filter(Exists(here.filter(left_at=None)) | ~Exists(here), identity__person__house="")
        .annotate(joined=Subquery(here.exclude(joined_at=None).order_by("joined_at").values("joined_at")[:1]))
        .filter(regular | Q(days=1, joined__gte=since))
        .annotate(regular=Case(When(regular, then=Value(1)), default=Value(0)))
        .annotate(place=Window(RowNumber(), partition_by=[F("regular")], order_by=[F("days").desc(), F("last_at").desc()]))
    )
    return list(rows.filter(place__lte=at_most).select_related("identity__person"))


# Compare


def health_on(visitor: Visitor, group: Group, day: date | None) -> GroupHealth | None:
    """The group in the newest audit, or in the newest one up to that day."""
    rows = GroupHealth.objects.filter(group=group, group__in=community_queries.groups(visitor), audit__complete=True)
    if day is not None:
        rows = rows.filter(audit__as_of__lte=day)
    return rows.select_related("audit", "group__community", "group__operator").order_by("-audit__as_of").first()


def audit_days(visitor: Visitor, group: Group) -> list[date]:
    """Days on which the group was audited, the newest first."""
    rows = GroupHealth.objects.filter(group=group, group__in=community_queries.groups(visitor), audit__complete=True)
    return list(rows.order_by("-audit__as_of").values_list("audit__as_of", flat=True))


def of_operators(visitor: Visitor, audits: Collection[Audit], operators: Collection[int]) -> QuerySet[GroupHealth]:
    """Groups of these operators, by the given audits."""
    allowed = community_queries.groups(visitor).filter(operator__in=operators)
    return GroupHealth.objects.filter(audit__in=audits, group__in=allowed).select_related("group__operator").defer("reasons")


def advices(audits: Collection[Audit]) -> dict[int, dict[str, Any]]:
    """What to do first, as each audit says it."""
    return dict(Audit.objects.filter(pk__in=[audit.pk for audit in audits]).values_list("pk", "advice"))


def hours_a_week(communities: Collection[int]) -> dict[int, float]:
    """Of those communities that said how many hours there are."""
    return dict(WorkingHours.objects.filter(community__in=communities).values_list("community_id", "hours_a_week"))


# Reports


def may_see_all(visitor: Visitor) -> bool:
    """Reports about all groups are for administrators and leads; a check-up is for whoever may see the group."""
    return may(visitor, Role.ADMIN, Role.LEAD)


def reports(visitor: Visitor) -> QuerySet[Report]:
    rows = Report.objects.filter(community__in=community_queries.communities(visitor)).select_related(
        "community", "group", "asked_by"
    )
    if may_see_all(visitor):
        return rows
    return rows.filter(kind=Report.Kind.CHECK_UP, group__in=community_queries.groups(visitor))


def report_plans(visitor: Visitor) -> QuerySet[ReportPlan]:
    return ReportPlan.objects.filter(community__in=community_queries.communities(visitor))


def reports_underway(communities: Collection[Community]) -> list[Job]:
    """Reports somebody asked for that are not there yet, and those of the last ones that could not be made."""
    slugs = {community.slug for community in communities}
    rows = Job.objects.filter(kind="report", asked_by__isnull=False).exclude(state=JobState.DONE).order_by("-id")
    newest = Job.objects.filter(kind="report", state=JobState.DONE, key=OuterRef("key"), id__gt=OuterRef("id"))
    return [
        job
        for job in rows.annotate(made_since=Exists(newest))[:100]
        if job.arguments["community"] in slugs and not job.made_since
    ]
