"""Which group a small one could be merged into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from .case import Partner, PlanSeen
from .thresholds import SHARED_TO_MERGE, SMALL_ENOUGH_TO_MERGE

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Match:
    """How well two groups go together: people in both first, then the same matter and operator."""

    shared: int
    kindred: int
    alive: float

    @property
    def rank(self) -> tuple[int, int, float]:
        return (self.shared, self.kindred, self.alive)


def partners_of(
    rows: Mapping[int, Row], overlaps: pa.Table | None, plans: Mapping[int, PlanSeen], sources: Mapping[int, str]
) -> dict[int, Partner]:
    """For each small group the one it fits best, if any: on the same account, small too, livelier than itself, with enough
    people in common or, where nobody is shared, of the same matter and operator."""
    shared = _shared(overlaps)
    small = [key for key, row in rows.items() if _small(row) and not _planned(plans.get(key))]
    hosts = set(small)
    pools: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for key in small:
        pools[_pool(key, plans, sources)].append(key)
    found: dict[int, Partner] = {}
    for key in small:
        near = {other for other in shared.get(key, {}) if other in hosts and sources.get(other, "") == sources.get(key, "")}
        kindred = set(pools[_pool(key, plans, sources)][:KINDRED]) if _kindred(plans.get(key)) else set()
        matches = {
            other: _Match(shared.get(key, {}).get(other, 0), int(other in kindred), _alive(rows[other]))
            for other in (near | kindred) - {key}
            if _host(rows[other], rows[key]) and (other in kindred or _enough(shared[key][other], rows[key]))
        }
        if matches:
            best = max(matches, key=lambda other: (*matches[other].rank, -other))
            found[key] = Partner(best, matches[best].shared)
    return found


KINDRED = 200
"""Groups of one matter and operator that are looked through."""


def _shared(overlaps: pa.Table | None) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in overlaps.to_pylist() if overlaps is not None else []:
        found[row["group_a"]][row["group_b"]] = row["shared"]
        found[row["group_b"]][row["group_a"]] = row["shared"]
    return found


def _pool(key: int, plans: Mapping[int, PlanSeen], sources: Mapping[int, str]) -> tuple[str, str, str]:
    plan = plans.get(key, PlanSeen())
    return (sources.get(key, ""), plan.connects or "", plan.operator or "")


def _kindred(plan: PlanSeen | None) -> bool:
    """Whether the same matter and operator mean anything: both must be written down."""
    return plan is not None and bool(plan.connects) and bool(plan.operator)


def _planned(plan: PlanSeen | None) -> bool:
    return plan is not None and plan.end is not None


def _size(row: Row) -> float | None:
    members = row.get("members")
    return members if members is not None else row.get("speakers_90d")


def _small(row: Row) -> bool:
    size = _size(row)
    return size is not None and size <= SMALL_ENOUGH_TO_MERGE


def _host(host: Row, guest: Row) -> bool:
    """Somebody is there to come to, and more is said there than here."""
    said, own = host.get("messages_30d") or 0, guest.get("messages_30d") or 0
    return bool(host.get("talk_seen", True)) and said > own and _alive(host) >= 0.2


def _enough(shared: int, row: Row) -> bool:
    speakers = row.get("speakers_90d") or row.get("members") or 0
    return shared >= 2 and shared >= SHARED_TO_MERGE * speakers


def _alive(row: Row) -> float:
    return float(row.get("p_alive") or 0.0)
