"""Advertising day after day, until people stop reading and leave (A13)."""

from __future__ import annotations

from statistics import fmean

from ..case import Case, ramp
from ..findings import Finding
from ..thresholds import AD_COUNT, AD_DAYS, AD_LEAVERS, AD_SHARE, ADS

CODE = "ad_fatigue"
SOURCES = ("ads",)


def look(case: Case) -> Finding | None:
    """How much of what is said is advertising and on how many days; people leaving after it makes it plainer."""
    ads, share, days = case.number("ads_90d"), case.number("ads_share"), case.number("ad_days")
    if ads is None or share is None:
        return None
    if ads < ADS:
        return Finding(0.0)
    signs = [ramp(ads, *AD_COUNT), ramp(share, *AD_SHARE)] + ([ramp(days, *AD_DAYS)] if days is not None else [])
    leavers = case.number("leavers_after_broadcast")
    signs += [ramp(leavers, *AD_LEAVERS)] if leavers is not None else []
    return Finding(fmean(signs), _figures(case))


def _figures(case: Case) -> dict[str, float | int]:
    return case.known(
        "ads_90d", "ads_share", "ad_days", "ads_by_house", "ads_by_members", "leavers_after_broadcast", "leaves_90d"
    )
