"""Reads what followed a broadcast, from the days the audits keep. Only groups the visitor may see are in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet

from huoqun.community import queries as community_queries
from huoqun.community.models import Group
from huoqun.community.queries import Visitor
from huoqun.content.models import Broadcast, Recipient
from huoqun.content.queries import broadcasts as content_queries

from . import queries
from .followed import DAY, Count, Followed, Known, days_needed, days_of, followed, weeks_before
from .models import Audit, GroupDay, GroupHealth
from .rules import SHOWN_DAYS, local_day, starts_at


@dataclass(frozen=True, slots=True)
class Aftermath:
    """`upto` is the last day that was audited, a whole one; None where there is no audit."""

    upto: date | None
    groups: list[Followed]
    names: Mapping[int, Group]
    others_with: int
    """Groups in which another broadcast arrived on the days that followed."""
    others_before: int
    """Groups in which some broadcast arrived on the days compared with."""


def aftermath(visitor: Visitor, broadcast: Broadcast) -> Aftermath:
    zone = ZoneInfo(broadcast.community.zone)
    arrived = _arrived(visitor, broadcast)
    moments = dict(arrived.values_list("group_id").annotate(first=Min("settled_at")).values_list("group_id", "first"))
    days = {group: local_day(at, zone) for group, at in moments.items() if at is not None}
    groups = community_queries.groups(visitor).filter(pk__in=arrived.values("group_id"))
    names = {group.pk: group for group in groups}
    audit = queries.latest_audit(broadcast.community)
    known = _known(audit, groups) if audit else {}
    counts = _counts(groups, days.values())
    with_it, before = _others(broadcast, {names[group].key: day for group, day in days.items() if group in names}, zone)
    found = [followed(group, day, counts[group], known[group]) for group, day in days.items() if group in known]
    return Aftermath(audit.as_of if audit else None, found, names, with_it, before)


def _arrived(visitor: Visitor, broadcast: Broadcast) -> QuerySet[Recipient]:
    """Where it arrived; of a private message the group its reader is known from."""
    rows = content_queries.recipients(visitor).filter(broadcast=broadcast, outcome="sent", settled_at__isnull=False)
    return rows.filter(group__in=community_queries.groups(visitor)).order_by()


def _known(audit: Audit, groups: QuerySet[Group]) -> dict[int, Known]:
    kept_from = audit.as_of - timedelta(days=SHOWN_DAYS - 1)
    rows = GroupDay.objects.filter(group__in=groups.values("pk")).order_by().values_list("group_id")
    first = dict(rows.annotate(first=Min("day")).values_list("group_id", "first"))
    healths = GroupHealth.objects.filter(audit=audit, group__in=groups.values("pk"))
    seen = {group: (talk, leaves) for group, talk, leaves in healths.values_list("group_id", "talk_seen", "leaves_30d")}
    return {
        group: Known(kept_from, audit.as_of, first.get(group), talk=talk, leaves=leaves is not None)
        for group in groups.values_list("pk", flat=True)
        for talk, leaves in [seen.get(group, (False, None))]
    }


def _counts(groups: QuerySet[Group], arrivals: Iterable[date]) -> dict[int, dict[date, Count]]:
    found: dict[int, dict[date, Count]] = defaultdict(dict)
    rows = GroupDay.objects.filter(group__in=groups.values("pk"), day__in=days_needed(arrivals))
    for group, day, said, left in rows.values_list("group_id", "day", "messages", "leaves"):
        found[group][day] = Count(said, left)
    return found


def _others(broadcast: Broadcast, days: Mapping[int, date], zone: ZoneInfo) -> tuple[int, int]:
    """In how many of these groups (by key) another broadcast arrived on the days that followed, and on those before."""
    if not days:
        return 0, 0
    posts = _posts_but_its_own(broadcast, min(days.values()), max(days.values()), zone)
    arrived: dict[int, set[date]] = defaultdict(set)
    for key, at in posts:
        arrived[key].add(local_day(at, zone))
    with_it = sum(not arrived[key].isdisjoint(days_of(day)) for key, day in days.items())
    before = sum(any(not arrived[key].isdisjoint(pair) for pair in weeks_before(day)) for key, day in days.items())
    return with_it, before


def _posts_but_its_own(broadcast: Broadcast, first: date, last: date, zone: ZoneInfo) -> Collection[tuple[int, datetime]]:
    start, end = starts_at(weeks_before(first)[-1][0], zone), starts_at(last + 2 * DAY, zone)
    own = broadcast.recipients.filter(kind=Recipient.Kind.GROUP, outcome="sent").values_list("key", "settled_at")
    return set(content_queries.sent_between(broadcast.community, start, end)) - set(own)
