"""What is planned and what was done, day by day: lines of runs, and beyond what is planned what the playbooks will bring.

A day is the community's own. Days that are over are read as they were counted; the others are counted on the spot.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Min, QuerySet, Sum

from huoqun.community.models import Group
from huoqun.sop.gate import Gate, gate
from huoqun.sop.holidays import known
from huoqun.sop.models import DayCount, Launch, Line, Run, Trial, Version, Week
from huoqun.sop.operations.calendar import anchors_of, lead_of
from huoqun.sop.operations.counting import monday_of, per_step
from huoqun.sop.operations.planning import HORIZON
from huoqun.sop.operations.retiming import moves_of
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.rules.days_off import days_of
from huoqun.sop.rules.moments import fixed, local
from huoqun.sop.rules.states import RunState
from huoqun.sop.steps import Approval, Branch, HandOver, Step, Wait

MOST_ANCHORS = 300
"""Moments of runs under way that are followed further than they are planned."""

Anchor = tuple[Launch, Playbook, datetime]


@dataclass(frozen=True)
class Sight:
    """What whoever asks may see, and wants to."""

    lines: QuerySet[Line]
    launches: QuerySet[Launch]
    """All whose lines these are."""
    runs: QuerySet[Run]
    groups: QuerySet[Group] | None = None
    """None: every group of these launches."""
    operator: int = 0
    """Whose groups these are; 0: everybody's."""
    group: int = 0
    """Key of the only group."""

    @cached_property
    def at_work(self) -> list[Launch]:
        """Those whose starts are looked ahead to."""
        going = self.launches.filter(state=Launch.State.GOING).defer("version__plain")
        found = list(going.select_related("version__playbook", "community")[:200])
        return [each for each in found if not self.group or not each.only_groups or self.group in each.only_groups]


def narrowed(whole: Sight, groups: QuerySet[Group], *, operator: int, only: bool) -> Sight:
    """To these groups, which are an operator's. `only`: it is one."""
    told = list(groups.order_by().values_list("pk", "key"))
    some = [pk for pk, _key in told]
    key = told[0][1] if told and only else 0
    # Nobody has a key of -1: of a group that may not be seen nothing is shown.
    group = key or (-1 if only else 0)
    # Who asks for somebody else's groups and may see none sees none of what was counted either.
    lines, runs = whole.lines.filter(group__in=some), whole.runs.filter(group__in=some)
    return Sight(lines, whole.launches, runs, groups, operator if some else -1, group)


@dataclass(frozen=True, slots=True)
class Entry:
    """A step of a playbook on one day, in all groups together."""

    day: date
    at: datetime
    """When the first group has it, by the clock at home."""
    until: datetime
    launch: int
    title: str
    """Of the playbook."""
    key: str
    step: Step | None
    """None: no version of the playbook has it any more."""
    groups: int
    """0: not planned yet, so nobody has counted."""
    done: int = 0
    trouble: int = 0

    @property
    def clock(self) -> str:
        return f"{self.at:%H:%M}"

    @property
    def is_planned(self) -> bool:
        return self.groups > 0

    @property
    def left(self) -> int:
        """Not settled yet."""
        return self.groups - self.done

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


def entries(sight: Sight, *, first: date, number: int, now: datetime) -> dict[date, list[Entry]]:
    """By day, each day in order."""
    wanted = days(first, number)
    found: dict[date, list[Entry]] = {day: [] for day in wanted}
    for entry in (*_kept(sight, wanted), *_to_come(sight, wanted, now)):
        found[entry.day].append(entry)
    for listed in found.values():
        listed.sort(key=lambda entry: (entry.at, entry.title, entry.key))
    return found


# What is planned, or was


def _kept(sight: Sight, wanted: Sequence[date]) -> Iterator[Entry]:
    # Days were counted by operator, not by group.
    over = set[date]() if sight.group else set(_counted(sight, wanted))
    here = [day for day in wanted if day not in over]
    told = [*_of_days_over(sight, over), *(per_step(sight.lines.filter(day__in=here)) if here else ())]
    books = Books({launch for launch, *_rest in told})
    for launch, day, step, begins, ends, lines, done, trouble in told:
        zone = books.zone(launch)
        yield Entry(
            day, begins.astimezone(zone), ends.astimezone(zone), launch, books.title(launch), step, books.step(launch, step),
            lines, done, trouble,
        )  # fmt: skip


def _of_days_over(sight: Sight, over: Collection[date]) -> Iterator[tuple[Any, ...]]:
    rows = DayCount.objects.filter(day__in=over, launch__in=sight.launches.order_by().values("pk"))
    mine = rows.filter(operator=sight.operator) if sight.operator else rows
    sums = (Min("first"), Max("last"), Sum("lines"), Sum("done"), Sum("trouble"))
    for *place, begins, ends, lines, done, trouble in mine.values_list("launch", "day", "step").annotate(*sums).order_by():
        yield (*place, begins, ends, lines, done, trouble)


def _counted(sight: Sight, wanted: Sequence[date]) -> Iterator[date]:
    """Days that were over when they were counted."""
    weeks = dict(Week.objects.filter(monday__in={monday_of(day) for day in wanted}).values_list("monday", "counted_at"))
    zones = [ZoneInfo(zone) for zone in set(sight.launches.order_by().values_list("community__zone", flat=True))]
    for day in wanted:
        counted_at = weeks.get(monday_of(day))
        if counted_at and all(counted_at >= midnight(day + timedelta(days=1), zone) for zone in zones):
            yield day


class Books:
    """What steps are called, of launches some of whose runs may go by other versions of their playbook."""

    def __init__(self, launches: Iterable[int]) -> None:
        rows = Launch.objects.select_related("version__playbook", "community").defer("version__plain")
        self._launches = rows.in_bulk(set(launches))
        self._older: dict[int, list[Version]] = {}

    def title(self, launch: int) -> str:
        return self._launches[launch].version.playbook.title

    def zone(self, launch: int) -> ZoneInfo:
        return ZoneInfo(self._launches[launch].community.zone)

    def step(self, launch: int, key: str) -> Step | None:
        found = self._launches[launch].version.book.find(key)
        if found is not None:
            return found
        return next((step for version in self._versions(launch) if (step := version.book.find(key))), None)

    def _versions(self, launch: int) -> list[Version]:
        playbook = self._launches[launch].version.playbook_id
        if playbook not in self._older:
            self._older[playbook] = list(Version.objects.filter(playbook=playbook).defer("plain").order_by("-number"))
        return self._older[playbook]


# What will come


def _to_come(sight: Sight, wanted: Sequence[date], now: datetime) -> Iterator[Entry]:
    """Steps with a time of their own, of runs under way and of those that will begin."""
    since, last = now + HORIZON, wanted[-1]
    if midnight(last + timedelta(days=2), ZoneInfo("UTC")) <= since:
        return
    found = [*_under_way(sight), *_beginning(sight.at_work, last, _let_in(sight))]
    moves = moves_of({launch.pk for launch, _book, _anchor in found})
    whose = sight.groups.values_list("pk", flat=True).first() or 0 if sight.groups is not None and sight.group else 0
    for launch, book, anchor in found:
        zone = ZoneInfo(launch.community.zone)
        for step, due in _fixed(book, anchor, zone):
            at = moves.of(launch.pk, step.key, whose, due, zone, days_of(book, known())).astimezone(zone)
            if due >= since and wanted[0] <= at.date() <= last:
                yield Entry(at.date(), at, at + step.at.spread.delta, launch.pk, book.title, step.key, step, 0)


def _fixed(book: Playbook, anchor: datetime, zone: ZoneInfo) -> Iterator[tuple[Step, datetime]]:
    """Steps whose moment does not hang on what came before; not those a holiday leaves out."""
    days = days_of(book, known())
    for step in book.steps:
        if not isinstance(step, Wait | Branch | HandOver | Approval):
            at = fixed(step, anchor=anchor, zone=zone, days=days)
            if at is not None and days.left_out(step, at, zone) is None:
                yield step, at.astimezone(zone)


def _under_way(sight: Sight) -> Iterator[Anchor]:
    launches = {launch.pk: launch for launch in sight.at_work}
    open_ = sight.runs.filter(launch__in=launches, state=RunState.GOING, laid_at=None, member=None, ended_at=None)
    rows = list(open_.order_by("-anchor").values_list("launch", "version", "anchor").distinct()[:MOST_ANCHORS])
    versions = Version.objects.defer("plain").in_bulk({version for _launch, version, _anchor in rows})
    for launch, version, anchor in rows:
        yield launches[launch], versions[version].book, anchor


def _beginning(launches: Iterable[Launch], last: date, lets: Callable[[Launch, datetime], bool]) -> Iterator[Anchor]:
    for launch in launches:
        book, zone = launch.version.book, ZoneInfo(launch.community.zone)
        # Earlier ones have begun, and are known by their runs.
        coming = anchors_of(book, launch.event_at, launch.looked_until, midnight(last + timedelta(days=1), zone), zone)
        for anchor in dict.fromkeys(coming):
            if lets(launch, anchor - lead_of(book, anchor, zone)):
                yield launch, book, anchor


def _let_in(sight: Sight) -> Callable[[Launch, datetime], bool]:
    """Whether a run of a launch may begin at a moment in any group looked at: where a fair test is drawn, some wait."""
    tested = set(Trial.objects.filter(launch__in=[launch.pk for launch in sight.at_work]).values_list("launch", flat=True))
    doors = {launch.pk: door for launch in sight.at_work if launch.pk in tested and (door := gate(launch)) is not None}
    groups = set(sight.groups.values_list("pk", flat=True)) if doors and sight.groups is not None else None
    return lambda launch, at: launch.pk not in doors or _lets_any(doors[launch.pk], groups, at)


def _lets_any(door: Gate, groups: Iterable[int] | None, at: datetime) -> bool:
    if at >= door.over:
        return True
    mine: Mapping[int, datetime | None] = door.starts
    return any(door.lets(group, at) for group in (mine if groups is None else groups))
