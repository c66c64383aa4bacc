"""Time zones to choose from."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
NEAR = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "UTC")


@cache
def zone_choices() -> tuple[tuple[str, str], ...]:
    """The nearest ones first, then all by name."""
    rest = sorted(zone for zone in available_timezones() if zone.split("/")[0] in AREAS and zone not in NEAR)
    return tuple((zone, zone.replace("_", " ")) for zone in (*NEAR, *rest))
