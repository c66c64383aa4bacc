"""What was done in time, what was not, and why (G03, A27). Every figure is counted from the lines of runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from huoqun.community.models import Community, Group
from huoqun.sop.models import Line, Run, Version
from huoqun.sop.parts.shape import Base
from huoqun.sop.rules.states import SETTLED, LineState, RunState, Why
from huoqun.sop.steps import Todo

PATIENCE = timedelta(minutes=15)
"""What is said within this of its moment is said in time."""

PROMISED = ("post", "message", "notice", "topic", "pin", "todo", "end")
"""Kinds that promise something at a time; waits, forks and the like promise nothing."""

NOBODYS_FAULT = (Why.NOT_TAKEN, Why.BY_HAND, Why.STOPPED, Why.GONE)
"""Left out on purpose, or because there was nothing to do: neither in time nor late."""

CORES = ("help", "content", "answers", "rules", "people")


def due_at(line: Line, step: Base) -> datetime:
    """Until then it is in time."""
    return line.at + (step.within.delta if isinstance(step, Todo) else PATIENCE)


def is_late(line: Line, due: datetime, *, now: datetime) -> bool:
    """It came after its time, has not come though its time is over, or was left out for that."""
    if line.kind not in PROMISED:
        return False
    if line.state == LineState.SKIPPED:
        return line.reason == Why.TOO_LATE
    return (line.settled_at or now) > due


@dataclass(frozen=True, slots=True)
class Tally:
    """How promises were kept."""

    in_time: int = 0
    late: int = 0
    """Done after its time, or still not done."""
    never: int = 0
    """Left out or refused: nobody got it."""

    @property
    def promised(self) -> int:
        return self.in_time + self.late + self.never

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.in_time + other.in_time, self.late + other.late, self.never + other.never)


def promised(
    lines: QuerySet[Line], versions: Collection[Version], *, start: datetime, end: datetime, now: datetime
) -> QuerySet[Line]:
    """Lines of the period whose time has come, those left out on purpose aside. `in_time` says how it went."""
    rows = lines.filter(kind__in=PROMISED, at__gte=start, at__lt=min(end, now))
    purpose = Q(state=LineState.SKIPPED, reason__in=NOBODYS_FAULT)
    return rows.exclude(purpose).exclude(_not_due_yet(versions, now))


def _not_due_yet(versions: Collection[Version], now: datetime) -> Q:
    """Still open and within its time: it may yet be in time."""
    undone = ~Q(state__in=SETTLED)
    soon = Q(at__gt=now - PATIENCE) & ~Q(kind="todo")
    return undone & (soon | Q(kind="todo") & _within(versions, lambda span: Q(at__gt=now - span)))


def _within(versions: Collection[Version], condition: Callable[[timedelta], Q]) -> Q:
    """`condition` of the time each to-do has, for the steps that have that time."""
    spans: dict[timedelta, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for version in versions:
        for step in version.book.steps:
            if isinstance(step, Todo):
                spans[step.within.delta][version.pk].append(step.key)
    found = Q(pk__in=[])
    for span, steps in spans.items():
        where = Q(pk__in=[])
        for pk, keys in steps.items():
            where |= Q(run__version=pk, step__in=keys)
        found |= where & condition(span)
    return found


def in_time(versions: Collection[Version]) -> Q:
    """Of lines of these versions."""
    said = ~Q(kind="todo") & Q(settled_at__lte=F("at") + PATIENCE)
    todo = Q(kind="todo") & _within(versions, lambda span: Q(settled_at__lte=F("at") + span))
    return Q(state=LineState.DONE) & (said | todo)


NEVER = Q(state__in=(LineState.SKIPPED, LineState.FAILED))


def by_operator(rows: QuerySet[Line], good: Q) -> dict[int | None, Tally]:
    """`good`: what `in_time` says of these rows."""
    counted = (
        rows.values("run__group__operator")
        .order_by()
        .annotate(good=Count("pk", filter=good), never=Count("pk", filter=NEVER), all=Count("pk"))
    )
    return {
        each["run__group__operator"]: Tally(each["good"], each["all"] - each["good"] - each["never"], each["never"])
        for each in counted
    }


def reasons(rows: QuerySet[Line]) -> list[tuple[str, int]]:
    """Why what never came did not, the most frequent first."""
    counted = rows.filter(NEVER).values_list("reason").order_by().annotate(number=Count("pk")).order_by("-number")
    return [(reason, number) for reason, number in counted[:20]]


def not_in_time(rows: QuerySet[Line], good: Q, *, most: int) -> list[Line]:
    """The latest first. Whole rows are read of those alone that are shown."""
    # As a value rather than as a condition turned round, which would ask for each part again whether it is null.
    told = rows.annotate(good=Case(When(good, then=1), default=0)).filter(good=0).order_by("-at", "-pk")
    keys = list(told.values_list("pk", flat=True)[:most])
    found = Line.objects.filter(pk__in=keys).select_related("run__group__operator", "run__version", "run__member")
    return list(found.order_by("-at", "-pk"))


def versions_run(homes: QuerySet[Community]) -> list[Version]:
    """Those anything has ever run by in these communities."""
    used = Exists(Run.objects.filter(version=OuterRef("pk")))
    return list(Version.objects.filter(used, playbook__community__in=homes))


# The five cores


def core_steps(versions: Iterable[Version]) -> Mapping[str, Q]:
    """Which lines serve each of the five cores."""
    found = {core: Q(pk__in=[]) for core in CORES}
    for version in versions:
        steps: dict[str, list[str]] = defaultdict(list)
        for step in version.book.steps:
            steps[step.core].append(step.key)
        for core in CORES:
            if steps[core]:
                found[core] |= Q(run__version=version.pk, step__in=steps[core])
    return found


@dataclass(frozen=True, slots=True)
class Core:
    name: str
    done: int
    planned: int
    groups: int
    """In so many groups it was done."""


def cores(lines: QuerySet[Line], versions: Iterable[Version]) -> list[Core]:
    """`lines` of a week."""
    wanted = core_steps(versions)
    asked: dict[str, Count] = {}
    for name, which in wanted.items():
        done = which & Q(state=LineState.DONE)
        asked |= {
            f"{name}_done": Count("pk", filter=done),
            f"{name}_planned": Count("pk", filter=which & ~Q(reason=Why.NOT_TAKEN)),
            f"{name}_groups": Count("run__group", filter=done, distinct=True),
        }
    told = lines.aggregate(**asked)
    return [Core(name, told[f"{name}_done"], told[f"{name}_planned"], told[f"{name}_groups"]) for name in wanted]


def groups_at_work(groups: QuerySet[Group]) -> QuerySet[Group]:
    """Those in which a playbook is under way."""
    return groups.filter(Exists(Run.objects.filter(group=OuterRef("pk"), state__in=(RunState.GOING, RunState.PAUSED))))


def least_served(
    groups: QuerySet[Group], lines: QuerySet[Line], versions: Iterable[Version], *, most: int
) -> list[tuple[Group, list[bool]]]:
    """The groups with the fewest cores in these lines, and which they have."""
    wanted = core_steps(versions)
    here = lines.filter(state=LineState.DONE, run__group=OuterRef("pk")).order_by()
    has = {f"has_{name}": Exists(here.filter(which)) for name, which in wanted.items()}
    score = sum((Case(When(**{name: True}, then=1), default=0) for name in has), Value(0))
    rows = groups.select_related("operator").annotate(**has).annotate(score=score).order_by("score", "name", "pk")
    return [(group, [getattr(group, name) for name in has]) for group in rows[:most]]
