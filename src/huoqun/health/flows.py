"""How groups move between states from one time to the next. Plain values in, plain values out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from dateutil.relativedelta import relativedelta

ABSENT = "absent"
"""Not (yet, or any more) among the groups whose talk was seen."""
TALKING = frozenset({"thriving", "steady", "bubbling", "declining"})
SILENT = frozenset({"dormant", "dead"})
NEAR_DAYS = 10
"""An audit stands for a day when it was made for that day or at most so many days before."""

States = Mapping[int, str]
"""The state of each group, by its id."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Between two days: how many groups went from one state to another, those included that stayed what they were."""

    before: date
    after: date
    moved: Mapping[tuple[str, str], int]

    def between(self, start: frozenset[str], end: frozenset[str]) -> int:
        return sum(number for (was, is_), number in self.moved.items() if was in start and is_ in end)

    @property
    def fell_silent(self) -> int:
        return self.between(TALKING, SILENT)

    @property
    def woke_up(self) -> int:
        return self.between(SILENT, TALKING)

    @property
    def began(self) -> int:
        return sum(number for (was, _is), number in self.moved.items() if was == ABSENT)


def marks(upto: date, months: int) -> list[date]:
    """The day looked at and the same day of each month before, oldest first."""
    return [upto - relativedelta(months=back) for back in range(months, -1, -1)]


def standing(mark: date, audited: Sequence[date]) -> date | None:
    """The audit that stands for a day; None where there is none near enough."""
    near = [day for day in audited if 0 <= (mark - day).days <= NEAR_DAYS]
    return max(near, default=None)


def moved(start: States, end: States) -> Counter[tuple[str, str]]:
    """How many groups went from which state to which, those included that stayed what they were."""
    return Counter((start.get(group, ABSENT), end.get(group, ABSENT)) for group in start.keys() | end.keys())


def flows(communities: Collection[Mapping[date, States]], days: Sequence[date]) -> list[Flow]:
    """From each day to the next, over the communities known on both; nothing between days of which no community knows both."""
    found = []
    for before, after in pairwise(days):
        known = [stood for stood in communities if before in stood and after in stood]
        if known:
            counted = sum((moved(stood[before], stood[after]) for stood in known), Counter[tuple[str, str]]())
            found.append(Flow(before, after, dict(counted)))
    return found
