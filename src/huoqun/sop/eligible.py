"""Who takes part in a fair test: the groups a launch is for, those that share many members drawn together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from huoqun.community.models import Group, Membership, Person
from huoqun.community.parts import parts
from huoqun.sop import queries
from huoqun.sop.effects.units import SHARED, Shared, units
from huoqun.sop.models import Launch
from huoqun.sop.rules.testing import most_common

EVERYWHERE = 200
"""Whoever is in more groups than this tells nothing about two of them."""


@dataclass(frozen=True, slots=True)
class Unit:
    groups: tuple[Group, ...]
    stratum: str
    kinds: dict[str, str]


def eligible(launch: Launch, by: Sequence[str]) -> list[Unit]:
    """In an order that depends on nothing but the groups and their members."""
    groups = {group.pk: group for group in queries.groups_of(launch).select_related(None).order_by("pk")}
    found = units(list(groups), shared(groups))
    return [_unit([groups[pk] for pk in unit], by) for unit in found]


def _unit(groups: Sequence[Group], by: Sequence[str]) -> Unit:
    kinds = {kind: most_common(getattr(group, kind) for group in groups) for kind in by}
    state = most_common(group.state for group in groups)
    return Unit(tuple(groups), " · ".join(dict.fromkeys([state, *kinds.values()])), kinds)


def shared(groups: Collection[int]) -> Iterator[Shared]:
    """Pairs of groups with so many members in common that they hear of each other; people of the house, who are in many, left
    out.
    """
    pairs = _who_is_where(groups)
    keys, rows = np.unique(pairs[:, 0], return_inverse=True)
    _people, columns = np.unique(pairs[:, 1], return_inverse=True)
    in_groups = np.bincount(columns)
    sizes = np.bincount(rows)
    telling = in_groups[columns] <= EVERYWHERE if len(columns) else np.zeros(0, dtype=bool)
    shape = (len(keys), len(in_groups))
    here_ = scipy.sparse.csr_array((np.ones(telling.sum(), dtype=np.int32), (rows[telling], columns[telling])), shape=shape)
    common = scipy.sparse.triu(here_ @ here_.T, k=1).tocoo() if len(keys) else scipy.sparse.coo_array((0, 0))
    smaller = np.minimum(sizes[common.row], sizes[common.col]) if len(keys) else np.zeros(0, dtype=np.int64)
    # Of a few million pairs nearly all have one or two people in common.
    for place in np.flatnonzero(common.data > SHARED * smaller).tolist():
        one, other = int(keys[common.row[place]]), int(keys[common.col[place]])
        yield Shared(one, other, int(common.data[place]), int(smaller[place]))


def _who_is_where(groups: Collection[int]) -> NDArray[np.int64]:
    """(group, person), each pair once. Asked part by part and without the people themselves: in one question, a database goes
    through all people for all groups.
    """
    found: list[tuple[int, int]] = []
    for some in parts(groups):
        here = Membership.objects.filter(group__in=some, left_at__isnull=True)
        found += here.order_by().values_list("group", "identity__person")
    communities = Group.objects.filter(pk__in=list(groups)[:1]).values("community")
    house = Person.objects.filter(community__in=communities).exclude(house="").values_list("pk", flat=True)
    pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
    pairs = pairs[~np.isin(pairs[:, 1], list(house))]
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    pairs = pairs[order]
    fresh = np.ones(len(pairs), dtype=bool)
    fresh[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    return pairs[fresh]
