"""A good part of the members are bought or automated accounts: there is nobody to talk with (A15)."""

from __future__ import annotations

from ..case import Case, ramp
from ..findings import Finding
from ..thresholds import FAKE_PEOPLE, FAKES, MEMBER_ADS, OVERRUN

CODE = "bots_and_fakes"
SOURCES = ("member_ads",)


def look(case: Case) -> Finding | None:
    """Accounts that look it, or members who advertise more than the house does."""
    share, people = case.number("fakes_share"), case.number("fakes_people")
    if share is None or people is None:
        return None
    looks = ramp(share, *FAKES) if people >= FAKE_PEOPLE else 0.0
    names = ("fakes_share", "fakes_people", "members") if people >= FAKE_PEOPLE else ("members",)
    return Finding(max(looks, _advertising(case)), case.known(*names, "ads_by_members"))


def _advertising(case: Case) -> float:
    by_members, by_house = case.number("ads_by_members"), case.number("ads_by_house")
    if by_members is None or by_house is None or by_members <= by_house:
        return 0.0
    return ramp(by_members, *MEMBER_ADS)


def overrun(case: Case) -> bool:
    """Whether members' ads are so much of what members say that the group only looks lively."""
    by_members, by_house = case.number("ads_by_members"), case.number("ads_by_house")
    everything, house = _messages(case), case.number("house_share_90d")
    if not by_members or by_house is None or everything is None or by_members <= by_house:
        return False
    return by_members >= OVERRUN * everything * (1 - (house or 0.0))


def _messages(case: Case) -> float | None:
    """All messages of the days in which ads were counted."""
    ads, share = case.number("ads_90d"), case.number("ads_share")
    return ads / share if ads and share else None
