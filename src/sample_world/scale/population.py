"""Who is in which group from which day to which: heavy-tailed sizes, a few people in two groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
SPEAKING = 0.34
"""Share of a group's members, in order of joining, among whom the talk is spread; only others leave."""
SECOND_GROUPS = 0.08
NEVER = 1 << 30


@dataclass(frozen=True, slots=True)
class Population:
    """Members of group g are places `start[g]` ... `start[g] + size[g] - 1`, in order of joining."""

    size: Ints
    start: Ints
    person: Ints
    group: Ints
    joined: Ints
    """Day of the window; negative: before it."""
    left: Ints
    """Day of the window, or NEVER."""
    staff: int
    """Persons 1 ... staff are the operators; they are members nowhere and post everywhere."""


def populate(groups: int, people: int, days: int, born: Ints, rng: np.random.Generator) -> Population:
    size = _sizes(groups, people, rng)
    start = np.concatenate(([0], np.cumsum(size)[:-1]))
    places = int(size.sum())
    staff = max(1, groups // 60)
    group = np.repeat(np.arange(groups), size)
    joined = _joined(group, born, days, places, rng)
    joined = joined[np.lexsort((joined, group))]
    rank = np.arange(places) - start[group]
    return Population(
        size, start, _people(people, places, staff, rng), group, joined, _left(joined, rank, size[group], days, rng), staff
    )


def _sizes(groups: int, people: int, rng: np.random.Generator) -> Ints:
    """Lognormal, at least four, at most about two and a half times the mean or 500; everybody is somewhere."""
    wanted = people * (1 + SECOND_GROUPS)
    drawn = rng.lognormal(0.0, 0.75, groups)
    cap = max(500.0, 2.5 * wanted / groups)
    for _ in range(30):
        drawn = np.minimum(drawn * wanted / drawn.sum(), cap)
    size = np.maximum(4, np.rint(drawn)).astype(np.int64)
    size[np.argsort(size)[: max(0, people - int(size.sum()))]] += 1
    return size


def _people(people: int, places: int, staff: int, rng: np.random.Generator) -> Ints:
    once = np.arange(min(people, places))
    again = rng.integers(0, people, max(0, places - people))
    return rng.permutation(np.concatenate((once, again))).astype(np.int64) + staff + 1


def _joined(group: Ints, born: Ints, days: int, places: int, rng: np.random.Generator) -> Ints:
    """Half come in the first days, the others one by one until today."""
    birth = born[group]
    early = birth + np.floor(rng.exponential(2.0, places)).astype(np.int64)
    late = birth + np.floor(rng.random(places) * np.maximum(1, days - birth)).astype(np.int64)
    return np.minimum(np.where(rng.random(places) < 0.5, early, late), days - 1)


def _left(joined: Ints, rank: Ints, size: Ints, days: int, rng: np.random.Generator) -> Ints:
    stays = 1 + np.floor(rng.exponential(500.0, joined.size)).astype(np.int64)
    left = np.maximum(joined, 0) + stays
    silent = rank >= np.ceil(SPEAKING * size) + 1
    return np.where(silent & (left < days), left, NEVER)
