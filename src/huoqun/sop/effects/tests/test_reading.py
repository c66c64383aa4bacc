"""What a test showed. The worlds here are made by hand; bench/rollouts.py plays thousands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from huoqun.sop.effects.before import without_before
from huoqun.sop.effects.contrast import contrasts, own_contrasts
from huoqun.sop.effects.reading import Effect, NoClaim, Trial, Verdict, among, read
from huoqun.sop.effects.smallest import smallest
from huoqun.sop.effects.waves import NEVER, Schedule, draw

WAVES = Schedule((4, 6, 8, 10, 12, 14))


def rolled_out(size: float, *, units: int = 120, weeks: int = 16, seed: int = 1, schedule: Schedule = WAVES) -> Trial:
    dice = np.random.default_rng(seed)
    level, season = dice.normal(0, 0.7, units), dice.normal(0, 0.3, weeks)
    outcome = level[:, None] + season + dice.normal(0, 0.7, (units, weeks))
    starts = draw(schedule, [0] * units, dice)
    treated = starts[:, None] <= np.arange(weeks)
    return Trial(schedule, starts, (0,) * units, outcome + size * treated)


def shown(trial: Trial) -> Effect:
    effect = read(trial, np.random.default_rng(9), count=499)
    assert isinstance(effect, Effect)
    return effect


def test_weeks_are_compared_with_those_not_yet_treated_only() -> None:
    # Three units start in weeks 1, 2, never; the effect grows by one each week. Week 1: 1 against 0, 0. Week 2: 2, 1 against 0.
    outcome = np.array([[0.0, 1.0, 2.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    starts = np.array([[1, 2, NEVER]])
    assert contrasts(outcome, starts)[0] == pytest.approx((2 / 3 * 1.0 + 2 / 3 * 1.5) / (4 / 3))


def test_the_comparison_is_linear_in_the_outcome() -> None:
    trial = rolled_out(0.0)
    treated = (trial.starts[:, None] <= np.arange(16)).astype(float)
    drawn = np.stack([trial.starts, rolled_out(0.0, seed=2).starts])
    own = own_contrasts(trial.starts, drawn, 16)
    assert own[0] == pytest.approx(1.0)
    assert contrasts(trial.outcome + 0.4 * treated, drawn) == pytest.approx(contrasts(trial.outcome, drawn) + 0.4 * own)


@pytest.mark.method("A12")
def test_a_planted_effect_is_found_and_none_is_claimed_where_there_is_none() -> None:
    effect = shown(rolled_out(0.5))
    assert effect.verdict is Verdict.HELPS
    assert effect.low < 0.5 < effect.high
    assert effect.p < 0.01
    assert shown(rolled_out(-0.5)).verdict is Verdict.HARMS
    nothing = shown(rolled_out(0.0))
    assert nothing.verdict is Verdict.CANNOT_TELL
    assert nothing.p > 0.05
    assert nothing.placebo_p is not None
    assert nothing.placebo_p > 0.05


def test_every_effect_inside_the_interval_and_none_outside_fits_the_data() -> None:
    trial = rolled_out(0.2)
    effect = shown(trial)
    treated = trial.starts[:, None] <= np.arange(16)
    for beside, fits in (
        (effect.low + 0.01, True),
        (effect.high - 0.01, True),
        (effect.low - 0.02, False),
        (effect.high + 0.02, False),
    ):
        taken_out = shown(replace(trial, outcome=trial.outcome - beside * treated))
        assert (taken_out.low <= 0 <= taken_out.high) is fits


def test_what_was_known_before_narrows_the_interval() -> None:
    trial = rolled_out(0.3)
    plain, adjusted = contrasts(trial.outcome, trial.starts[None, :]), shown(trial)
    assert without_before(trial.outcome, 4).std() < trial.outcome.std()
    blurred = replace(trial, outcome=np.concatenate([np.zeros((120, 4)), trial.outcome[:, 4:]], axis=1))
    wide = shown(blurred)
    assert adjusted.high - adjusted.low < 0.9 * (wide.high - wide.low)
    assert abs(plain[0] - adjusted.estimate) < 0.3


@pytest.mark.method("A12")
def test_nothing_is_claimed_without_a_comparison() -> None:
    trial, dice = rolled_out(0.5), np.random.default_rng(1)
    assert read(replace(trial, drawn=False), dice) is NoClaim.NOT_DRAWN
    everybody = replace(trial, starts=np.full(120, 4))
    assert read(everybody, dice) is NoClaim.NOBODY_LEFT
    assert read(rolled_out(0.5, units=6), dice) is NoClaim.TOO_FEW
    assert read(replace(trial, outcome=trial.outcome[:, :4]), dice) is NoClaim.TOO_SHORT


def test_worst_groups_that_get_better_by_themselves_are_no_effect_when_drawn() -> None:
    dice = np.random.default_rng(4)
    level = dice.normal(0, 1, 400)
    outcome = level[:, None] + dice.normal(0, 1, (400, 16))
    worst = np.argsort(outcome[:, 3])[:150]
    starts = draw(WAVES, [0] * 150, dice)
    effect = shown(Trial(WAVES, starts, (0,) * 150, outcome[worst]))
    assert outcome[worst, 4:].mean() - outcome[worst, 3].mean() > 0.5, "before and after would claim much"
    assert effect.verdict is Verdict.CANNOT_TELL


def test_kinds_named_before_are_read_apart() -> None:
    trial = rolled_out(0.0, units=200)
    kinds = ["dying", "steady"] * 100
    treated = trial.starts[:, None] <= np.arange(16)
    only = np.array([kind == "dying" for kind in kinds])
    found = among(replace(trial, outcome=trial.outcome + 0.8 * (treated & only[:, None])), kinds, np.random.default_rng(2))
    dying, steady = found["dying"], found["steady"]
    assert isinstance(dying, Effect)
    assert isinstance(steady, Effect)
    assert (dying.verdict, steady.verdict) == (Verdict.HELPS, Verdict.CANNOT_TELL)
    assert dying.units == 100


def test_the_smallest_effect_that_can_be_seen_is_seen_in_four_tests_of_five() -> None:
    past = rolled_out(0.0, units=120, seed=3).outcome
    least = smallest(past, WAVES, (0,) * 120, np.random.default_rng(1))
    seen = [shown(rolled_out(least.effect, seed=seed)).verdict is Verdict.HELPS for seed in range(40)]
    assert 0.6 <= np.mean(seen) <= 0.97
    assert (least.units, least.weeks) == (120, 16)
    with pytest.raises(ValueError, match="too few"):
        smallest(past[:, :4], WAVES, (0,) * 120, np.random.default_rng(1))


def test_300_groups_in_six_waves_see_a_sixth_of_a_deviation() -> None:
    dice = np.random.default_rng(11)
    past = dice.normal(0, np.sqrt(0.5), 300)[:, None] + dice.normal(0, np.sqrt(0.5), (300, 16))
    assert smallest(past, WAVES, (0,) * 300, dice).in_deviations <= 0.17
