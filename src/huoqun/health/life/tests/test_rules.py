"""Tables of cases: figures in, state, day and reasons out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from huoqun.health.life.rules import Change, Figures, PlainRule, State, plain_rule, reasons, since, state_of

TODAY = date(2026, 6, 30)
BORN = date(2026, 1, 5)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def change(days_ago: int, before: float, now: float, *, often: tuple[float, float] = (7.0, 3.0)) -> Change:
    return Change(
        on=ago(days_ago), before=before * 3, now=now * 3, talk_before=before, talk_now=now,
        active_before=often[0], active_now=often[1],
    )  # fmt: skip


LIVELY = Figures(
    as_of=TODAY, window=7, active=7, first=BORN, last=TODAY, p=0.99, p_low=0.98, p_high=1.0, often=7.0, gap=1.0,
    change=None, planned_end=None,
)  # fmt: skip
SILENT = replace(LIVELY, active=0, last=ago(40), p=0.05, p_low=0.02, p_high=0.1, often=0.0)


@pytest.mark.method("A02", "A03", "A04")
@pytest.mark.parametrize(
    ("active", "rule"), [(7, PlainRule.EVERY_DAY), (6, PlainRule.SOMETIMES), (1, PlainRule.SOMETIMES), (0, PlainRule.SILENT)]
)
def test_the_plain_rule_counts_days(active: int, rule: PlainRule) -> None:
    assert plain_rule(active, 7) is rule


@pytest.mark.method("A02", "A03", "A04", "A16")
@pytest.mark.parametrize(
    ("figures", "state"),
    [
        (LIVELY, State.THRIVING),
        (replace(LIVELY, active=6), State.STEADY),
        (replace(LIVELY, active=3, often=3.5), State.STEADY),
        (replace(LIVELY, active=7, often=5.0), State.STEADY),
        (replace(LIVELY, active=1, often=1.0, gap=7.0), State.BUBBLING),
        (replace(LIVELY, change=change(20, 40, 12)), State.DECLINING),
        (replace(LIVELY, change=change(20, 40, 30)), State.THRIVING),
        (replace(LIVELY, change=change(20, 40, 90)), State.THRIVING),
        (replace(LIVELY, active=2, often=1.5, change=change(100, 40, 4)), State.BUBBLING),
        (replace(LIVELY, active=1, last=ago(6), p=0.4), State.DECLINING),
        (replace(LIVELY, active=0, last=ago(12), p=0.9, often=0.7, gap=14.0), State.BUBBLING),
        (replace(LIVELY, active=0, last=ago(45), p=0.9, often=0.0, gap=30.0), State.DORMANT),
        (replace(SILENT, p=0.4), State.DORMANT),
        (replace(LIVELY, active=1, often=0.3, gap=20.0), State.BUBBLING),
        (replace(LIVELY, active=1, often=0.3, gap=20.0, change=change(100, 40, 1)), State.DORMANT),
        (replace(LIVELY, active=0, last=ago(9), p=0.9, often=0.3, gap=20.0), State.DORMANT),
        (SILENT, State.DEAD),
    ],
)
def test_states(figures: Figures, state: State) -> None:
    assert state_of(figures) is state


@pytest.mark.method("L18")
@pytest.mark.parametrize("p", [0.0, 0.01, 0.19, 0.5, 1.0])
@pytest.mark.parametrize("active", range(1, 8))
@pytest.mark.parametrize("fall", [None, change(5, 70, 0.5)])
def test_a_group_that_spoke_in_the_window_is_never_called_dead(p: float, active: int, fall: Change | None) -> None:
    figures = replace(LIVELY, active=active, last=ago(7 - active), p=p, often=active / 4, change=fall)
    assert state_of(figures) is not State.DEAD


@pytest.mark.method("A22", "L08")
@pytest.mark.parametrize(("end", "state"), [(ago(30), State.PLANNED_END), (TODAY, State.PLANNED_END), (ago(-1), State.DEAD)])
def test_a_planned_end_is_a_success_and_a_death_before_it_is_not(end: date, state: State) -> None:
    assert state_of(replace(SILENT, planned_end=end)) is state


def test_since_a_planned_end_is_its_day() -> None:
    assert since(replace(SILENT, planned_end=ago(30)), State.PLANNED_END) == ago(30)


@pytest.mark.parametrize("state", [State.DEAD, State.DORMANT])
def test_the_silent_are_silent_since_the_day_after_their_last_talk(state: State) -> None:
    assert since(SILENT, state) == ago(39)


def test_a_few_late_words_do_not_move_the_day_of_death() -> None:
    figures = replace(SILENT, change=change(90, 70, 1))
    assert since(figures, State.DEAD) == ago(90)
    assert ("stray_talk", {"on": ago(40)}) in reasons(figures, State.DEAD)


def test_a_decline_began_at_the_change() -> None:
    assert since(replace(LIVELY, change=change(20, 40, 12)), State.DECLINING) == ago(20)


def test_a_sudden_silence_of_a_lively_group_began_after_its_last_talk() -> None:
    assert since(replace(LIVELY, active=2, last=ago(5), p=0.3), State.DECLINING) == ago(4)


def test_what_never_changed_is_so_since_birth() -> None:
    assert since(LIVELY, State.THRIVING) == BORN


def test_a_fuller_version_of_the_same_life_is_no_new_state() -> None:
    assert since(replace(LIVELY, change=change(30, 40, 90, often=(7.0, 7.0))), State.THRIVING) == BORN
    assert since(replace(LIVELY, change=change(30, 20, 90, often=(2.0, 7.0))), State.THRIVING) == ago(30)


def codes(figures: Figures) -> list[str]:
    return [code for code, _ in reasons(figures, state_of(figures))]


@pytest.mark.method("A05", "A18", "A19")
@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (LIVELY, ["talk_every_day"]),
        (replace(LIVELY, first=ago(4 * 365 + 1)), ["talk_every_day", "long_lived"]),
        (replace(LIVELY, active=3, often=3, change=change(20, 40, 12), last=ago(1)),
         ["talk_sometimes", "level_fell"]),
        (replace(LIVELY, active=0, last=ago(12), p=0.9, often=0.7, gap=14.0), ["talk_silent", "silence_fits"]),
        (SILENT, ["talk_silent", "silence_after_daily"]),
        (replace(SILENT, first=ago(45), gap=2.0), ["talk_silent", "silence_unusual", "short_burst"]),
        (replace(SILENT, first=ago(40), gap=None), ["talk_silent", "talked_once", "short_burst"]),
        (replace(SILENT, planned_end=ago(41)), ["plan_ended", "talk_after_end", "talk_silent", "silence_after_daily"]),
    ],
)  # fmt: skip
def test_reasons(figures: Figures, expected: list[str]) -> None:
    assert codes(figures) == expected
