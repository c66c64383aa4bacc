"""What may be seen of to-dos, and how much there is."""

from __future__ import annotations

from huoqun.ownership.queries.people import (
    IN_CHARGE,
    absences,
    absences_now,
    at_work,
    colleagues,
    contacts,
    is_in_charge,
    workers,
)
from huoqun.ownership.queries.seeing import ALONGSIDE, Due, by_need, done_today, due_today, just_done, late, own, pool, todos
from huoqun.ownership.queries.workload import Effort, GroupLoad, Load, effort, workload, workload_by_group

__all__ = [
    "ALONGSIDE",
    "IN_CHARGE",
    "Due",
    "Effort",
    "GroupLoad",
    "Load",
    "absences",
    "absences_now",
    "at_work",
    "by_need",
    "colleagues",
    "contacts",
    "done_today",
    "due_today",
    "effort",
    "is_in_charge",
    "just_done",
    "late",
    "own",
    "pool",
    "todos",
    "workers",
    "workload",
    "workload_by_group",
]
