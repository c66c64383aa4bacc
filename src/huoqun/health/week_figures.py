"""The measures playbooks are judged by, of groups in weeks, from the days and audits that are kept."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min

from huoqun.community.models import Community, Group

from . import queries
from .models import Audit, GroupDay, GroupHealth
from .rules import SHOWN_DAYS, local_day

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
Day = tuple[int, int, int]
"""Messages of members, people who came, people who left."""

FROM_DAYS: dict[str, Callable[[Sequence[Day]], float]] = {
    "messages": lambda days: math.log1p(sum(said for said, _came, _left in days)),
    "days": lambda days: float(sum(said > 0 for said, _came, _left in days)),
    "joins": lambda days: float(sum(came for _said, came, _left in days)),
    "leaves": lambda days: float(sum(left for _said, _came, left in days)),
    "alive": lambda days: float(any(said for said, _came, _left in days)),
}
"""A week's figure from its days that have a row. How many different people spoke in a week cannot be added up from days: it is
taken from the audit of the week's last day.
"""
KNOWN_BY = {"joins": "joins_30d", "leaves": "leaves_30d"}
"""Where this column of the newest audit is empty, the carrier does not report it; for other measures, talk has to be seen."""


def figures(home: Community, groups: Collection[int], measure: str, starts: Sequence[date]) -> dict[int, list[float | None]]:
    """The measure of each group in the weeks that begin on these days. None: not known."""
    audit = queries.latest_audit(home)
    if audit is None or not starts or not groups:
        return {group: [None] * len(starts) for group in groups}
    if measure == "speakers":
        return _speakers(home, groups, starts)
    since, days, reckon = _known_since(audit, groups, measure), _days(groups, starts), FROM_DAYS[measure]
    last = audit.as_of - WEEK + DAY
    return {
        group: [reckon(days[group, start]) if since[group] <= start <= last else None for start in starts] for group in groups
    }


def _speakers(home: Community, groups: Collection[int], starts: Sequence[date]) -> dict[int, list[float | None]]:
    ends = {start + WEEK - DAY: place for place, start in enumerate(starts)}
    found: dict[int, list[float | None]] = {group: [None] * len(starts) for group in groups}
    rows = GroupHealth.objects.filter(audit__community=home, audit__complete=True, audit__as_of__in=ends, group__in=groups)
    for group, day, speakers in rows.values_list("group", "audit__as_of", "speakers_7d"):
        found[group][ends[day]] = None if speakers is None else float(speakers)
    return found


def unaudited(home: Community, measure: str, starts: Sequence[date]) -> list[date]:
    """Last days of these weeks that have no whole audit, where the measure is taken from it: those weeks are not known."""
    if measure != "speakers":
        return []
    ends = [start + WEEK - DAY for start in starts]
    there = set(Audit.objects.filter(community=home, complete=True, as_of__in=ends).values_list("as_of", flat=True))
    return [end for end in ends if end not in there]


def _days(groups: Collection[int], starts: Sequence[date]) -> dict[tuple[int, date], list[Day]]:
    """By group and the day its week begins on."""
    found: dict[tuple[int, date], list[Day]] = defaultdict(list)
    week_of = {start + number * DAY: start for start in starts for number in range(7)}
    rows = GroupDay.objects.filter(group__in=groups, day__gte=min(week_of), day__lte=max(week_of))
    for group, day, *counts in rows.values_list("group", "day", "messages", "joins", "leaves").iterator():
        if day in week_of:
            found[group, week_of[day]].append((counts[0], counts[1], counts[2]))
    return found


def _known_since(audit: Audit, groups: Collection[int], measure: str) -> dict[int, date]:
    """From this day on, days of a group without a row had nothing. Of a group nothing is known of: from no day on."""
    firsts = _first_seen(audit, groups)
    kept_from = audit.as_of - timedelta(days=SHOWN_DAYS - 1)
    told = GroupHealth.objects.filter(audit=audit, group__in=groups, talk_seen=True)
    if measure in KNOWN_BY:
        told = GroupHealth.objects.filter(audit=audit, group__in=groups, **{f"{KNOWN_BY[measure]}__isnull": False})
    known = set(told.values_list("group", flat=True))
    return {group: max(firsts[group], kept_from) if group in known and group in firsts else date.max for group in groups}


def _first_seen(audit: Audit, groups: Collection[int]) -> dict[int, date]:
    """The group's birth, its first talk, or its first day with anything: whichever comes first."""
    zone = ZoneInfo(audit.community.zone)
    born = Group.objects.filter(pk__in=groups, born_at__isnull=False).values_list("pk", "born_at")
    found = [(group, local_day(at, zone)) for group, at in born if at is not None]
    lives = GroupHealth.objects.filter(audit=audit, group__in=groups, last_message_at__isnull=False, life_days__isnull=False)
    for group, last, life in lives.values_list("group", "last_message_at", "life_days"):
        if last is not None and life is not None:
            found.append((group, local_day(last, zone) - life * DAY))
    rows = GroupDay.objects.filter(group__in=groups).order_by()
    found += rows.values_list("group").annotate(first=Min("day")).values_list("group", "first")
    firsts: dict[int, date] = {}
    for group, day in found:
        firsts[group] = min(day, firsts.get(group, day))
    return firsts
