"""Lines are counted week by week, so that no page has to look at 315,000 of them: days that are over for the calendar, and how
promises were kept group by group.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Count, DurationField, ExpressionWrapper, F, Max, Min, Q, QuerySet, Sum

from huoqun.community.models import Group
from huoqun.outbox.operations.disk import add_new
from huoqun.sop.models import DayCount, GroupWeek, Line, Week
from huoqun.sop.rules.promises import CORES, NOBODYS_FAULT, PROMISED
from huoqun.sop.rules.states import SETTLED, LineState, Why

SHOWN = ("post", "message", "notice", "topic", "pin", "todo", "approval", "end")
"""Kinds somebody sees something of."""

WEEK = timedelta(days=7)
EAST, WEST = timedelta(hours=14), timedelta(hours=12)
"""So much earlier or later than in Greenwich a day begins somewhere."""

LATELY = timedelta(weeks=6)
"""So far back a calendar shows a group's days to whoever runs it now; further back to whoever did then."""

OFTEN, SPARING = timedelta(minutes=1), 100
"""The week we are in is counted again and again: at most once in the first, and in no more than a hundredth of the time."""

DONE = Q(state=LineState.DONE)
NOT_TAKEN = Q(state=LineState.SKIPPED, reason=Why.NOT_TAKEN)
NEVER = Q(state__in=(LineState.SKIPPED, LineState.FAILED))
IN_TIME = DONE & Q(settled_at__lte=F("due_at"))
TROUBLE = Q(state__in=(LineState.FAILED, LineState.UNKNOWN))

PER_STEP = {
    "first": Min("at"),
    "last": Max("at"),
    "lines": Count("pk"),
    "done": Count("pk", filter=Q(state__in=SETTLED)),
    "trouble": Count("pk", filter=TROUBLE),
}
"""What a calendar says of a step on a day."""

FIGURES = (
    "in_time", "late", "never", "by_people", "by_machine", "todos", "minutes", *CORES, *(f"{core}_planned" for core in CORES),
)  # fmt: skip


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def shown(lines: QuerySet[Line]) -> QuerySet[Line]:
    return lines.filter(kind__in=SHOWN).exclude(NOT_TAKEN).order_by()


def per_step(lines: QuerySet[Line], *more: str) -> list[tuple[Any, ...]]:
    """Launch, day, step, `more`, and what a calendar says of it."""
    fields = ("launch", "day", "step", *more)
    return list(shown(lines).values(*fields).annotate(**PER_STEP).values_list(*fields, *PER_STEP))


def operators_now() -> int:
    """Changes when a group goes to another operator."""
    told = Group.objects.aggregate(sum=Sum(F("pk") * F("operator"), output_field=BigIntegerField(), default=0))
    return int(told["sum"])


def count_weeks(*, now: datetime, seconds: Callable[[], float] = perf_counter) -> int:
    """Those in which something may have changed since they were counted. Returns how many it was."""
    due = list(_to_count(now))
    for monday in due:
        begun = seconds()
        count_week(monday, now=now)
        Week.objects.filter(monday=monday).update(took=seconds() - begun)
    return len(due)


def _to_count(now: datetime) -> Iterator[date]:
    first = Line.objects.order_by("day").values_list("day", flat=True).first()
    if first is None:
        return
    known, left, operators = {week.monday: week for week in Week.objects.all()}, _left_open(), operators_now()
    monday, current = monday_of(first), monday_of((now + EAST).date())
    while monday <= current:
        week = known.get(monday)
        handed = week is not None and week.operators != operators and monday > current - LATELY
        if week is None or handed or _has_changed(week, left.get(monday, (0, None)), now):
            yield monday
        monday += WEEK


def _has_changed(week: Week, left: tuple[int, datetime | None], now: datetime) -> bool:
    if week.counted_at < _over(week.monday):
        return now - week.counted_at >= max(OFTEN, SPARING * timedelta(seconds=week.took))
    number, last_due = left
    return number != week.open or (last_due is not None and week.counted_at < last_due <= now)


def _over(monday: date) -> datetime:
    """The week is over everywhere."""
    return datetime.combine(monday + WEEK, time(), UTC) + WEST


def _left_open() -> Mapping[date, tuple[int, datetime | None]]:
    """By week: how many lines are not settled, and when the last of them is due."""
    found: dict[date, tuple[int, datetime | None]] = {}
    rows = Line.objects.filter(settled_at__isnull=True).values("day").order_by()
    for day, number, due in rows.annotate(number=Count("pk"), due=Max("due_at")).values_list("day", "number", "due"):
        before, last = found.get(monday_of(day), (0, None))
        found[monday_of(day)] = before + number, max(due, last or due)
    return found


def count_week(monday: date, *, now: datetime) -> None:
    """As it stands now. Counted first and written afterwards, so that nobody waits for it on SQLite's one write lock."""
    lines = Line.objects.filter(day__gte=monday, day__lt=monday + WEEK).order_by()
    steps = per_step(lines, "group__operator")
    groups, left = _group_weeks(lines, now), lines.filter(settled_at__isnull=True).count()
    operators = operators_now()
    with transaction.atomic():
        week = Week.objects.select_for_update().get_or_create(monday=monday, defaults={"counted_at": now, "open": left})[0]
        week.counted_at, week.open, week.operators = now, left, operators
        week.save(update_fields=["counted_at", "open", "operators"])
        DayCount.objects.filter(day__gte=monday, day__lt=monday + WEEK).delete()
        DayCount.objects.bulk_create(
            (DayCount(launch_id=launch, day=day, step=step, operator_id=whose, **dict(zip(PER_STEP, told, strict=True)))
             for launch, day, step, whose, *told in steps), batch_size=500,
        )  # fmt: skip
        GroupWeek.objects.filter(monday=monday).delete()
        columns = ("launch_id", "group_id", "monday", "reasons", *FIGURES)
        rows = [(launch, group, monday.isoformat(), reasons, *told) for launch, group, reasons, *told in groups]
        add_new("sop_groupweek", columns, rows, unique=("monday", "group_id", "launch_id"))


def _group_weeks(lines: QuerySet[Line], now: datetime) -> list[tuple[Any, ...]]:
    """Launch, group, reasons, and the figures in order."""
    why = _reasons(lines)
    counted = lines.values("launch", "group").annotate(**_figures(now))
    rows = counted.values_list("launch", "group", "kept", "all", "gone", "hands", "machine", "given", "spent", *_core_names())
    return [
        (launch, group, why.get((launch, group), ""), kept, every - kept - gone, gone, hands, machine, given,
         round(spent.total_seconds() / 60) if spent else 0, *cores)
        for launch, group, kept, every, gone, hands, machine, given, spent, *cores in rows
    ]  # fmt: skip


def _core_names() -> list[str]:
    return [*(f"{core}_done" for core in CORES), *(f"{core}_all" for core in CORES)]


def _figures(now: datetime) -> dict[str, Any]:
    promised = promised_by(now)
    todo = DONE & Q(kind="todo", settled_at__gte=F("at"))
    took = ExpressionWrapper(F("settled_at") - F("at"), output_field=DurationField())
    told: dict[str, Any] = {
        "kept": Count("pk", filter=promised & IN_TIME),
        "all": Count("pk", filter=promised),
        "gone": Count("pk", filter=promised & NEVER),
        "hands": Count("pk", filter=DONE & Q(kind__in=PROMISED, by_hand=True)),
        "machine": Count("pk", filter=DONE & Q(kind__in=PROMISED, by_hand=False)),
        "given": Count("pk", filter=todo),
        "spent": Sum(took, filter=todo),
    }
    told |= {f"{core}_done": Count("pk", filter=DONE & Q(core=core)) for core in CORES}
    return told | {f"{core}_all": Count("pk", filter=Q(core=core) & ~NOT_TAKEN) for core in CORES}


def promised_by(now: datetime) -> Q:
    """Lines that promised something whose time has come; neither those left out on purpose nor open ones still in time."""
    on_purpose = Q(state=LineState.SKIPPED, reason__in=NOBODYS_FAULT)
    yet = Q(settled_at__isnull=True, due_at__gt=now)
    return Q(kind__in=PROMISED, at__lt=now) & ~on_purpose & ~yet


def _reasons(lines: QuerySet[Line]) -> dict[tuple[int, int], str]:
    """By launch and group: why what never came did not."""
    never = lines.filter(NEVER, kind__in=PROMISED).exclude(state=LineState.SKIPPED, reason__in=NOBODYS_FAULT)
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for launch, group, reason, number in never.values_list("launch", "group", "reason").annotate(number=Count("pk")):
        found[launch, group][reason] = number
    return {key: json.dumps(told, ensure_ascii=False, sort_keys=True) for key, told in found.items()}
