"""A step of one day comes at another time: in all groups of a launch, or in some. What is out stays out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from huoqun.console.models import Staff
from huoqun.sop.errors import CannotMove, NoMove
from huoqun.sop.gate import gate
from huoqun.sop.holidays import known
from huoqun.sop.models import Launch, Line, Move, Run
from huoqun.sop.operations.changing import plan_again
from huoqun.sop.rules.days_off import Days, days_of
from huoqun.sop.rules.moves import FURTHEST, MOVABLE, Moves, came_from, shifted
from huoqun.sop.rules.states import OPEN, LineState, RunState

AT_ONCE = 50

Row = tuple[str, int | None, int | None]
"""Day (as text), group, minutes; None: nobody had moved it."""


@dataclass(frozen=True, slots=True)
class Wish:
    launch: int
    step: str
    day: date
    """On which it stands in the calendar now."""
    minutes: int
    groups: Sequence[int] | None = None
    """None: all groups, also those that will begin."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, and how it was before."""

    days: tuple[date, ...]
    """Where its lines stand, and where they go: these have to be planned again."""
    rows: tuple[Row, ...]


def moves_of(launches: Collection[int]) -> Moves:
    rows = Move.objects.filter(launch__in=launches).values_list("launch", "step", "day", "group", "minutes")
    return Moves({(launch, step, day, group): minutes for launch, step, day, group, minutes in rows})


def movable(wish: Wish, *, now: datetime) -> QuerySet[Line]:
    """What is planned and not out."""
    ahead = Q(state=LineState.PLANNED) | Q(kind="todo", state=LineState.HAND)
    rows = Line.objects.filter(ahead, launch=wish.launch, step=wish.step, day=wish.day, kind__in=MOVABLE, at__gt=now)
    rows = rows.filter(run__state__in=OPEN)
    return rows if wish.groups is None else rows.filter(group__in=wish.groups)


@transaction.atomic
def move(wish: Wish, *, by: Staff | None, now: datetime) -> Moved:
    """Written down; `plan_moved` has to follow. Raises CannotMove, with why."""
    launch = Launch.objects.select_for_update(of=("self",)).select_related("community", "version").get(pk=wish.launch)
    zone = ZoneInfo(launch.community.zone)
    _check(wish, launch, zone, now)
    there = {(row.day, row.group_id): row.minutes for row in Move.objects.filter(launch=launch, step=wish.step)}
    days = days_of(launch.version.book, known())
    places = _places(wish, zone, there, days)
    later = [(day, group, there.get((day, group), there.get((day, None), 0)) + wish.minutes) for day, group in places]
    _set(launch, wish.step, later, by=by, now=now)
    return Moved(_days(wish, days), tuple((day.isoformat(), group, there.get((day, group))) for day, group in places))


@transaction.atomic
def move_back(wish: Wish, rows: Iterable[Row], *, by: Staff | None, now: datetime) -> Moved:
    """As it was before that move; `plan_moved` has to follow."""
    launch = Launch.objects.select_for_update(of=("self",)).select_related("version").get(pk=wish.launch)
    _set(launch, wish.step, [(date.fromisoformat(day), group, minutes) for day, group, minutes in rows], by=by, now=now)
    return Moved(_days(wish, days_of(launch.version.book, known())), ())


def _quietly(done: int, total: int) -> None:
    pass


def _days(wish: Wish, days: Days) -> tuple[date, ...]:
    """A stretch of minutes may lie over two days, and each of them be off."""
    there = wish.day + timedelta(days=wish.minutes // 1440)
    two = (there, there + timedelta(days=1))
    return tuple(dict.fromkeys((wish.day, *two, *(days.nth(day, 0) for day in two))))


def _check(wish: Wish, launch: Launch, zone: ZoneInfo, now: datetime) -> None:
    step = launch.version.book.find(wish.step)
    if step is None or str(step.__struct_config__.tag) not in MOVABLE:
        raise CannotMove(NoMove.KIND)
    if launch.state == Launch.State.ENDED:
        raise CannotMove(NoMove.ENDED)
    if not wish.minutes or abs(timedelta(minutes=wish.minutes)) > FURTHEST:
        raise CannotMove(NoMove.TOO_FAR)
    first = movable(wish, now=now).order_by("at").values_list("at", flat=True).first()
    if first is None:
        _check_to_come(wish, now.astimezone(zone).date())
    elif shifted(first, wish.minutes, zone) <= now:
        raise CannotMove(NoMove.PAST)
    elif wish.minutes < 0:
        _check_test(wish, launch, zone, now)


def _check_test(wish: Wish, launch: Launch, zone: ZoneInfo, now: datetime) -> None:
    """Where a fair test is drawn, nothing comes before its group's wave."""
    door = gate(launch)
    if door is not None:
        coming = movable(wish, now=now).values_list("group", "at")
        if not all(door.lets(group, shifted(at, wish.minutes, zone)) for group, at in coming):
            raise CannotMove(NoMove.TEST)


def _check_to_come(wish: Wish, today: date) -> None:
    if wish.day <= today or Line.objects.filter(launch=wish.launch, step=wish.step, day=wish.day).exists():
        raise CannotMove(NoMove.OUT)
    if wish.minutes < 0:
        raise CannotMove(NoMove.NOT_PLANNED)


def _places(
    wish: Wish, zone: ZoneInfo, there: Mapping[tuple[date, int | None], int], days: Days
) -> list[tuple[date, int | None]]:
    """The days from which what stands here came, for whom."""
    lines = Line.objects.filter(launch=wish.launch, step=wish.step, day=wish.day).order_by()
    told = lines if wish.groups is None else lines.filter(group__in=wish.groups)
    # What gave way to another playbook stands elsewhere than it was meant to.
    here = list(told.values_list("group", Coalesce("moved_from", "at")))
    of_all, own = _by_group(there)

    def first(at: datetime, moves: Iterable[tuple[date, int]]) -> date:
        return came_from(at, zone, moves, days) or at.astimezone(zone).date()

    if wish.groups is not None:
        came = [(first(at, [*own.get(group, ()), *of_all]), group) for group, at in here]
        others = set(wish.groups).difference(group for _day, group in came)
        return list(dict.fromkeys([*came, *((wish.day, group) for group in wish.groups if group in others)]))
    found = [(first(at, of_all), None) for group, at in here if group not in own]
    # Groups moved by themselves that stand here go along.
    mine = [(came_from(at, zone, own[group], days), group) for group, at in here if group in own]
    return list(dict.fromkeys([*(found or [(wish.day, None)]), *((day, group) for day, group in mine if day is not None)]))


def _by_group(
    there: Mapping[tuple[date, int | None], int],
) -> tuple[list[tuple[date, int]], dict[int, list[tuple[date, int]]]]:
    of_all, own = list[tuple[date, int]](), defaultdict[int, list[tuple[date, int]]](list)
    for (day, group), minutes in there.items():
        (of_all if group is None else own[group]).append((day, minutes))
    return of_all, dict(own)


def _set(
    launch: Launch, step: str, rows: Collection[tuple[date, int | None, int | None]], *, by: Staff | None, now: datetime
) -> None:
    """A group that goes back to its own time while all others are moved has a move of nothing. The launch is locked."""
    moves = Move.objects.filter(launch=launch, step=step)
    for day in {day for day, _group, _minutes in rows}:
        groups = {group for each, group, _minutes in rows if each == day}
        moves.filter(Q(group__in=groups - {None}) | (Q(group=None) if None in groups else Q(pk__in=[])), day=day).delete()
    others = set(moves.filter(group=None).values_list("day", flat=True))
    told = [(day, group, later) for day, group, later in rows if later is not None]
    kept = [(day, group, later) for day, group, later in told if later or (group and day in others)]
    made = (Move(launch=launch, step=step, day=day, group_id=group, minutes=later, by=by, at=now) for day, group, later in kept)
    Move.objects.bulk_create(made, batch_size=200)


def runs_moved(wish: Wish, days: Iterable[date], *, now: datetime) -> list[int]:
    """Runs of what is planned on these days."""
    found: set[int] = set()
    for day in days:
        found.update(movable(replace(wish, day=day), now=now).values_list("run", flat=True))
    return sorted(found)


def plan_moved(
    wish: Wish, days: Collection[date], *, by: Staff | None, now: datetime, progress: Callable[[int, int], None] = _quietly
) -> int:
    """What is planned on these days is unmade and planned for its new time. May be called again. Returns how many runs."""
    runs = runs_moved(wish, days, now=now)
    for start in range(0, len(runs), AT_ONCE):
        progress(start, len(runs))
        with transaction.atomic():
            rows = Run.objects.select_for_update(of=("self",)).select_related("version").defer("version__plain")
            for run in rows.filter(pk__in=runs[start : start + AT_ONCE], state__in=OPEN).order_by("pk"):
                plan_again(run, [wish.step], by=by, now=now)
    # What is not planned yet may be due for planning now.
    ahead = Run.objects.filter(launch=wish.launch, state=RunState.GOING, next_at__gt=now)
    (ahead if wish.groups is None else ahead.filter(group__in=wish.groups)).update(next_at=now)
    return len(runs)
