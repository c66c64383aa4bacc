"""How far operators are apart, and when that is no more than chance."""

from __future__ import annotations

import random

import pytest

from huoqun.sop.rules.spread import noise_of, spread_of

pytestmark = pytest.mark.method("A27", "I12")


def kept(share: float, groups: int, each: int = 35) -> list[tuple[int, int]]:
    return [(round(share * each), each)] * groups


def test_nothing_is_compared_with_one_operator_or_too_few_promises() -> None:
    assert spread_of({1: kept(0.9, 30)}) is None
    assert spread_of({1: kept(0.9, 30), 2: [(9, 9)]}) is None


def test_somebody_who_is_far_behind_is_said_to_be_and_the_others_are_not() -> None:
    found = spread_of({**{n: kept(0.9, 30) for n in range(9)}, 9: kept(0.6, 30)})
    assert found is not None
    assert found.stands[9].verdict == "worse"
    assert {found.stands[n].verdict for n in range(9)} == {""}, "one who is behind makes nobody else better than the others"
    assert 0.05 < found.spread < 0.15


def test_a_few_promises_all_kept_make_no_hero() -> None:
    found = spread_of({**{n: kept(0.85 + n / 100, 30) for n in range(6)}, 9: [(20, 20)]})
    assert found is not None
    hero = found.stands[9]
    assert hero.share == 1
    assert hero.verdict == ""
    assert hero.drawn < 0.95, "drawn most of the way to the others"
    assert hero.low < 0.9


def test_groups_that_fail_together_make_a_share_less_sure_than_its_steps_say() -> None:
    together = [(35, 35)] * 8 + [(0, 35)] * 2
    apart = [(28, 35)] * 10
    assert noise_of(together) > 5 * noise_of(apart)


def test_where_nobody_differs_hardly_anybody_is_called_better_or_worse() -> None:
    dice, called = random.Random(7), 0
    for _ in range(60):
        told = {n: [(sum(dice.random() < 0.9 for _ in range(35)), 35) for _ in range(25)] for n in range(10)}
        found = spread_of(told)
        assert found is not None
        called += sum(stand.verdict != "" for stand in found.stands.values())
        assert found.spread < 0.02
    assert called <= 0.12 * 600
