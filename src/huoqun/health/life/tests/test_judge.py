"""The whole judgement, on small portfolios one can read, on real archives, and on a large one."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from huoqun.health.life.judge import GroupDays, Life, Plan, judge
from huoqun.health.life.rules import PlainRule, State

TODAY = date(2026, 6, 30)


def portfolio(groups: dict[int, set[int]], *, speakers: int = 5) -> GroupDays:
    """Group → days ago on which it talked."""
    rows = sorted((key, TODAY - timedelta(days=ago)) for key, days in groups.items() for ago in days)
    many = np.full(len(rows), speakers, dtype=np.int32)
    return GroupDays(
        np.array([key for key, _ in rows], dtype=np.int64),
        np.array([day for _, day in rows], dtype="datetime64[D]"),
        many * 4,
        many,
    )


EVERY_DAY = set(range(180))
LIVES = {
    1: EVERY_DAY,
    2: {ago for ago in EVERY_DAY if ago % 7 not in (0, 3)},
    3: set(range(3, 180, 12)),
    4: set(range(60, 180)),
    5: set(range(100, 105)),
    6: set(range(9, 180, 9)),
    **{100 + i: set(range(50 + i, 58 + i)) for i in range(20)},
}


@pytest.fixture(scope="module")
def lives() -> dict[int, Life]:
    return judge(portfolio(LIVES), {}, as_of=TODAY)


@pytest.mark.method("A01", "A02", "A03", "A04", "L18")
def test_a_small_portfolio_is_judged_as_one_reads_it(lives: dict[int, Life]) -> None:
    assert {key: lives[key].state for key in range(1, 7)} == {
        1: State.THRIVING,
        2: State.STEADY,
        3: State.BUBBLING,
        4: State.DEAD,
        5: State.DEAD,
        6: State.BUBBLING,
    }


def test_the_dead_are_dead_since_the_day_after_their_last_talk(lives: dict[int, Life]) -> None:
    assert lives[4].since == TODAY - timedelta(days=59)
    assert lives[5].since == TODAY - timedelta(days=99)


@pytest.mark.method("A05")
def test_a_short_burst_is_named(lives: dict[int, Life]) -> None:
    assert "short_burst" in [code for code, _ in lives[5].reasons]
    assert "short_burst" not in [code for code, _ in lives[4].reasons]


def test_the_figures_beside_the_state(lives: dict[int, Life]) -> None:
    assert (lives[1].rule, lives[3].rule, lives[4].rule) == (PlainRule.EVERY_DAY, PlainRule.SOMETIMES, PlainRule.SILENT)
    assert (lives[4].life_days, lives[4].days_silent, lives[4].days_active) == (119, 60, 0)
    assert all(0 <= life.p_low <= life.p_alive <= life.p_high <= 1 for life in lives.values())


@pytest.mark.method("A22", "L08")
def test_a_flash_group_that_ended_on_its_day_succeeded_and_a_permanent_one_did_not() -> None:
    flash = Plan(lifecycle="flash", planned_end=TODAY - timedelta(days=100))
    judged = judge(portfolio(LIVES), {5: flash, 4: Plan("permanent")}, as_of=TODAY)
    assert (judged[5].state, judged[5].since) == (State.PLANNED_END, flash.planned_end)
    assert judged[4].state is State.DEAD


def test_the_window_can_be_another(lives: dict[int, Life]) -> None:
    month = judge(portfolio(LIVES), {}, as_of=TODAY, window=30)
    assert month[2].rule is PlainRule.SOMETIMES
    assert month[3].days_active == 3
    assert lives[3].days_active == 1


def test_the_same_portfolio_is_judged_the_same_twice(lives: dict[int, Life]) -> None:
    assert judge(portfolio(LIVES), {}, as_of=TODAY) == lives


def test_a_single_group_gets_a_sane_answer() -> None:
    silent = judge(portfolio({9: set(range(90, 180))}), {}, as_of=TODAY)[9]
    lively = judge(portfolio({9: EVERY_DAY}), {}, as_of=TODAY)[9]
    assert (silent.state, lively.state) == (State.DEAD, State.THRIVING)
    assert silent.p_alive < 0.1
    assert lively.p_alive > 0.9


def test_no_talk_at_all_is_no_judgement() -> None:
    assert judge(portfolio({}), {}, as_of=TODAY) == {}


@pytest.mark.parametrize("broken", ["order", "future", "twice"])
def test_what_it_cannot_judge_it_refuses(broken: str) -> None:
    days = portfolio({1: {5, 4, 3}})
    order = {"order": [2, 1, 0], "twice": [0, 0, 1], "future": [0, 1, 2]}[broken]
    wrong = GroupDays(*(column[order] for column in (days.group_key, days.day, days.messages, days.speakers)))
    with pytest.raises(ValueError):
        judge(wrong, {}, as_of=TODAY - timedelta(days=4) if broken == "future" else TODAY)


def test_nine_thousand_groups_get_each_their_own_judgement() -> None:
    dice = np.random.default_rng(4)
    active = dice.random((9_000, 120)) < dice.beta(0.5, 2.0, 9_000)[:, None]
    active[:, 0] = True
    group, column = np.nonzero(active)
    ones = np.ones(len(group), dtype=np.int32)
    day = np.datetime64(TODAY, "D") - 119 + column
    judged = judge(GroupDays(group.astype(np.int64), day, ones, ones), {}, as_of=TODAY)
    assert len(judged) == 9_000
    assert all((life.state is State.THRIVING) <= (life.rule is PlainRule.EVERY_DAY) for life in judged.values())


def archive(shared_data: Path) -> tuple[list[str], GroupDays]:
    with (shared_data / "irc_raku_bots.csv").open() as file:
        assert "author_id" in next(csv.reader(file))
    found = (
        duckdb.connect()
        .execute(
            """select dense_rank() over (order by group_id) as key, sent_at::date as day, count(*)::int as messages,
                  count(distinct author_id)::int as speakers, any_value(group_id) as name
           from read_parquet($1) where kind in ('message', 'action', 'file')
           and author_id not in (select author_id from read_csv($2))
           group by group_id, sent_at::date order by 1, 2""",
            [str(shared_data / "community_irc_raku.parquet"), str(shared_data / "irc_raku_bots.csv")],
        )
        .fetchnumpy()
    )
    names = list(dict.fromkeys(found["name"].tolist()))
    return names, GroupDays(
        found["key"].astype(np.int64), found["day"].astype("datetime64[D]"), found["messages"], found["speakers"]
    )


@pytest.mark.method("A01", "A18", "A19")
def test_of_the_real_channels_the_renamed_ones_are_dead_and_the_long_lived_are_named(shared_data: Path) -> None:
    names, days = archive(shared_data)
    judged = judge(days, {}, as_of=date(2026, 6, 18))
    by_name = {names[key - 1]: life for key, life in judged.items()}
    dead = {name for name, life in by_name.items() if life.state is State.DEAD}
    assert {"perl6", "perl6-dev", "rakudosketch", "masakism", "phasers", "november-wiki", "p6dev"} <= dead
    assert by_name["raku"].state in {State.THRIVING, State.STEADY}
    assert "long_lived" in [code for code, _ in by_name["moarvm"].reasons]
    assert not dead & {"raku", "raku-dev", "moarvm", "raku-beginner", "raku-doc", "cro"}
