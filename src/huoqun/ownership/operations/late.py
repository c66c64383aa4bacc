"""What is late becomes the leads' matter too; whoever has it can still do it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huoqun.inbox.operations import announce
from huoqun.ownership.models import State, Todo
from huoqun.ownership.operations.telling import tell_leads
from huoqun.ownership.rules.times import PATIENCE
from huoqun.vocabulary.facts import TodoLate


def escalate_late(*, now: datetime, most: int = 500) -> int:
    """The leads are told of each late to-do once. Returns how many were new."""
    overdue = Todo.objects.filter(state=State.OPEN, escalated_at=None, due_at__lte=now - PATIENCE)
    if not overdue.exists():
        return 0
    with transaction.atomic():
        rows = overdue.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk")
        found = list(rows.select_related("community", "group", "member__person", "assigned")[:most])
        Todo.objects.filter(pk__in=[row.pk for row in found]).update(escalated_at=now)
        announce([_late(row, now) for row in found], now=now)
        tell_leads(found, now=now)
    return len(found)


def _late(row: Todo, now: datetime) -> TodoLate:
    return TodoLate(
        community=row.community.slug, at=now, todo=row.pk, key=row.key, room=row.room, about=row.about, due_at=row.due_at,
        assigned=row.assigned_id,
    )  # fmt: skip
