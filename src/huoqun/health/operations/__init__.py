"""The only places which change this room's rows."""

from __future__ import annotations

from .audits import store_audit, store_portfolio, sum_up_people
from .forgetting import forget_people
from .hours import keep_hours
from .objections import keep_objection
from .reports import plan_reports

__all__ = [
    "forget_people",
    "keep_hours",
    "keep_objection",
    "plan_reports",
    "store_audit",
    "store_portfolio",
    "sum_up_people",
]
