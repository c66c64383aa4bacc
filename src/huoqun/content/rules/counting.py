"""How a broadcast stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

STILL_OPEN = ("", "confirming", "handed", "unknown")
"""Outcomes after which something is still to come."""


@dataclass(frozen=True, slots=True)
class Counts:
    """By outcome, those it goes to; by reason, those left out."""

    outcomes: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())

    @property
    def without(self) -> int:
        return sum(self.left_out.values())

    @property
    def sent(self) -> int:
        return self.number("sent")

    @property
    def is_settled(self) -> bool:
        return not any(self.number(outcome) for outcome in STILL_OPEN)

    @property
    def has_begun(self) -> bool:
        return self.total > self.number("")

    def number(self, outcome: str) -> int:
        return self.outcomes.get(outcome, 0)
