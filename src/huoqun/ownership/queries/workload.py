"""How much people have to do by hand, and did (I12)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Min, Q, QuerySet

from huoqun.community.models import Community, Group
from huoqun.community.queries import Visitor
from huoqun.console.models import Staff
from huoqun.ownership.models import State, Todo
from huoqun.ownership.queries.people import absences_now, is_in_charge
from huoqun.ownership.queries.seeing import late, todos
from huoqun.ownership.rules.pressing import Pressure, pressure
from huoqun.ownership.rules.times import day_in

LOOKED_BACK = timedelta(days=7)

Rows = Iterable[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Load:
    """What lies on one person, or on the leads together (`staff` None)."""

    staff: Staff | None
    open: int
    late: int
    today: int
    done: int
    """In the last seven days."""
    in_time: int
    """Of those, done before they were late."""
    oldest: datetime | None
    away_until: datetime | None

    @property
    def pressure(self) -> Pressure:
        return pressure(late=self.late, today=self.today)


def workload(
    visitor: Visitor, communities: QuerySet[Community], people: Collection[Staff], *, now: datetime, zone: str
) -> list[Load]:
    """Of these people and of whoever else has something, who is drowning first; then the leads' pool. For those in charge."""
    if not is_in_charge(visitor):
        return []
    rows = todos(visitor).filter(community__in=communities)
    counted = {row["assigned"]: row for row in _counted(rows, "assigned", now=now, zone=zone)}
    done = {row["done_by"]: row for row in _done(rows, "done_by", since=now - LOOKED_BACK, until=now)}
    absences = {each.staff: each.end for each in absences_now(now)}
    known = {person.pk for person in people}
    gone = Staff.objects.filter(pk__in=[key for key in counted if key is not None and key not in known])
    loads = [_load(person, counted, done, absences) for person in [*people, *gone, None]]
    return sorted(loads, key=lambda load: (load.staff is None, -load.late, -load.today, -load.open))


def _load(
    person: Staff | None,
    counted: dict[int | None, dict[str, Any]],
    done: dict[int | None, dict[str, Any]],
    absences: dict[int, datetime],
) -> Load:
    key = person.pk if person else None
    has, did = counted.get(key, {}), done.get(key, {}) if person else {}
    numbers = {name: has.get(name, 0) for name in ("open", "late", "today")}
    return Load(
        staff=person,
        **numbers,
        done=did.get("done", 0),
        in_time=did.get("in_time", 0),
        oldest=has.get("oldest"),
        away_until=absences.get(key) if key else None,
    )


@dataclass(frozen=True, slots=True)
class GroupLoad:
    group: Group
    open: int
    late: int
    today: int


def workload_by_group(
    visitor: Visitor, communities: QuerySet[Community], *, now: datetime, zone: str, most: int = 20
) -> list[GroupLoad]:
    """Groups with open to-dos, those with the most late ones first."""
    if not is_in_charge(visitor):
        return []
    rows = todos(visitor).filter(community__in=communities, group__isnull=False)
    counted = sorted(_counted(rows, "group", now=now, zone=zone), key=_need)[:most]
    there = Group.objects.select_related("operator").in_bulk([row["group"] for row in counted])
    return [GroupLoad(there[row["group"]], row["open"], row["late"], row["today"]) for row in counted]


def _need(row: dict[str, Any]) -> tuple[int, int, int]:
    return -row["late"], -row["today"], -row["open"]


def _counted(rows: QuerySet[Todo], by: str, *, now: datetime, zone: str) -> Rows:
    midnight = day_in(zone, now=now)[1]
    found: Rows = (
        rows.filter(state=State.OPEN)
        .order_by()
        .values(by)
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=now)),
            today=Count("pk", filter=Q(due_at__lt=midnight)),
            oldest=Min("due_at"),
        )
    )
    return found


def _done(rows: QuerySet[Todo], *by: str, since: datetime, until: datetime) -> Rows:
    took = ExpressionWrapper(F("done_at") - F("given_at"), output_field=DurationField())
    found: Rows = (
        rows.filter(state=State.DONE, done_at__gte=since, done_at__lt=until)
        .order_by()
        .values(*by)
        .annotate(done=Count("pk"), in_time=Count("pk", filter=Q(done_at__lte=F("due_at"))), took=Avg(took))
    )
    return found


@dataclass(frozen=True, slots=True)
class Effort:
    """What people did by hand for one group in some time. `staff` None: nobody knows who; for what is open, nobody has it."""

    group_key: int | None
    staff: int | None
    given: int
    done: int
    in_time: int
    open: int
    late: int
    hours_to_done: float | None
    """From given to done, on average."""


def effort(community: Community, *, start: datetime, end: datetime, now: datetime) -> list[Effort]:
    """For the audit (I12): by group and person what was given and done from `start` to before `end`, and what is open now."""
    rows = Todo.objects.filter(community=community)
    found: dict[tuple[int | None, int | None], dict[str, Any]] = {}
    for row in _done(rows, "group_key", "done_by", since=start, until=end):
        found.setdefault((row["group_key"], row["done_by"]), {}).update(
            done=row["done"], in_time=row["in_time"], took=row["took"]
        )
    given = Count("pk", filter=Q(given_at__gte=start, given_at__lt=end))
    opened = Count("pk", filter=Q(state=State.OPEN))
    behind = Count("pk", filter=late(now))
    counted = rows.order_by().values("group_key", "assigned").annotate(given=given, opened=opened, behind=behind)
    for group, staff, *numbers in counted.values_list("group_key", "assigned", "given", "opened", "behind"):
        if any(numbers):
            found.setdefault((group, staff), {}).update(zip(("given", "open", "late"), numbers, strict=True))
    return [_effort(group, staff, numbers) for (group, staff), numbers in found.items()]


def _effort(group: int | None, staff: int | None, numbers: dict[str, Any]) -> Effort:
    counts = {name: numbers.get(name, 0) for name in ("given", "done", "in_time", "open", "late")}
    took = numbers.get("took")
    hours = took / timedelta(hours=1) if took is not None else None
    return Effort(group_key=group, staff=staff, hours_to_done=hours, **counts)
