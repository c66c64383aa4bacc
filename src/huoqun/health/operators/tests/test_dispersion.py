from __future__ import annotations

import random

import pytest

from huoqun.health.operators import GroupOutcome, OperatorRow, disperse, spread, wording
from huoqun.health.operators.dispersion import Effort


def groups(operator: str, alive: int, dead: int, *, said: float = 100.0, **more: object) -> list[GroupOutcome]:
    fates = [True] * alive + [False] * dead
    return [outcome(operator, place, fate, said=said if fate else 0.0, **more) for place, fate in enumerate(fates)]


def outcome(operator: str, place: int, alive: bool, *, said: float, **more: object) -> GroupOutcome:
    plain: dict[str, object] = {"age": 200, "size": 100, "kind": "goods", "carrier": "wecom"}
    return GroupOutcome(
        group_key=hash((operator, place)) % 10_000, operator=operator, alive=alive, messages_30d=said, **(plain | more)
    )  # type: ignore[arg-type]


def by_name(rows: list[OperatorRow]) -> dict[str, OperatorRow]:
    return {row.operator: row for row in rows}


@pytest.mark.method("A27", "I12")
def test_a_plain_difference_is_told() -> None:
    rows = groups("lin", 27, 3) + groups("mo", 15, 15) + groups("tao", 3, 27)
    told = by_name(disperse(rows))
    assert [told[name].verdict for name in ("lin", "mo", "tao")] == ["better", "cannot_tell", "worse"]
    assert told["lin"].alive_low is not None
    assert told["lin"].alive_low > 0
    apart = spread(rows)
    assert apart is not None
    assert apart.told_apart


@pytest.mark.method("A27")
def test_what_chance_explains_is_not_told_apart() -> None:
    rows = groups("lin", 6, 4) + groups("mo", 5, 5) + groups("tao", 4, 6)
    told = disperse(rows)
    assert {row.verdict for row in told} == {"cannot_tell"}
    apart = spread(rows)
    assert apart is not None
    assert not apart.told_apart
    assert "别拿这张表排名" in wording.apart(apart, language="zh-hans")


def test_operators_who_do_not_differ_are_seldom_told_apart() -> None:
    false = 0
    for seed in range(100):
        dice = random.Random(seed)
        rows = [outcome(name, i, dice.random() < 0.5, said=dice.expovariate(0.01)) for name in "abcdefgh" for i in range(20)]
        false += any(row.verdict in {"better", "worse"} for row in disperse(rows))
    assert false <= 25


def test_an_operator_of_harder_groups_is_not_blamed_for_them() -> None:
    """Old groups die; both keep as many of the young and of the old alive, only that Mo has more of the old."""
    lin = groups("lin", 18, 2, age=20) + groups("lin", 2, 3, age=900)
    mo = groups("mo", 4, 1, age=20) + groups("mo", 8, 12, age=900)
    rows = lin + mo
    told = by_name(disperse(rows))
    assert told["lin"].alive_share > told["mo"].alive_share + 0.2
    assert {row.verdict for row in told.values()} == {"cannot_tell"}


def test_few_groups_are_drawn_towards_the_rest_and_fewer_say_nothing() -> None:
    others = [row for place in range(6) for row in groups(f"o{place}", 20 if place % 2 else 6, 6 if place % 2 else 20)]
    told = by_name(disperse(others + groups("few", 3, 0) + groups("many", 26, 0) + groups("two", 2, 0)))
    assert told["few"].alive is not None
    assert told["many"].alive is not None
    assert 0 < told["few"].alive < told["many"].alive
    assert (told["two"].verdict, told["two"].alive) == ("too_few", None)


def test_nobody_operating_and_one_alone() -> None:
    assert disperse([]) == []
    assert disperse(groups("", 3, 3)) == []
    (alone,) = disperse(groups("lin", 5, 5))
    assert alone.verdict == "cannot_tell"
    assert spread(groups("lin", 5, 5)) is None


def test_all_alike_is_no_error() -> None:
    rows = groups("lin", 5, 0) + groups("mo", 5, 0)
    assert {row.verdict for row in disperse(rows)} == {"cannot_tell"}


@pytest.mark.method("A27", "I12")
@pytest.mark.parametrize("fates", [(5, 5), (5, 0), (0, 5)])
def test_alike_is_not_certainly_alike(fates: tuple[int, int]) -> None:
    """Ten groups that do exactly alike leave it open whether their operators differ."""
    for row in disperse(groups("lin", *fates) + groups("mo", *fates)):
        assert row.alive is not None
        assert row.alive_low is not None
        assert row.alive_high is not None
        assert row.talk_low is not None
        assert row.talk_high is not None
        assert row.alive_low < -0.05 < row.alive < 0.05 < row.alive_high
        assert row.talk_low < 0.9
        assert row.talk_high > 1.1


def test_more_groups_narrow_the_interval() -> None:
    few, many = (disperse(groups("lin", n, n) + groups("mo", n, n))[0] for n in (3, 60))
    assert few.alive_high is not None
    assert many.alive_high is not None
    assert few.alive_high > 2 * many.alive_high


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Operators drawn at random, each with a chance of their own: nine in ten intervals hold their difference."""
    held = asked = 0
    for seed in range(60):
        dice = random.Random(seed)
        chance = {name: min(max(dice.gauss(0.5, 0.12), 0.02), 0.98) for name in "abcdef"}
        rows = [outcome(name, i, dice.random() < chance[name], said=80.0) for name in chance for i in range(12)]
        for row in disperse(rows):
            assert row.alive_low is not None
            assert row.alive_high is not None
            beside = chance[row.operator] - sum(chance.values()) / len(chance)
            asked += 1
            held += row.alive_low <= beside <= row.alive_high
    assert 0.84 <= held / asked <= 0.97


@pytest.mark.method("A12", "I12")
def test_hours_stand_beside_the_result() -> None:
    effort = Effort(messages=120, half_hours=56, people=2, days=28)
    (row,) = disperse(groups("lin", 5, 5), {"lin": effort})
    assert (row.hours_a_week, row.hours_a_group, row.house_messages) == (7.0, 0.7, 120)


def test_every_verdict_has_words() -> None:
    rows = disperse(groups("lin", 27, 3) + groups("mo", 3, 27) + groups("yu", 1, 0))
    for row in rows:
        for language in ("zh-hans", "en"):
            assert wording.verdict(row.verdict, language=language)
            assert bool(wording.alive(row, language=language)) == (row.verdict != "too_few")
            assert bool(wording.talk(row, language=language)) == (row.verdict != "too_few")
    assert set(wording.VERDICTS) == {"better", "worse", "cannot_tell", "too_few"}
    assert wording.apart(None, language="en").startswith("Two operators")
