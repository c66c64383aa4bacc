"""Pictures of groups: pairs put together, the strongest first, people by how much they say, and how many are not shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from huoqun.health import drawn
from huoqun.health.results import AuditResult
from huoqun.health.ties.connection import Connected

NOTHING = pa.table({"group_key": pa.array([], pa.int64())})


def result_of(ties: pa.Table, persons: pa.Table, people: Mapping[int, int]) -> AuditResult:
    keys = np.unique(np.asarray(ties["group_key"]))
    groups = pa.table(
        {
            "group_key": keys,
            "ties_from": ["replies"] * len(keys),
            "tie_certainty": [1.0] * len(keys),
        }
    )
    connected = Connected(NOTHING, {int(key): [3, 2] for key in keys}, ties, {}, dict(people))
    return AuditResult(date(2026, 5, 1), 7, "Asia/Shanghai", groups, persons, NOTHING, NOTHING, {}, {}, connected=connected)


def some_ties(*, groups: int, people: int, rows: int, seed: int) -> pa.Table:
    dice = np.random.default_rng(seed)
    every = {
        (int(g), int(a), int(b)): (int(replies), int(mentions), round(float(inferred), 3), float(certainty))
        for g, a, b, replies, mentions, inferred, certainty in zip(
            dice.integers(1, groups + 1, rows) * 7,
            dice.integers(1, people + 1, rows) * 11,
            dice.integers(1, people + 1, rows) * 11,
            dice.integers(0, 4, rows),
            dice.integers(0, 3, rows),
            dice.random(rows),
            dice.choice([0.5, 0.75, 1.0], rows),
            strict=True,
        )
        if a != b
    }
    names = ("group_key", "from_key", "to_key", "replies", "mentions", "inferred", "certainty")
    return pa.table(dict(zip(names, zip(*((*key, *value) for key, value in every.items()), strict=True), strict=True)))


def roles(groups: int, people: int) -> pa.Table:
    keys = [(g * 7, p * 11) for g in range(1, groups + 1) for p in range(1, people + 1) if p % 5]
    return pa.table(
        {
            "group_key": [g for g, _ in keys],
            "person_key": [p for _, p in keys],
            "role": ["active" if p % 2 else "heavy" for _, p in keys],
            "messages": [p % 13 for _, p in keys],
        }
    )


def slowly(ties: pa.Table, persons: pa.Table, house: Mapping[int, str]) -> dict[int, tuple[list[Any], list[Any]]]:
    """The same, a row at a time."""
    both: dict[int, dict[tuple[int, int], list[float]]] = {}
    for row in ties.to_pylist():
        one, other = row["from_key"], row["to_key"]
        tie = both.setdefault(row["group_key"], {}).setdefault((min(one, other), max(one, other)), [0.0, 0.0, 0.0])
        tie[int(one > other)] += row["replies"] + row["mentions"] + row["inferred"]
        tie[2] = max(tie[2], row["certainty"])
    parts = {(row["group_key"], row["person_key"]): row for row in persons.to_pylist()}
    nobody = {"role": "", "messages": 0}
    found = {}
    for group, pairs in both.items():
        strongest = sorted(pairs.items(), key=lambda item: (-(item[1][0] + item[1][1]), item[0]))[: drawn.MOST_TIES]
        told = {key: parts.get((group, key), nobody) for pair, _ in strongest for key in pair}
        shown = sorted(told, key=lambda key: (-told[key]["messages"], key))
        people = [
            {"key": k, "role": told[k]["role"], "house": house.get(k, ""), "messages": told[k]["messages"]} for k in shown
        ]
        found[group] = (people, [[shown.index(a), shown.index(b), *tie] for (a, b), tie in strongest])
    return found


def test_drawn_at_once_as_one_would_draw_them_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "MOST_TIES", 60)
    ties, persons, house = some_ties(groups=5, people=30, rows=900, seed=4), roles(5, 30), {55: "staff", 110: "bot"}
    found = {graph.group_key: graph for graph in drawn.graphs(result_of(ties, persons, {7: 40}), house)}
    expected = slowly(ties, persons, house)
    assert found.keys() == expected.keys()
    for group, (people, lines) in expected.items():
        assert found[group].people == people
        assert [line[:2] for line in found[group].ties] == [line[:2] for line in lines]
        np.testing.assert_allclose([line[2:] for line in found[group].ties], [line[2:] for line in lines], atol=0.0051)
        assert len(lines) == 60
    assert found[7].left_out == 40 - len(found[7].people)
    assert (found[14].left_out, found[14].curve, found[14].source, found[14].certainty) == (0, [3, 2], "replies", 1.0)


def test_without_ties_there_is_nothing_to_draw() -> None:
    empty = some_ties(groups=1, people=3, rows=20, seed=1).slice(0, 0)
    whole = result_of(empty, roles(1, 3), {})
    assert list(drawn.graphs(whole, {})) == []
    assert list(drawn.graphs(replace(whole, connected=None), {})) == []


def test_people_without_a_role_are_drawn_too() -> None:
    ties = pa.table(
        {
            "group_key": [7, 7],
            "from_key": [1, 2],
            "to_key": [2, 1],
            "replies": [2, 1],
            "mentions": [0, 0],
            "inferred": [0.0, 0.0],
            "certainty": [1.0, 1.0],
        }
    )
    (graph,) = drawn.graphs(result_of(ties, NOTHING, {7: 2}), {2: "staff"})
    assert graph.people == [
        {"key": 1, "role": "", "house": "", "messages": 0},
        {"key": 2, "role": "", "house": "staff", "messages": 0},
    ]
    assert graph.ties == [[0, 1, 2.0, 1.0, 1.0]]
    assert graph.left_out == 0
