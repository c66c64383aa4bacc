"""Graphs of people, all groups at once: components and cores. Plain arrays in, plain arrays out; no edge leaves its group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import rustworkx as rx
import scipy

Wholes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class People:
    """A node a group and person: `group` numbers groups from 0, `member` is False for house, `bot` for machines.

    `one`, `other` are the connected pairs, as places in these arrays; each pair once.
    """

    group: Wholes
    member: Flags
    bot: Flags
    one: Wholes
    other: Wholes
    groups: int

    def members_of(self) -> Wholes:
        """How many members each group has."""
        return np.bincount(self.group[self.member], minlength=self.groups)

    def between(self, allowed: Flags) -> tuple[Wholes, Wholes]:
        """The pairs whose both ends are allowed."""
        kept = allowed[self.one] & allowed[self.other]
        return self.one[kept], self.other[kept]


def largest_component_share(people: People, allowed: Flags) -> Floats:
    """Of each group's members, the share in the component (of two people or more) that holds most of them.

    Not a number where there are no members.     Only people who are `allowed` connect others; only members are counted.
    """
    one, other = people.between(allowed)
    size = len(people.group)
    matrix = scipy.sparse.coo_array((np.ones(len(one), np.int8), (one, other)), shape=(size, size))
    count, component = scipy.sparse.csgraph.connected_components(matrix, directed=False)
    together = np.bincount(component, weights=allowed, minlength=count) >= 2
    held = np.bincount(component, weights=people.member, minlength=count)
    most = np.zeros(people.groups)
    np.maximum.at(most, people.group, np.where(together[component], held[component], 0))
    members = people.members_of()
    shares = np.full(people.groups, np.nan)
    return np.asarray(np.divide(most, members, out=shares, where=members > 0))


def core_of(people: People) -> Wholes:
    """The innermost core each member belongs to (0: no connection); house is taken out."""
    one, other = people.between(people.member)
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(people.group)))
    graph.extend_from_edge_list(list(zip(one.tolist(), other.tolist(), strict=True)))
    # rustworkx's own word for what it returns is wrong: a core for each node.
    cores = cast("dict[int, int]", rx.core_number(graph))
    return np.fromiter((cores[node] for node in range(len(people.group))), np.int64, len(people.group))


def curves(people: People, core: Wholes) -> Iterator[list[int]]:
    """For each group how many members are in the 1-core, the 2-core and so on; empty where nobody is connected."""
    inside = people.member & (core > 0)
    deepest = int(core.max(initial=0))
    exact = np.bincount(people.group[inside] * (deepest + 1) + core[inside], minlength=people.groups * (deepest + 1))
    at_least = exact.reshape(people.groups, deepest + 1)[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    for row, depth in zip(at_least, (at_least > 0).sum(axis=1).tolist(), strict=True):
        yield row[:depth].tolist()
