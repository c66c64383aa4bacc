"""From one to another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from huoqun.console.models import Staff
from huoqun.ownership.errors import CannotWorkHere
from huoqun.ownership.models import HandOn, State, Todo, Why
from huoqun.ownership.operations.telling import call_off, tell
from huoqun.ownership.queries import absences_now, at_work
from huoqun.ownership.rules.receiving import receiver


def hand_on(todos: Iterable[Todo], to: Staff | None, *, by: Staff | None, now: datetime, said: str = "") -> int:
    """They are `to`'s from now on; None: the leads'. Returns how many changed hands; what is closed, or theirs already, stays.

    Raises CannotWorkHere where they may not work in the community of one of them: then none changes hands.
    """
    rows = list(todos)
    if to is not None:
        here = at_work({row.community_id for row in rows})
        if any(to.pk not in allowed for allowed in here.values()):
            raise CannotWorkHere(str(to))
    return _hand({row.pk: to.pk if to else None for row in rows}, why=Why.HAND, by=by, now=now, said=said)


def cannot(todo: Todo, *, by: Staff, now: datetime, said: str = "") -> bool:
    """They cannot do it: the leads see to it. False where the leads have it already, or it is closed."""
    return _hand({todo.pk: None}, why=Why.CANNOT, by=by, now=now, said=said) == 1


def hand_on_absent(*, now: datetime) -> int:
    """What lies with somebody who is away, has left, or lost their seat goes to the stand-in, else to the leads."""
    opened = Todo.objects.filter(state=State.OPEN, assigned__isnull=False).order_by()
    pairs = list(opened.values_list("community_id", "assigned_id").distinct())
    here, absences = at_work({community for community, _staff in pairs}), absences_now(now)
    moved = 0
    for community, staff in pairs:
        to = receiver(staff, absences, here[community], now=now)
        if to != staff:
            ids = opened.filter(community=community, assigned=staff).values_list("pk", flat=True)
            moved += _hand(dict.fromkeys(ids, to), why=Why.AWAY, by=None, now=now)
    return moved


@transaction.atomic
def _hand(receivers: dict[int, int | None], *, why: Why, by: Staff | None, now: datetime, said: str = "") -> int:
    """`receivers`: by the to-do's number who gets it."""
    opened = Todo.objects.filter(pk__in=receivers, state=State.OPEN).order_by("pk")
    rows = list(opened.select_for_update(of=("self",)).select_related("community"))
    moving = [row for row in rows if row.assigned_id != receivers[row.pk]]
    call_off(moving, now=now)
    HandOn.objects.bulk_create(
        (
            HandOn(
                todo=row, at=now, from_staff_id=row.assigned_id, to_staff_id=receivers[row.pk], by=by, why=why, said=said[:300]
            )
            for row in moving
        ),
        batch_size=500,
    )
    for row in moving:
        row.assigned_id = receivers[row.pk]
    Todo.objects.bulk_update(moving, ["assigned"], batch_size=500)
    tell(moving, now=now)
    return len(moving)
