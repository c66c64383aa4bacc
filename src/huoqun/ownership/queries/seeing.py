"""Which to-dos somebody may see, and which are pressing. Communities come through `community.queries`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, DateTimeField, F, Q, QuerySet, When

from huoqun.community import queries as community_queries
from huoqun.community.queries import Visitor
from huoqun.console.models import Role, Staff
from huoqun.ownership.models import State, Todo
from huoqun.ownership.queries.people import is_in_charge
from huoqun.ownership.rules.times import UNDO, day_in

ALONGSIDE = ("community", "group", "member__person", "assigned", "meant_for", "done_by", "asked_by")


def todos(visitor: Visitor) -> QuerySet[Todo]:
    """Leads see all of their communities; everybody else their own, what they have done, and those of the groups they run."""
    if not isinstance(visitor, Staff) or not visitor.is_active:
        return Todo.objects.none()
    if visitor.role == Role.ADMIN:
        return Todo.objects.all()
    rows = Todo.objects.filter(community__in=community_queries.communities(visitor))
    if visitor.role == Role.LEAD:
        return rows
    return rows.filter(Q(assigned=visitor) | Q(done_by=visitor) | Q(group__operator=visitor))


def late(now: datetime) -> Q:
    return Q(state=State.OPEN, due_at__lt=now)


def by_need(rows: QuerySet[Todo]) -> QuerySet[Todo]:
    """With `open_due`: open ones by their time, the latest first; what is closed has none and comes last."""
    return rows.annotate(open_due=Case(When(state=State.OPEN, then=F("due_at")), output_field=DateTimeField()))


def own(staff: Staff) -> QuerySet[Todo]:
    """What this person has in hand, the most pressing first."""
    return todos(staff).filter(state=State.OPEN, assigned=staff).order_by("due_at", "pk")


def pool(visitor: Visitor) -> QuerySet[Todo]:
    """What nobody has been given: for the leads."""
    rows = todos(visitor).filter(state=State.OPEN, assigned=None)
    return rows.order_by("due_at", "pk") if is_in_charge(visitor) else rows.none()


def just_done(staff: Staff, *, now: datetime) -> QuerySet[Todo]:
    """What they tapped by mistake can still be taken back."""
    rows = todos(staff).filter(state=State.DONE, done_by=staff, settled_at=None, done_at__gt=now - UNDO)
    return rows.order_by("-done_at")


@dataclass(frozen=True, slots=True)
class Due:
    """What is due today for one visitor; `first` are the most pressing of their own, then of the leads' pool."""

    late: int
    today: int
    """Until midnight by their own clock, the late ones included."""
    pool: int
    """Nobody's yet: for leads; 0 for others."""
    late_of_others: int
    """For leads: late ones that others have in hand."""
    first: list[Todo]

    @property
    def total(self) -> int:
        return self.today + self.pool


def due_today(visitor: Visitor, now: datetime, *, most: int = 5) -> Due:
    """For the first page: two queries, and what the visitor may not see is not in it."""
    if not isinstance(visitor, Staff) or not visitor.is_active:
        return Due(0, 0, 0, 0, [])
    midnight = day_in(visitor.zone, now=now)[1]
    mine, nobodys, charge = Q(assigned=visitor), Q(assigned=None), is_in_charge(visitor)
    rows = todos(visitor).filter(state=State.OPEN, due_at__lt=midnight)
    counted = rows.aggregate(
        late=Count("pk", filter=mine & late(now)),
        today=Count("pk", filter=mine),
        pool=Count("pk", filter=nobodys),
        others=Count("pk", filter=~mine & ~nobodys & late(now)),
    )
    wanted = rows.filter(mine | nobodys if charge else mine).select_related(*ALONGSIDE)
    first = list(wanted.order_by(F("assigned").desc(nulls_last=True), "due_at", "pk")[:most])
    return Due(
        late=counted["late"],
        today=counted["today"],
        pool=counted["pool"] if charge else 0,
        late_of_others=counted["others"] if charge else 0,
        first=first,
    )


def done_today(staff: Staff, *, now: datetime) -> int:
    start, end = day_in(staff.zone, now=now)
    return todos(staff).filter(state=State.DONE, done_by=staff, done_at__gte=start, done_at__lt=end).count()
