"""What may be seen of to-dos, and how much there is."""

from __future__ import annotations

from huoqun.ownership.queries.leaving import customers_for, customers_of, groups_of, with_customers
from huoqun.ownership.queries.people import (
    IN_CHARGE,
    absences,
    absences_now,
    account_of,
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
    "account_of",
    "at_work",
    "by_need",
    "colleagues",
    "contacts",
    "customers_for",
    "customers_of",
    "done_today",
    "due_today",
    "effort",
    "groups_of",
    "is_in_charge",
    "just_done",
    "late",
    "own",
    "pool",
    "todos",
    "with_customers",
    "workers",
    "workload",
    "workload_by_group",
]
