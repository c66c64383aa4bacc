"""What is drawn together: groups that share many members are one unit, or the one would hear what the other is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy

SHARED = 0.2
"""Two groups with more of the smaller one's members in common are one unit."""


@dataclass(frozen=True, slots=True)
class Shared:
    """How many members two groups have in common, and how many the smaller of them has."""

    one: int
    other: int
    in_common: int
    smaller: int


def units(groups: Sequence[int], shared: Iterable[Shared], *, most: float = SHARED) -> list[list[int]]:
    """The groups in their units, each in the order given, largest unit first; a group that shares with nobody is one by itself.

    Chains count: where A shares with B and B with C, the three are one.
    """
    places = {group: place for place, group in enumerate(groups)}
    ties = [
        (places[pair.one], places[pair.other])
        for pair in shared
        if pair.one in places and pair.other in places and pair.in_common > most * max(pair.smaller, 1)
    ]
    rows, columns = (np.array([tie[end] for tie in ties], dtype=np.int64) for end in (0, 1))
    graph = scipy.sparse.coo_array((np.ones(len(ties)), (rows, columns)), shape=(len(groups), len(groups)))
    _count, labels = scipy.sparse.csgraph.connected_components(graph, directed=False)
    found: dict[int, list[int]] = {}
    for group, label in zip(groups, labels.tolist(), strict=True):
        found.setdefault(label, []).append(group)
    return sorted(found.values(), key=lambda unit: (-len(unit), places[unit[0]]))
