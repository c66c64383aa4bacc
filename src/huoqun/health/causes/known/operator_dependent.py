"""People talked when the operator did, and fell silent with them (A08, A12)."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import fmean

from ..case import Case, fade, ramp
from ..findings import Finding
from ..thresholds import (
    ADS_OF_HOUSE,
    ADVERTISES,
    AFTER_HOUSE,
    AMONG_THEMSELVES,
    CONVERSATIONS,
    HOUSE_STARTS,
    HOUSE_STOPPED,
    HOUSE_TIES,
    KEPT_WITHOUT_HOUSE,
    LEAD_ALONE,
)

CODE = "operator_dependent"
SOURCES = ("house_last", "last_conversation")
SIDE = timedelta(days=28)


def look(case: Case) -> Finding | None:
    """How much of the talk hangs on the house; weaker where the house went on talking and people fell silent all the same."""
    lead, without = _lead(case), _without(case)
    if not lead:
        return None
    strength = (fmean(lead) + fmean(without)) / 2 if without else LEAD_ALONE * fmean(lead)
    figures = case.known(
        "house_starts_share",
        "after_house_share",
        "talk_kept_without_house",
        "house_share_90d",
        "house_silent_days",
        "house_per_member_message",
    )
    advertises = ADVERTISES if mostly_ads(case) else 1.0
    return Finding(strength * _stopped(case) * advertises, figures)


def _lead(case: Case) -> list[float]:
    """How far the house begins the talk and people follow it."""
    starts, after = case.number("house_starts_share"), case.number("after_house_share")
    ties = case.number("staff_tie_share")
    conversations = case.number("conversation_starts")
    found = []
    if starts is not None and (conversations is None or conversations >= CONVERSATIONS):
        found.append(ramp(starts, *HOUSE_STARTS))
    if after is not None:
        found.append(ramp(after, *AFTER_HOUSE))
    if ties is not None:
        found.append(ramp(ties, *HOUSE_TIES))
    return found


def _without(case: Case) -> list[float]:
    """How little is left where the house says nothing, and how little members draw one another into talk."""
    kept, among = case.number("talk_kept_without_house"), case.number("self_excitation")
    found = [fade(kept, *KEPT_WITHOUT_HOUSE)] if kept is not None else []
    return found + ([fade(among, *AMONG_THEMSELVES)] if among is not None else [])


def _stopped(case: Case) -> float:
    """From a half (the house talked on as before) to one (it stopped, too, or nothing fell)."""
    fell = case.fell_on
    if fell is None:
        return 1.0
    before, after = _house_a_day(case, fell - SIDE, fell - timedelta(days=1)), _house_a_day(case, fell, case.as_of)
    return 1.0 if not before else 0.5 + 0.5 * fade(after / before, *HOUSE_STOPPED)


def _house_a_day(case: Case, first: date, last: date) -> float:
    days = max((last - first).days + 1, 1)
    return case.days.between(case.days.house_messages, first, last) / days


def mostly_ads(case: Case) -> bool:
    """Whether what the house says is mostly advertising: then it does not operate, it advertises."""
    ads, share = case.number("ads_by_house"), case.number("house_share_90d")
    fraction, all_ads = case.number("ads_share"), case.number("ads_90d")
    if not ads or not share or not fraction or not all_ads:
        return False
    house_messages = share * all_ads / fraction
    return ads / house_messages >= ADS_OF_HOUSE
