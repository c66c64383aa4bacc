"""How a fair test goes: which weeks, which waves, who is dealt among whom. Plain values in, plain values out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from huoqun.sop.effects.waves import Schedule

WEEK = timedelta(days=7)
MOST_BEFORE = 8
"""So many weeks before the first wave are looked at, as far as they are known."""
KEEPS = 0.9
"""More weeks are only worth it where so large a share of the groups is known through all of them."""


@dataclass(frozen=True, slots=True)
class Plan:
    first_day: date
    """The first wave's; weeks are counted from it, whatever weekday it is."""
    before: int
    """Weeks before it that are looked at."""
    waves: int
    every: int
    """Weeks from one wave to the next."""
    held_back: float
    after: int
    """Weeks looked at from the last wave on, where some are held back; without them nobody is left to compare with by then."""

    @property
    def weeks(self) -> int:
        last = self.before + (self.waves - 1) * self.every
        return last + self.after if self.held_back else last

    @property
    def over_on(self) -> date:
        """The day after the last one that counts."""
        return day_of(self.weeks, self.first_day, self.before)

    def schedule(self) -> Schedule:
        """Raises ValueError where nobody would be left to compare with."""
        return Schedule(tuple(self.before + place * self.every for place in range(self.waves)), self.held_back)


def day_of(week: int, first_day: date, before: int) -> date:
    """The day a week of a test begins on."""
    return first_day + (week - before) * WEEK


def weeks_before(known: Iterable[int]) -> int:
    """How many weeks before the start to look at, from how many weeks of its past are known of each unit: as many as can be had
    without losing more than a tenth of them; one at least.
    """
    counts = sorted(known)
    if not counts:
        return 1
    lost = int(len(counts) * (1 - KEEPS) + 1e-9)
    return max(1, min(MOST_BEFORE, counts[lost]))


def coarsened(strata: Sequence[str], least: int) -> tuple[str, ...]:
    """Strata with fewer units than there are lots are dealt together: alone, chance could not spread them evenly."""
    counts = Counter(strata)
    return tuple(each if counts[each] >= least else "" for each in strata)


def most_common(values: Iterable[str]) -> str:
    """The first of the most common ones."""
    counts = Counter(values)
    return max(counts, key=lambda each: counts[each]) if counts else ""
