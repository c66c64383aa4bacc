"""What is planned and what was done, day by day: lines of runs, and beyond what is planned what the playbooks will bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, IntegerField, Max, Min, Q, QuerySet, Value, When

from huoqun.sop.models import Launch, Line, Run, Version
from huoqun.sop.operations.calendar import anchors_of
from huoqun.sop.operations.planning import HORIZON
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.rules.moments import into, local
from huoqun.sop.rules.states import SETTLED, LineState, RunState, Why
from huoqun.sop.steps import Approval, Branch, HandOver, Step, Wait

SHOWN = ("post", "message", "notice", "topic", "pin", "todo", "approval", "end")
"""Kinds somebody sees something of."""

MOST_ANCHORS = 300
"""Moments of runs under way that are followed further than they are planned."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A step of a playbook on one day, in all groups together."""

    at: datetime
    """When the first group has it."""
    until: datetime
    launch: int
    title: str
    """Of the playbook."""
    step: Step
    groups: int
    """0: not planned yet, so nobody has counted."""
    done: int = 0
    trouble: int = 0

    @property
    def is_planned(self) -> bool:
        return self.groups > 0

    @property
    def code(self) -> str:
        """As states are marked."""
        if not self.is_planned:
            return "line-later"
        if self.trouble:
            return "line-failed"
        return "line-done" if self.done == self.groups else "line-planned"


def days(first: date, number: int) -> list[date]:
    return [first + timedelta(days=each) for each in range(number)]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return local(day, time(), zone)


def entries(
    lines: QuerySet[Line],
    launches: Iterable[Launch],
    runs: QuerySet[Run],
    *,
    first: date,
    number: int,
    zone: ZoneInfo,
    now: datetime,
) -> dict[date, list[Entry]]:
    """By day, each day in order. `launches`: those whose starts are looked ahead to; `runs`: those one may see."""
    wanted = days(first, number)
    found: dict[date, list[Entry]] = {day: [] for day in wanted}
    for entry in (*_kept(lines, wanted, zone), *_to_come(launches, runs, wanted, zone, now)):
        day = entry.at.astimezone(zone).date()
        if day in found:
            found[day].append(entry)
    for listed in found.values():
        listed.sort(key=lambda entry: (entry.at, entry.title, entry.step.key))
    return found


def _kept(lines: QuerySet[Line], wanted: Sequence[date], zone: ZoneInfo) -> Iterator[Entry]:
    bounds = [midnight(day, zone) for day in (*wanted, wanted[-1] + timedelta(days=1))]
    # Compared with each midnight in the database itself: a function for the day of each line would be called a million times.
    day = Case(*(When(at__lt=bound, then=Value(place)) for place, bound in enumerate(bounds[1:])), output_field=IntegerField())
    rows = lines.filter(kind__in=SHOWN, at__gte=bounds[0], at__lt=bounds[-1])
    rows = rows.exclude(state=LineState.SKIPPED, reason=Why.NOT_TAKEN)
    counted = (
        rows.annotate(day=day)
        .values("day", "run__launch", "run__version", "step")
        .order_by()
        .annotate(
            first=Min("at"),
            last=Max("at"),
            groups=Count("pk"),
            done=Count("pk", filter=Q(state__in=SETTLED)),
            trouble=Count("pk", filter=Q(state__in=(LineState.FAILED, LineState.UNKNOWN))),
        )
    )
    told = list(counted)
    books = _books({row["run__version"] for row in told})
    for row in told:
        book = books[row["run__version"]]
        yield Entry(
            row["first"], row["last"], row["run__launch"], book.title, book.step(row["step"]),
            row["groups"], row["done"], row["trouble"],
        )  # fmt: skip


def _books(versions: Iterable[int]) -> dict[int, Playbook]:
    return {version.pk: version.book for version in Version.objects.filter(pk__in=list(versions))}


def _to_come(
    launches: Iterable[Launch], runs: QuerySet[Run], wanted: Sequence[date], zone: ZoneInfo, now: datetime
) -> Iterator[Entry]:
    """Steps with a time of their own, of runs under way and of those that will begin."""
    start, end = midnight(wanted[0], zone), midnight(wanted[-1] + timedelta(days=1), zone)
    since = max(start, now + HORIZON)
    if since >= end:
        return
    for launch, book, anchor in (*_under_way(runs), *_beginning(launches, end)):
        for step in book.steps:
            at = _fixed(step, anchor, ZoneInfo(launch.community.zone))
            if at is not None and since <= at < end:
                yield Entry(at, at + step.at.spread.delta, launch.pk, book.title, step, 0)


def _under_way(runs: QuerySet[Run]) -> Iterator[tuple[Launch, Playbook, datetime]]:
    going = runs.filter(state=RunState.GOING, launch__state=Launch.State.GOING, laid_at=None, member=None)
    rows = list(going.order_by("-anchor").values_list("launch", "version", "anchor").distinct()[:MOST_ANCHORS])
    launches = Launch.objects.select_related("community").in_bulk({launch for launch, _version, _anchor in rows})
    books = _books({version for _launch, version, _anchor in rows})
    for launch, version, anchor in rows:
        yield launches[launch], books[version], anchor


def _beginning(launches: Iterable[Launch], end: datetime) -> Iterator[tuple[Launch, Playbook, datetime]]:
    for launch in launches:
        if launch.state != Launch.State.GOING:
            continue
        book, zone = launch.version.book, ZoneInfo(launch.community.zone)
        # Earlier ones have begun, and are known by their runs.
        for anchor in dict.fromkeys(anchors_of(book, launch.event_at, launch.looked_until, end, zone)):
            yield launch, book, anchor


def _fixed(step: Step, anchor: datetime, zone: ZoneInfo) -> datetime | None:
    """Its moment where that does not hang on what came before."""
    if isinstance(step, Wait | Branch | HandOver | Approval):
        return None
    if step.at.time is not None:
        day = anchor.astimezone(zone).date() + timedelta(days=step.at.day or 0)
        return into(step.window, local(day, step.at.time.time, zone), zone)
    return into(step.window, anchor + step.at.offset.delta, zone) if step.at.offset is not None else None
