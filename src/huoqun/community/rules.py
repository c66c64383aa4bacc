"""Decisions about groups, people and labels. Plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

STRENGTH = ("hand", "list", "rule", "carrier")
"""Whose word on a house account counts, strongest first."""


def standing(labels: Mapping[str, str]) -> str:
    """What a person counts as, from {source: label}. "" is a word too: a hand that says "not house" beats a rule."""
    return next((labels[source] for source in STRENGTH if source in labels), "")


def rule_for(names: Iterable[str], rules: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The first (pattern, label) that fits one of the names, whatever the case; None if none does."""
    lowered = [name.casefold() for name in names if name]
    for pattern, house in rules:
        if any(fnmatchcase(name, pattern.casefold()) for name in lowered):
            return pattern, house
    return None


@dataclass(frozen=True, slots=True)
class Presence:
    """When somebody last came and last went, as far as is known."""

    joined_at: datetime | None = None
    left_at: datetime | None = None


def after_join(presence: Presence, at: datetime) -> Presence:
    """Joins and leaves may arrive in any order and twice: the later one counts."""
    joined = max(filter(None, (presence.joined_at, at)))
    left = presence.left_at if presence.left_at and presence.left_at >= joined else None
    return Presence(joined, left)


def after_leave(presence: Presence, at: datetime) -> Presence:
    if presence.joined_at and at < presence.joined_at:
        return presence
    return Presence(presence.joined_at, max(filter(None, (presence.left_at, at))))


SETTLING = timedelta(minutes=2)
"""A list of members may lag so far behind what happens, and what happens behind the list."""


def while_listed(presence: Presence, joined_at: datetime | None, listed_at: datetime) -> Presence:
    """The carrier lists them as a member. A leave from before is out of date: they are back, or never went."""
    left = presence.left_at
    here = Presence(presence.joined_at, None) if left and left < listed_at - SETTLING else presence
    return after_join(here, joined_at) if joined_at else here


def while_not_listed(presence: Presence, seen_at: datetime | None, listed_at: datetime) -> Presence:
    """The carrier's list of members lacks them: they left some time before. Who came or spoke about then may still be there."""
    latest = max(filter(None, (presence.joined_at, seen_at)), default=None)
    if presence.left_at or (latest and latest > listed_at - SETTLING):
        return presence
    return Presence(presence.joined_at, listed_at)
