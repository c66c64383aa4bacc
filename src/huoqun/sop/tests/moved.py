"""Steps dragged in the calendar, and where they have to be then: by what the calendar showed, not by what the engine keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.ownership.models import State as TodoState
from huoqun.ownership.models import Todo
from huoqun.sop.models import Line, Move
from huoqun.sop.operations.retiming import Wish
from huoqun.sop.rules.states import OPEN, LineState

KINDS = ("post", "message", "notice", "topic", "todo")
FAR = (-1440, -180, -45, 45, 150, 1440, 2880)
"""Minutes."""


@dataclass(frozen=True, slots=True)
class Dragged:
    """A step of a run that could still be moved when it was."""

    to: datetime
    """By the clock on the wall so much later than it stood there."""
    version: int


Places = dict[tuple[int, str], Dragged]
Kept = frozenset[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Drag:
    """One that has begun, and may be cut off in the middle."""

    wish: Wish
    places: Places
    before: Kept

    @property
    def days(self) -> tuple[date, ...]:
        there = self.wish.day + timedelta(days=self.wish.minutes // 1440)
        return (self.wish.day, there, there + timedelta(days=1))


def kept() -> Kept:
    return frozenset(Move.objects.values_list("launch", "step", "day", "group", "minutes"))


def standing(now: datetime) -> list[Line]:
    """What stands in the calendar and has not gone out."""
    rows = Line.objects.filter(kind__in=KINDS, at__gt=now, state__in=(LineState.PLANNED, LineState.HAND), run__state__in=OPEN)
    return [
        line for line in rows.select_related("run").order_by("pk") if line.state == LineState.PLANNED or line.kind == "todo"
    ]


def drag(lines: list[Line], one: Line, minutes: int, groups: list[int] | None, zone: ZoneInfo) -> Drag:
    day = one.at.astimezone(zone).date()
    wish = Wish(one.launch_id, one.step, day, minutes, groups)
    here = [
        line
        for line in lines
        if (line.launch_id, line.step, line.at.astimezone(zone).date()) == (one.launch_id, one.step, day)
        and (groups is None or line.group_id in groups)
    ]
    places = {
        (line.run_id, line.step): Dragged(on_the_wall(line.moved_from or line.at, minutes, zone), line.run.version_id)
        for line in here
        if not line.to and _can_be_taken_back(line)
    }
    return Drag(wish, places, kept())


def _can_be_taken_back(line: Line) -> bool:
    requests = Request.objects.filter(key__startswith=line.request_key)
    todos = Todo.objects.filter(key__startswith=line.request_key)
    asked = all(request.state in {RequestState.WAITING, RequestState.HELD} for request in requests)
    return asked and all(todo.state == TodoState.OPEN for todo in todos)


def on_the_wall(at: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    wall = at.astimezone(zone).replace(tzinfo=None) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def before_it(at: datetime, minutes: int, zone: ZoneInfo) -> set[datetime]:
    """Where it can have stood before it was dragged so far: of an hour that comes twice, or never, there is more than one."""
    if not minutes:
        return {at}
    near = (at + timedelta(minutes=changed - minutes) for changed in CHANGED)
    return {on_the_wall(at, -minutes, zone)} | {each for each in near if on_the_wall(each, minutes, zone) == at}


CHANGED = (-60, -30, 0, 30, 60)
"""By so many minutes clocks are changed, or not."""


def ways(minutes: list[int]) -> set[int]:
    """What several drags of one step can come to, for a step which only some of them were about."""
    some = minutes[:8]
    return {sum(each) for number in range(len(some) + 1) for each in combinations(some, number)}
