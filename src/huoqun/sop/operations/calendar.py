"""Runs that begin by the calendar: a day, a rule, around a moment, after so many days of silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from types import UnionType
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.db import transaction
from django.db.models import QuerySet
from msgspec import structs

from huoqun.community.models import Membership
from huoqun.community.parts import parts
from huoqun.sop import queries
from huoqun.sop.gate import gate
from huoqun.sop.holidays import known
from huoqun.sop.models import Launch, Run
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.changing import stop_runs
from huoqun.sop.operations.planning import HORIZON
from huoqun.sop.playbooks.checks import COUNTED
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.rules.days_off import FURTHEST, Days, days_of, is_meant, open_days, rule_of
from huoqun.sop.rules.moments import fixed, local
from huoqun.sop.rules.states import OPEN
from huoqun.sop.starts import Around, Every, OnDate, OnFact

LONGEST_BACK = timedelta(days=2)
"""What is about a moment longer ago, while nobody looked, does not begin any more."""

LONGEST_LEAD = timedelta(days=62)
"""Nothing happens longer before the moment it is about."""

JUST_NOW = timedelta(hours=1)
BEGUN_AT_ONCE, PAGE = 1_000, 5_000


def look(*, now: datetime) -> int:
    """Begin what is due up to the horizon. Returns how many runs are new, or were left of launches that have ended."""
    new = _stop_leftovers(now)
    due = Launch.objects.filter(state=Launch.State.GOING, looked_until__lt=now + HORIZON - timedelta(minutes=1))
    for pk in list(due.order_by("looked_until").values_list("pk", flat=True)[:50]):
        new += _look(pk, now)
    return new


def _stop_leftovers(now: datetime) -> int:
    """What begun at the very moment in which its launch was ended."""
    ended = Launch.objects.filter(state=Launch.State.ENDED, ended_at__gt=now - JUST_NOW)
    launches = list(ended.values_list("pk", flat=True))
    left = Run.objects.filter(launch__in=launches, state__in=OPEN, ended_at__isnull=True)
    return stop_runs(left, by=None, now=now) if left.exists() else 0


def _look(pk: int, now: datetime) -> int:
    """Some at a time, so that others can write meanwhile: it may be for a million members. How far it was looked is written
    down at the end; who dies before begins the same again, which changes nothing.
    """
    launch, until, new = _launches().get(pk=pk), now + HORIZON, 0
    for some in parts(_let_in(launch, _begins(launch, until, now)), BEGUN_AT_ONCE):
        with transaction.atomic():
            going = _launches().select_for_update(of=("self",)).filter(pk=pk, state=Launch.State.GOING).first()
            if going is None:
                return new
            new += begin(going, some, now=now)
    Launch.objects.filter(pk=pk, state=Launch.State.GOING).update(looked_until=until)
    return new


def _launches() -> QuerySet[Launch]:
    return Launch.objects.select_related("community", "version").defer("version__plain")


def _begins(launch: Launch, until: datetime, now: datetime) -> Iterator[Begin]:
    book = launch.version.book
    anchors = _anchors(launch, until, now)
    if anchors and book.audience.about == "groups":
        groups = list(queries.groups_of(launch).values_list("pk", flat=True))
        yield from (Begin(group, at, f"{at:%Y%m%dT%H%M}/{group}") for at in anchors for group in groups)
    elif anchors:
        for at in anchors:
            yield from (Begin(group, at, f"{at:%Y%m%dT%H%M}/{group}/{who}", who) for group, who in _members(launch))
    for start in book.starts if _is_another_hour(launch.looked_until - HORIZON, now) else ():
        if isinstance(start, OnFact) and start.fact == "silent":
            yield from _silent(launch, start, now)


def _is_another_hour(before: datetime, now: datetime) -> bool:
    """Who is silent changes with each audit: often enough to look, seldom enough to go through all members."""
    return before.replace(minute=0, second=0, microsecond=0) != now.replace(minute=0, second=0, microsecond=0)


def _anchors(launch: Launch, until: datetime, now: datetime) -> list[datetime]:
    """What was not looked at yet. Put to work shortly before its moment, a run begins all the same: what of it is too late by
    then is left out, and says so.
    """
    zone, first = ZoneInfo(launch.community.zone), launch.looked_until <= launch.began_at
    oldest = now - LONGEST_BACK
    since = launch.began_at - LONGEST_LEAD if first else max(launch.looked_until, oldest - LONGEST_LEAD)
    book, began = launch.version.book, launch.began_at
    fixed = set(anchors_of(_only(book, OnDate | Around), launch.event_at, since, until, zone, began=began))
    ruled = set(anchors_of(_only(book, Every), launch.event_at, since, until, zone, began=began))
    return sorted(at.astimezone(UTC) for at in fixed | ruled if at > (began if first and at not in fixed else oldest))


def _only(book: Playbook, kind: type | UnionType) -> Playbook:
    return structs.replace(book, starts=tuple(start for start in book.starts if isinstance(start, kind)))


def _let_in(launch: Launch, begins: Iterator[Begin]) -> Iterator[Begin]:
    """Where a fair test is drawn, nothing of a run may come before its group's wave: not its first steps either."""
    door, zone = gate(launch), ZoneInfo(launch.community.zone)
    if door is None:
        return begins
    book = launch.version.book
    return (each for each in begins if door.lets(each.group_id, each.anchor - lead_of(book, each.anchor, zone)))


def lead_of(book: Playbook, at: datetime, zone: ZoneInfo) -> timedelta:
    """How long before the moment `at` a run about it has something to do."""
    return _lead(book, at, zone, days_of(book, known()))


def anchors_of(
    book: Playbook,
    event_at: datetime | None,
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
    *,
    began: datetime | None = None,
) -> Iterator[datetime]:
    """Moments runs are about, after `since` and up to `until`; those whose first steps come before them, earlier by as much.
    `began`: from here a rule without a beginning of its own counts (every second week, the first three days).
    """
    days = days_of(book, known())
    for start in book.starts:
        match start:
            case OnDate():
                moments = [local(start.date, start.time.time, zone)]
            case Around():
                moments = [event_at] if event_at else []
            case Every():
                longest = LONGEST_LEAD if days.are_counted else _lead_at(book, start.time.time)
                moments = list(_every(start, since, until + longest, zone, began or since, days))
            case _:
                continue
        yield from (at for at in moments if since < at - _lead(book, at, zone, days) <= until)


def _lead(book: Playbook, at: datetime, zone: ZoneInfo, days: Days) -> timedelta:
    """How long before the moment `at` a run has something to do."""
    plain = _lead_at(book, at.astimezone(zone).time())
    if not days.are_counted or not plain:
        return plain
    first = min(due for step in book.steps if (due := fixed(step, anchor=at, zone=zone, days=days)) is not None)
    return max(timedelta(0), at - first)


def _lead_at(book: Playbook, begins: time) -> timedelta:
    """Where every day is a day. `begins`: the moment's time of day."""
    earliest = timedelta(0)
    for step in book.steps:
        if step.at.offset is not None:
            earliest = min(earliest, step.at.offset.delta)
        elif step.at.time is not None:
            days = (step.at.day or 0) - (step.at.time.time < begins)
            earliest = min(earliest, timedelta(days=days))
    return -earliest


def _every(start: Every, since: datetime, until: datetime, zone: ZoneInfo, began: datetime, days: Days) -> Iterator[datetime]:
    first = start.since or began.astimezone(zone).date()
    holidays = start.holidays or days.holidays
    rule = rrulestr(rule_of(start.rule, holidays), dtstart=datetime.combine(first, time()))
    last = datetime.combine(until.astimezone(zone).date(), time()) + timedelta(days=1)
    # What moves over a holiday may have been due long before it comes.
    back = timedelta(days=FURTHEST if holidays in COUNTED else 2)
    begin_at = datetime.combine(since.astimezone(zone).date(), time()) - back
    ruled = (occurrence.date() for occurrence in rule.between(begin_at, last, inc=True))
    meant = (day for day in ruled if is_meant(start.rule, holidays, day, days.calendar))
    kept = (day for day in meant if start.until is None or day <= start.until)
    for day in open_days(kept, holidays, days.calendar):
        yield local(day, start.time.time, zone).astimezone(UTC)


def _members(launch: Launch) -> Iterator[tuple[int, int]]:
    yield from _paged(queries.members_of(launch), "group", "identity")


def _silent(launch: Launch, start: OnFact, now: datetime) -> Iterator[Begin]:
    """By the latest audit: who has said something once, and nothing for so many days."""
    quiet = queries.members_of(launch).filter(identity__person__last_spoke_at__lt=now - timedelta(days=start.days))
    for group, who, spoke in _paged(quiet, "group", "identity", "identity__person__last_spoke_at"):
        yield Begin(group, now, f"silent/{group}/{who}/{spoke:%Y%m%d}", who)


def _paged(rows: QuerySet[Membership], *fields: str) -> Iterator[tuple[Any, ...]]:
    """Page by page: what is begun is written between the pages."""
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", *fields)[:PAGE]):
        yield from (row[1:] for row in page)
        last = page[-1][0]
