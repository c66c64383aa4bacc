"""Components and cores, beside graphs one can reckon by hand and a slow way of finding them."""

from __future__ import annotations

import numpy as np
import pytest

from huoqun.health.ties.graph import People, core_of, curves, largest_component_share


def people(size: int, pairs: list[tuple[int, int]], house: tuple[int, ...] = (), bots: tuple[int, ...] = ()) -> People:
    member = np.ones(size, bool)
    member[[*house, *bots]] = False
    bot = np.zeros(size, bool)
    bot[list(bots)] = True
    one, other = np.array(pairs, np.int64).reshape(-1, 2).T
    return People(np.zeros(size, np.int64), member, bot, one, other, 1)


def shape(graph: People) -> tuple[float, list[int]]:
    return largest_component_share(graph, graph.member)[0], next(curves(graph, core_of(graph)))


def clique(*who: int) -> list[tuple[int, int]]:
    return [(a, b) for a in who for b in who if a < b]


@pytest.mark.method("C17")
@pytest.mark.parametrize(
    ("pairs", "share", "curve"),
    [
        ([], 0, []),
        ([(0, 1)], 2 / 6, [2]),
        ([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)], 1, [6]),  # a chain
        ([(0, 1), (0, 2), (0, 3), (0, 4), (0, 5)], 1, [6]),  # a star: all hang on one, nobody is deep inside
        ([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5)], 1, [6, 6]),  # a ring
        ([*clique(0, 1, 2, 3), (3, 4), (4, 5)], 1, [6, 4, 4]),
        (clique(0, 1, 2) + clique(3, 4, 5), 0.5, [6, 6]),
    ],
)
def test_shapes_reckoned_by_hand(pairs: list[tuple[int, int]], share: float, curve: list[int]) -> None:
    assert shape(people(6, pairs)) == (pytest.approx(share), curve)


@pytest.mark.method("A24")
def test_two_cliques_that_only_staff_holds_together() -> None:
    graph = people(9, clique(0, 1, 2, 3) + clique(4, 5, 6, 7) + [(8, 0), (8, 4)], house=(8,))
    assert shape(graph) == (0.5, [8, 8, 8])
    assert largest_component_share(graph, ~graph.bot)[0] == 1


def test_bots_hold_nothing_together() -> None:
    graph = people(3, [(0, 2), (1, 2)], bots=(2,))
    assert largest_component_share(graph, ~graph.bot)[0] == 0


def test_staff_alone_are_no_component_of_members() -> None:
    graph = people(4, [(0, 1), (2, 3)], house=(0, 1))
    assert largest_component_share(graph, ~graph.bot)[0] == 1
    nobody = people(2, [(0, 1)], house=(0, 1))
    assert np.isnan(largest_component_share(nobody, ~nobody.bot)[0])


def test_groups_stay_apart() -> None:
    group = np.array([0, 0, 0, 1, 1, 2], np.int64)
    everybody = np.ones(6, bool)
    graph = People(group, everybody, ~everybody, np.array([0, 3]), np.array([1, 4]), 3)
    assert largest_component_share(graph, everybody).tolist() == [pytest.approx(2 / 3), 1, 0]
    assert list(curves(graph, core_of(graph))) == [[2], [2], []]


def peeled(size: int, pairs: set[tuple[int, int]], k: int) -> int:
    """How many are left when those with fewer than k connections are taken out again and again."""
    left = set(range(size))
    while weak := {who for who in left if sum(who in pair and pair[0] in left and pair[1] in left for pair in pairs) < k}:
        left -= weak
    return len(left)


@pytest.mark.parametrize("seed", range(8))
def test_the_curve_is_what_peeling_leaves(seed: int) -> None:
    dice = np.random.default_rng(seed)
    size = 14
    drawn = dice.integers(0, size, (int(dice.integers(5, 60)), 2)).tolist()
    pairs = {(min(a, b), max(a, b)) for a, b in drawn if a != b}
    graph = people(size, sorted(pairs))
    curve = next(curves(graph, core_of(graph)))
    assert curve == [peeled(size, pairs, k) for k in range(1, len(curve) + 1)]
    assert peeled(size, pairs, len(curve) + 1) == 0
