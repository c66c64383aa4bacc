"""Runs that begin by the calendar: a day, a rule, around a moment, after so many days of silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from types import UnionType
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.db import transaction
from msgspec import structs

from huoqun.community.models import Membership
from huoqun.sop import queries
from huoqun.sop.gate import gate
from huoqun.sop.models import Launch, Run
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.changing import stop_runs
from huoqun.sop.operations.planning import HORIZON
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.rules.moments import local
from huoqun.sop.rules.states import OPEN
from huoqun.sop.starts import Around, Every, OnDate, OnFact

LONGEST_BACK = timedelta(days=2)
"""What is about a moment longer ago, while nobody looked, does not begin any more."""

LONGEST_LEAD = timedelta(days=62)
"""Nothing happens longer before the moment it is about."""

JUST_NOW = timedelta(hours=1)


def look(*, now: datetime) -> int:
    """Begin what is due up to the horizon. Returns how many runs are new, or were left of launches that have ended."""
    new = _stop_leftovers(now)
    due = Launch.objects.filter(state=Launch.State.GOING, looked_until__lt=now + HORIZON - timedelta(minutes=1))
    for pk in list(due.order_by("looked_until").values_list("pk", flat=True)[:50]):
        with transaction.atomic():
            rows = Launch.objects.select_for_update(of=("self",)).select_related("community", "version")
            launch = rows.defer("version__plain").get(pk=pk)
            if launch.state == Launch.State.GOING:
                new += _look(launch, now)
    return new


def _stop_leftovers(now: datetime) -> int:
    """What begun at the very moment in which its launch was ended."""
    ended = Launch.objects.filter(state=Launch.State.ENDED, ended_at__gt=now - JUST_NOW)
    left = Run.objects.filter(launch__in=list(ended.values_list("pk", flat=True)), state__in=OPEN)
    return stop_runs(left, by=None, now=now) if left.exists() else 0


def _look(launch: Launch, now: datetime) -> int:
    until = now + HORIZON
    begins = list(_let_in(launch, _begins(launch, until, now)))
    launch.looked_until = until
    launch.save(update_fields=["looked_until"])
    return begin(launch, begins, now=now) if begins else 0


def _begins(launch: Launch, until: datetime, now: datetime) -> Iterator[Begin]:
    book, home = launch.version.book, launch.community
    anchors = _anchors(launch, until, now)
    if anchors and book.audience.about == "groups":
        groups = list(queries.audience(home, book.audience, only=launch.only_groups).values_list("pk", flat=True))
        yield from (Begin(group, at, f"{at:%Y%m%dT%H%M}/{group}") for at in anchors for group in groups)
    elif anchors:
        members = _members(launch)
        yield from (Begin(group, at, f"{at:%Y%m%dT%H%M}/{group}/{who}", who) for at in anchors for group, who in members)
    for start in book.starts:
        if isinstance(start, OnFact) and start.fact == "silent":
            yield from _silent(launch, start, now)


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
    return _lead(book, at.astimezone(zone).time())


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
    for start in book.starts:
        match start:
            case OnDate():
                lead, moments = _lead(book, start.time.time), [local(start.date, start.time.time, zone)]
            case Around():
                moments = [event_at] if event_at else []
                lead = _lead(book, event_at.astimezone(zone).time() if event_at else time())
            case Every():
                lead = _lead(book, start.time.time)
                moments = list(_every(start, since, until + lead, zone, began or since))
            case _:
                continue
        yield from (at for at in moments if since < at - lead <= until)


def _lead(book: Playbook, begins: time) -> timedelta:
    """How long before its moment a run has something to do. `begins`: the moment's time of day."""
    earliest = timedelta(0)
    for step in book.steps:
        if step.at.offset is not None:
            earliest = min(earliest, step.at.offset.delta)
        elif step.at.time is not None:
            days = (step.at.day or 0) - (step.at.time.time < begins)
            earliest = min(earliest, timedelta(days=days))
    return -earliest


def _every(start: Every, since: datetime, until: datetime, zone: ZoneInfo, began: datetime) -> Iterator[datetime]:
    first = start.since or began.astimezone(zone).date()
    rule = rrulestr(start.rule.upper().removeprefix("RRULE:"), dtstart=datetime.combine(first, time()))
    last = datetime.combine(until.astimezone(zone).date(), time()) + timedelta(days=1)
    begin_at = datetime.combine(since.astimezone(zone).date(), time()) - timedelta(days=2)
    for occurrence in rule.between(begin_at, last, inc=True):
        day: date = occurrence.date()
        if start.until is None or day <= start.until:
            yield local(day, start.time.time, zone).astimezone(UTC)


def _members(launch: Launch) -> list[tuple[int, int]]:
    groups = queries.audience(launch.community, launch.version.book.audience, only=launch.only_groups)
    here = Membership.objects.filter(group__in=groups.order_by().values("pk"), left_at__isnull=True, identity__person__house="")
    return list(here.values_list("group", "identity"))


def _silent(launch: Launch, start: OnFact, now: datetime) -> Iterator[Begin]:
    """By the latest audit: who has said something once, and nothing for so many days."""
    groups = queries.audience(launch.community, launch.version.book.audience, only=launch.only_groups)
    quiet = Membership.objects.filter(
        group__in=groups.order_by().values("pk"),
        left_at__isnull=True,
        identity__person__house="",
        identity__person__last_spoke_at__lt=now - timedelta(days=start.days),
    )
    rows = quiet.values_list("group", "identity", "identity__person__last_spoke_at")
    for group, who, spoke in rows.iterator():
        yield Begin(group, now, f"silent/{group}/{who}/{spoke:%Y%m%d}", who)
