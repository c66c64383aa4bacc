"""Time zones to choose from: those operators ask for first, then all."""

from __future__ import annotations

from zoneinfo import available_timezones

NEAR = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "UTC")


def choices(*, empty: str = "") -> list[tuple[str, str]]:
    rest = sorted(zone for zone in available_timezones() if "/" in zone and zone not in NEAR and not zone.startswith("Etc/"))
    named = [(zone, zone) for zone in (*NEAR, *rest)]
    return [("", empty), *named] if empty else named
