"""How many people a carrier lets into one group (C02). Carriers change this: each line has its date and source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Capacity:
    people: int
    as_of: date
    source: str


CAPACITIES: dict[str, Capacity] = {
    "wechat": Capacity(500, date(2026, 1, 1), "the method, C02"),
    "wecom": Capacity(500, date(2026, 1, 1), "vendor's page on customer groups"),
    "qq": Capacity(2000, date(2026, 1, 1), "the method, C02"),
    "telegram": Capacity(200_000, date(2026, 1, 1), "the method, C02: tens of thousands; the platform's limit for supergroups"),
}


def capacity_of(carrier: str, own: int | None) -> int | None:
    """How many people fit: the group's own figure where somebody gave one, else the carrier's; None where neither is known."""
    if own is not None:
        return own
    known = CAPACITIES.get(carrier)
    return known.people if known else None
