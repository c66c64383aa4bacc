"""Which group a small one could be merged into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from .case import Partner, PlanSeen
from .thresholds import LARGE, ROOM, SHARED_TO_MERGE, SMALL_ENOUGH_TO_MERGE

Row = Mapping[str, Any]
LIVE_ON = frozenset({"thriving", "steady", "bubbling"})
"""States of a group one can send people to."""


def partners_of(
    rows: Mapping[int, Row], overlaps: pa.Table | None, plans: Mapping[int, PlanSeen], sources: Mapping[int, str]
) -> dict[int, Partner]:
    """For each small group the one it fits best, if any: it lives and says more than this one, has room, connects people by the
    same and on the same account, and people of this one are in it already. Strangers are not merged."""
    shared = _shared(overlaps)
    found: dict[int, Partner] = {}
    for key, row in rows.items():
        if not _small(row) or _planned(plans.get(key)):
            continue
        fitting = {
            other: people
            for other, people in shared.get(key, {}).items()
            if other in rows
            and _enough(people, row)
            and sources.get(other, "") == sources.get(key, "")
            and _same_matter(plans.get(key), plans.get(other))
            and _host(rows[other], plans.get(other), row)
        }
        if fitting:
            best = max(fitting, key=lambda other: (fitting[other], rows[other].get("messages_30d") or 0, -other))
            found[key] = Partner(best, fitting[best])
    return found


def _shared(overlaps: pa.Table | None) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in overlaps.to_pylist() if overlaps is not None else []:
        found[row["group_a"]][row["group_b"]] = row["shared"]
        found[row["group_b"]][row["group_a"]] = row["shared"]
    return found


def _same_matter(one: PlanSeen | None, other: PlanSeen | None) -> bool:
    """Where it is written down of both, what connects people must be the same."""
    mine, theirs = (plan.connects if plan else None for plan in (one, other))
    return not mine or not theirs or mine == theirs


def _planned(plan: PlanSeen | None) -> bool:
    return plan is not None and plan.end is not None


def _size(row: Row) -> float | None:
    members = row.get("members")
    return members if members is not None else row.get("speakers_90d")


def _small(row: Row) -> bool:
    size = _size(row)
    return size is not None and size <= SMALL_ENOUGH_TO_MERGE


def _host(host: Row, plan: PlanSeen | None, guest: Row) -> bool:
    """It lives, more is said there than here, and with both together it is still no crowd."""
    if host.get("state") not in LIVE_ON or _planned(plan):
        return False
    together = (_size(host) or 0) + (_size(guest) or 0)
    room = min(LARGE[1], ROOM * plan.capacity) if plan and plan.capacity else LARGE[1]
    return together <= room and (host.get("messages_30d") or 0) > (guest.get("messages_30d") or 0)


def _enough(shared: int, row: Row) -> bool:
    return shared >= 1 and shared >= SHARED_TO_MERGE * (_size(row) or 0)
