"""What was done in time, what was not and why, by whom (G03, A27, I12). Every figure is counted from the lines of runs, by
`operations.counting`; here the counts of a week are added up for whoever asks.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from heapq import nsmallest
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, QuerySet, Sum

from huoqun.sop.models import GroupWeek, Line
from huoqun.sop.operations.counting import IN_TIME, promised_by
from huoqun.sop.rules.promises import CORES, PROMISED
from huoqun.sop.rules.spread import Kept
from huoqun.sop.rules.states import LineState, Why


def is_late(line: Line, *, now: datetime) -> bool:
    """It came after its time, has not come though its time is over, or was left out for that."""
    if line.kind not in PROMISED:
        return False
    if line.state == LineState.SKIPPED:
        return line.reason == Why.TOO_LATE
    return (line.settled_at or now) > line.due_at


@dataclass(frozen=True, slots=True)
class Tally:
    """How promises were kept, and who did what."""

    in_time: int = 0
    late: int = 0
    """Done after its time, or still not done."""
    never: int = 0
    """Left out or refused: nobody got it."""
    by_people: int = 0
    by_machine: int = 0
    todos: int = 0
    minutes: int = 0
    """Until these to-dos were done, added up."""

    @property
    def promised(self) -> int:
        return self.in_time + self.late + self.never

    @property
    def bad(self) -> int:
        return self.late + self.never

    @property
    def done(self) -> int:
        return self.by_people + self.by_machine

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in PARTS))


PARTS = tuple(each.name for each in fields(Tally))


class Whole(Sum):
    """Of whole numbers, which both databases give as such: at nine thousand groups, asking each figure what it is takes longer
    than the rest of the reading.
    """

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Any]:
        return []


class OfGroup(NamedTuple):
    """A group's week, all playbooks together: what a `Tally` says, and the steps done for each core. There are thousands, so a
    row is taken as it comes.
    """

    group: int
    operator: int | None
    in_time: int
    late: int
    never: int
    by_people: int
    by_machine: int
    todos: int
    minutes: int
    help: int
    content: int
    answers: int
    rules: int
    people: int

    @property
    def tally(self) -> Tally:
        return Tally(self.in_time, self.late, self.never, self.by_people, self.by_machine, self.todos, self.minutes)

    @property
    def cores(self) -> tuple[int, ...]:
        """Steps done, in the order of `CORES`."""
        return self.help, self.content, self.answers, self.rules, self.people

    @property
    def promised(self) -> int:
        return self.in_time + self.late + self.never

    @property
    def bad(self) -> int:
        return self.late + self.never

    @property
    def served(self) -> int:
        """How many of the five cores it had."""
        return len(CORES) - self.cores.count(0)


@dataclass(slots=True)
class OfOperator:
    tally: Tally = field(default_factory=Tally)
    groups: list[Kept] = field(default_factory=list)


def by_group(weeks: QuerySet[GroupWeek]) -> list[OfGroup]:
    """Every group with a line in these weeks."""
    sums = {f"sum_{name}": Whole(name) for name in OfGroup._fields[2:]}
    rows = weeks.order_by().values("group", "group__operator").annotate(**sums)
    return [OfGroup._make(told) for told in rows.values_list("group", "group__operator", *sums)]


def by_operator(groups: Iterable[OfGroup]) -> dict[int | None, OfOperator]:
    theirs: dict[int | None, list[OfGroup]] = defaultdict(list)
    for each in groups:
        theirs[each.operator].append(each)
    return {operator: _of_operator(mine) for operator, mine in theirs.items()}


def _of_operator(groups: Sequence[OfGroup]) -> OfOperator:
    figures = tuple(zip(*groups, strict=True))[2 : 2 + len(PARTS)]
    promised = ((each.in_time, each.promised) for each in groups)
    return OfOperator(Tally(*map(sum, figures)), [kept for kept in promised if kept[1]])


def most_bad(groups: Iterable[OfGroup], *, most: int) -> list[OfGroup]:
    """The groups where most came late or never; not those where nothing did."""
    return nsmallest(most, (each for each in groups if each.bad), key=lambda each: (-each.bad, each.group))


def most_hands(groups: Iterable[OfGroup], *, most: int) -> list[OfGroup]:
    return nsmallest(most, (each for each in groups if each.by_people), key=lambda each: (-each.by_people, each.group))


def by_launch(weeks: QuerySet[GroupWeek]) -> dict[int, Tally]:
    sums = {f"sum_{name}": Sum(name) for name in PARTS}
    rows = weeks.order_by().values("launch").annotate(**sums).values_list("launch", *sums)
    return {launch: Tally(*told) for launch, *told in rows}


def reasons(weeks: QuerySet[GroupWeek]) -> list[tuple[str, int]]:
    """Why what never came did not, the most frequent first."""
    found = Counter[str]()
    told = weeks.exclude(reasons="").order_by().values_list("reasons").annotate(number=Count("pk"))
    for text, number in told:
        for reason, often in json.loads(text).items():
            found[reason] += often * number
    return found.most_common(20)


def not_in_time(lines: QuerySet[Line], worst: Sequence[int], *, start: date, end: date, now: datetime, most: int) -> list[Line]:
    """Of the groups that had most of it; the latest first."""
    told = lines.filter(group__in=worst, day__gte=start, day__lt=end).filter(promised_by(now)).exclude(IN_TIME)
    keys = list(told.order_by("-at", "-pk").values_list("pk", flat=True)[:most])
    alongside = ("group__operator", "launch__version__playbook", "run__version", "run__member")
    found = Line.objects.filter(pk__in=keys).select_related(*alongside)
    return list(found.defer("run__version__plain", "launch__version__plain").order_by("-at", "-pk"))


# The five cores


@dataclass(frozen=True, slots=True)
class Core:
    name: str
    done: int
    planned: int
    groups: int
    """In so many groups it was done."""


def cores(weeks: QuerySet[GroupWeek], groups: Collection[OfGroup]) -> list[Core]:
    told = weeks.aggregate(**{f"all_{name}": Sum(f"{name}_planned", default=0) for name in CORES})
    done = tuple(zip(*(each.cores for each in groups), strict=True)) or ((),) * len(CORES)
    return [
        Core(name, sum(each), told[f"all_{name}"], len(each) - each.count(0)) for name, each in zip(CORES, done, strict=True)
    ]


def least_served(groups: Iterable[OfGroup], *, most: int) -> list[OfGroup]:
    """The groups with the fewest cores, the fewest steps first; not those that had all."""
    lacking = (each for each in groups if 0 in each.cores)
    return nsmallest(most, lacking, key=lambda each: (each.served, sum(each.cores), each.group))


def span_late(line: Line, *, now: datetime) -> timedelta:
    return (line.settled_at or now) - line.due_at
