"""What a check-up of one group is made from, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from .blocks import Said
from .result import Group


@dataclass(frozen=True, slots=True)
class Days:
    """One value a day, the last one being the audit's day."""

    messages: tuple[int, ...] = ()
    house: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    role: str
    why: str
    messages: int
    days: int
    share: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A question nobody answered."""

    at: datetime
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Objected:
    """Somebody disagreed with the audit."""

    on: date
    about: str
    code: str
    instead: str
    note: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckUp:
    community: str
    as_of: date
    window: int
    zone: str
    group: Group
    days: Days = Days()
    about: Mapping[str, str] = field(default_factory=dict)
    """What is said of the group beside its talk: purpose, operator, carrier, plan. Empty ones are left out."""
    people: tuple[Member, ...] = ()
    roles: Mapping[str, int] = field(default_factory=dict)
    questions: tuple[Asked, ...] = ()
    curve: tuple[int, ...] = ()
    ties: str = ""
    """replies or inferred; "" where nothing is known of ties."""
    certainty: float | None = None
    track: Mapping[str, Any] = field(default_factory=dict)
    objections: tuple[Objected, ...] = ()

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def quoted(self, message: Mapping[str, Any]) -> Said:
        """A message as `Unanswered.around` and the causes keep it, with the name in `who`."""
        return self.said(datetime.fromtimestamp(message["at"] / 1000, UTC), message.get("who") or "", message.get("text") or "")

    def said(self, at: datetime, who: str, text: str) -> Said:
        return Said(f"{at.astimezone(self.clock):%Y-%m-%d %H:%M}", who, text)
