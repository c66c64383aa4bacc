"""Who is left out, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

DEAD, ENDED = "dead", "planned_end"
"""States of a group as the audit says them."""


class LeftOut(StrEnum):
    NOT_YOURS = "not_yours"
    DISSOLVED = "dissolved"
    ENDED = "ended"
    DEAD = "dead"
    CAP = "cap"
    HOUSE = "house"
    ERASED = "erased"
    UNFILLED = "unfilled"


@dataclass(frozen=True, slots=True)
class GroupFacts:
    state: str
    in_scope: bool
    dissolved: bool = False


def why_without_group(group: GroupFacts, asked_states: Collection[str]) -> LeftOut | None:
    """None: it takes part. `asked_states`: those somebody chose by name."""
    if not group.in_scope:
        return LeftOut.NOT_YOURS
    if group.dissolved:
        return LeftOut.DISSOLVED
    if group.state == ENDED and ENDED not in asked_states:
        return LeftOut.ENDED
    if group.state == DEAD and DEAD not in asked_states:
        return LeftOut.DEAD
    return None


def why_without_person(*, house: str, erased: bool) -> LeftOut | None:
    """What speaks against the group they are known from comes before."""
    if erased:
        return LeftOut.ERASED
    return LeftOut.HOUSE if house else None
