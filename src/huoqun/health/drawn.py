"""Who answers whom in each group, as a picture needs it: people and pairs by their places. All groups at once, in arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .results import AuditResult

Plain = dict[str, Any]
Wholes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
MOST_TIES = 3000
"""Of one group; the strongest. More cannot be told apart in a picture. `Connected.ties` has 500 people of a group at most."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Who answers whom in a group, under the names of the snapshot's fields.

    `people`: those who say most first. `ties`: the strongest first, [a, b, a to b, b to a, certainty], where a and b are places
    in `people`. `left_out`: so many more people have ties.
    """

    group_key: int
    people: list[Plain]
    ties: list[list[float]]
    curve: list[int]
    source: str
    certainty: float | None
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Two people with ties between them, `low` < `high` by key; a row each."""

    group: Wholes
    low: Wholes
    high: Wholes
    forth: Floats
    back: Floats
    certainty: Floats

    def at(self, rows: Any) -> _Pairs:
        return _Pairs(*(getattr(self, name)[rows] for name in _Pairs.__slots__))


@dataclass(frozen=True, slots=True)
class _Nodes:
    """The people of the pairs, in the order in which they are shown, and the places of each pair's two ends among them."""

    group: Wholes
    key: Wholes
    role: list[str | None]
    messages: list[int | None]
    low: Wholes
    high: Wholes


def graphs(result: AuditResult, house: Mapping[int, str]) -> Iterator[Graph]:
    """Of each group in which people have ties. `house` has the label of each person who is house, by person key."""
    connected = result.connected
    if connected is None or not connected.ties.num_rows:
        return
    pairs = _strongest(_pairs(connected.ties))
    nodes = _nodes(pairs, result.persons)
    told = {row["group_key"]: row for row in result.groups.select(["group_key", "ties_from", "tie_certainty"]).to_pylist()}
    first_node, node_ends = _stretches(nodes.group)
    first_pair, pair_ends = _stretches(pairs.group)
    for node, node_end, pair, pair_end in zip(first_node, node_ends, first_pair, pair_ends, strict=True):
        group = int(nodes.group[node])
        people = _people(nodes, slice(node, node_end), house)
        known = told.get(group, {})
        yield Graph(
            group,
            people,
            _ties(pairs, nodes, slice(pair, pair_end), node),
            [int(size) for size in connected.curves.get(group, [])],
            known.get("ties_from") or "",
            known.get("tie_certainty"),
            max(connected.people.get(group, 0) - len(people), 0),
        )


def _pairs(ties: pa.Table) -> _Pairs:
    """The ties of both directions put together, in order of group, one and other."""
    group, one, other = (np.asarray(ties[name], dtype=np.int64) for name in ("group_key", "from_key", "to_key"))
    weight = sum(np.asarray(ties[name], dtype=np.float64) for name in ("replies", "mentions", "inferred"))
    certainty = np.nan_to_num(np.asarray(ties["certainty"].cast(pa.float64()).fill_null(0.0)))
    low, high = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((high, low, group))
    group, low, high, forth = group[order], low[order], high[order], (one < other)[order]
    weight, certainty = np.asarray(weight)[order], certainty[order]
    starts = np.flatnonzero(_first_of_run(group, low, high))
    there, back = (np.add.reduceat(np.where(kept, weight, 0.0), starts) for kept in (forth, ~forth))
    return _Pairs(group[starts], low[starts], high[starts], there, back, np.maximum.reduceat(certainty, starts))


def _strongest(pairs: _Pairs) -> _Pairs:
    """Of each group the strongest ties, the strongest first."""
    pairs = pairs.at(np.lexsort((pairs.high, pairs.low, -(pairs.forth + pairs.back), pairs.group)))
    starts, ends = _stretches(pairs.group)
    place = np.arange(len(pairs.group)) - np.repeat(starts, np.subtract(ends, starts))
    return pairs.at(place < MOST_TIES)


def _nodes(pairs: _Pairs, persons: pa.Table) -> _Nodes:
    size = len(pairs.group)
    group, person = np.concatenate([pairs.group, pairs.group]), np.concatenate([pairs.low, pairs.high])
    order = np.lexsort((person, group))
    new = _first_of_run(group[order], person[order])
    node = np.empty(2 * size, np.int64)
    node[order] = np.cumsum(new) - 1
    firsts = order[new]
    role, said = _parts(group[firsts], person[firsts], persons)
    shown = np.lexsort((person[firsts], -said, group[firsts]))
    place = np.empty(len(firsts), np.int64)
    place[shown] = np.arange(len(firsts))
    at = firsts[shown]
    return _Nodes(
        group[at],
        person[at],
        [role[n] or "" for n in shown.tolist()],
        said[shown].tolist(),
        place[node[:size]],
        place[node[size:]],
    )


def _parts(group: Wholes, person: Wholes, persons: pa.Table) -> tuple[list[str | None], Wholes]:
    """The role of each of these people in their group, and how much they said; nothing of who has no role (house)."""
    if "role" not in persons.column_names:
        return [None] * len(group), np.zeros(len(group), np.int64)
    asked = pa.table({"group_key": group, "person_key": person, "place": np.arange(len(group))})
    told = persons.select(["group_key", "person_key", "role", "messages"])
    found = asked.join(told, ["group_key", "person_key"], join_type="left outer").sort_by("place")
    return found["role"].to_pylist(), np.asarray(found["messages"].fill_null(0), dtype=np.int64)


def _people(nodes: _Nodes, rows: slice, house: Mapping[int, str]) -> list[Plain]:
    each = zip(nodes.key[rows].tolist(), nodes.role[rows], nodes.messages[rows], strict=True)
    return [{"key": key, "role": role, "house": house.get(key, ""), "messages": said} for key, role, said in each]


def _ties(pairs: _Pairs, nodes: _Nodes, rows: slice, first: int) -> list[list[float]]:
    ends = ((nodes.low[rows] - first).tolist(), (nodes.high[rows] - first).tolist())
    sums = (np.round(getattr(pairs, name)[rows], 2).tolist() for name in ("forth", "back", "certainty"))
    return [list(tie) for tie in zip(*ends, *sums, strict=True)]


def _first_of_run(*columns: Wholes) -> npt.NDArray[np.bool_]:
    """Where a row differs from the one before; the columns are in order."""
    new = np.ones(len(columns[0]), np.bool_)
    new[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return new


def _stretches(group: Wholes) -> tuple[list[int], list[int]]:
    """Where each group begins and ends, rows of one group standing together."""
    starts = np.flatnonzero(_first_of_run(group)).tolist()
    return starts, [*starts[1:], len(group)] if starts else []
