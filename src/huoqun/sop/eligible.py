"""Who takes part in a fair test: the groups a launch is for, those that share many members drawn together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from huoqun.community.models import Group, Membership
from huoqun.sop import queries
from huoqun.sop.effects.units import Shared, units
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
    audience = queries.audience(launch.community, launch.version.book.audience, only=launch.only_groups)
    groups = {group.pk: group for group in audience.select_related(None).order_by("pk")}
    found = units(list(groups), shared(groups))
    return [_unit([groups[pk] for pk in unit], by) for unit in found]


def _unit(groups: Sequence[Group], by: Sequence[str]) -> Unit:
    kinds = {kind: most_common(getattr(group, kind) for group in groups) for kind in by}
    state = most_common(group.state for group in groups)
    return Unit(tuple(groups), " · ".join(dict.fromkeys([state, *kinds.values()])), kinds)


def shared(groups: Collection[int]) -> Iterator[Shared]:
    """Pairs of groups with members in common; people of the house, who are in many, left out."""
    here = Membership.objects.filter(group__in=list(groups), left_at__isnull=True, identity__person__house="")
    pairs = np.array(list(here.values_list("group", "identity__person").distinct().order_by()), dtype=np.int64).reshape(-1, 2)
    keys, rows = np.unique(pairs[:, 0], return_inverse=True)
    _people, columns = np.unique(pairs[:, 1], return_inverse=True)
    in_groups = np.bincount(columns)
    sizes = np.bincount(rows)
    telling = in_groups[columns] <= EVERYWHERE if len(columns) else np.zeros(0, dtype=bool)
    shape = (len(keys), len(in_groups))
    here_ = sparse.csr_array((np.ones(telling.sum(), dtype=np.int32), (rows[telling], columns[telling])), shape=shape)
    common = sparse.triu(here_ @ here_.T, k=1).tocoo() if len(keys) else sparse.coo_array((0, 0))
    for one, other, both in zip(common.row.tolist(), common.col.tolist(), common.data.tolist(), strict=True):
        yield Shared(int(keys[one]), int(keys[other]), int(both), int(min(sizes[one], sizes[other])))
