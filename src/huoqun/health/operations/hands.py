"""What operators did by hand, from their to-dos, beside what they were seen to write (I12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.health.conclusions import EFFORT_DAYS
from huoqun.health.rules import starts_at
from huoqun.ownership import queries as ownership

Row = dict[str, Any]
"""As `operators.OperatorRow` is stored."""


def beside(rows: Iterable[Row], community: Community, *, as_of: date, now: datetime) -> list[Row]:
    """Each operator's row with `todos_done` and `todos_in_time` of the four weeks up to `as_of`, and `todos_late` now."""
    zone = ZoneInfo(community.zone)
    since, until = (starts_at(as_of + timedelta(days=days), zone) for days in (1 - EFFORT_DAYS, 1))
    counts = _by_person(ownership.effort(community, start=since, end=until, now=now))
    called = {pk: str(staff) for pk, staff in Staff.objects.in_bulk([pk for pk in counts if pk is not None]).items()}
    by_name: dict[str, Counter[str]] = {}
    for pk, name in called.items():
        by_name.setdefault(name, Counter()).update(counts[pk])
    return [row | {f"todos_{what}": by_name.get(row["operator"], Counter())[what] for what in _COUNTED} for row in rows]


_COUNTED = ("done", "in_time", "late")


def _by_person(efforts: Iterable[ownership.Effort]) -> dict[int | None, Counter[str]]:
    found: dict[int | None, Counter[str]] = {}
    for effort in efforts:
        found.setdefault(effort.staff, Counter()).update({what: getattr(effort, what) for what in _COUNTED})
    return found
