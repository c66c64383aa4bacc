"""The model against its own definition: added up term by term, and played out with dice."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import betaln

from huoqun.health.life import bgbb
from huoqun.health.life.bgbb import Parameters
from huoqun.health.life.calendar import Rhythm

SOME = Parameters(alpha=0.8, beta=1.7, gamma=0.6, delta=9.0)


def calendar(*rows: tuple[float, float, float, float]) -> Rhythm:
    return Rhythm(*np.array(rows, dtype=np.float64).T)


def log_likelihood_by_hand(x: int, t_x: int, n: int, p: Parameters) -> float:
    """Fader, Hardie and Shang's formula as printed: one term for "still alive", one for each day it may have died."""
    alive = betaln(p.alpha + x, p.beta + n - x) + betaln(p.gamma, p.delta + n)
    died = [betaln(p.alpha + x, p.beta + t_x - x + i) + betaln(p.gamma + 1, p.delta + t_x + i) for i in range(n - t_x)]
    return float(np.logaddexp.reduce([alive, *died]) - betaln(p.alpha, p.beta) - betaln(p.gamma, p.delta))


@pytest.mark.parametrize(
    ("x", "t_x", "n"), [(0, 0, 0), (0, 0, 5), (3, 9, 9), (3, 9, 40), (40, 41, 45), (2, 30, 900), (900, 950, 6000)]
)
def test_the_likelihood_is_the_formula_added_up_by_hand(x: int, t_x: int, n: int) -> None:
    found = bgbb.log_likelihood(calendar((x, t_x - x, t_x, n - t_x)), SOME)[0]
    assert found == pytest.approx(log_likelihood_by_hand(x, t_x, n, SOME), abs=1e-4)


@pytest.mark.parametrize("silent", [0, 1, 32, 33, 34, 60, 400, 7000])
@pytest.mark.parametrize("talked", [0, 2, 300])
def test_the_quadrature_over_long_silences_agrees_with_adding_day_by_day(silent: int, talked: int) -> None:
    by_hand = np.logaddexp.reduce(
        [betaln(SOME.alpha + talked, SOME.beta + 4 + i) + betaln(SOME.gamma + 1, SOME.delta + 50 + i) for i in range(silent)]
        + [betaln(SOME.alpha + talked, SOME.beta + 4 + silent) + betaln(SOME.gamma, SOME.delta + 50 + silent)]
    )
    alive = betaln(SOME.alpha + talked, SOME.beta + 4 + silent) + betaln(SOME.gamma, SOME.delta + 50 + silent)
    found = bgbb.p_alive(calendar((talked, 4, 50, silent)), SOME)[0]
    assert found == pytest.approx(float(np.exp(alive - by_hand)), rel=1e-4, abs=1e-12)


def play(parameters: Parameters, groups: int, days: int) -> tuple[Rhythm, np.ndarray]:
    """Groups that live and die as the model says; also which of them are alive at the end."""
    dice = np.random.default_rng(7)
    talks = dice.beta(parameters.alpha, parameters.beta, groups)
    dies = dice.beta(parameters.gamma, parameters.delta, groups)
    death = dice.geometric(np.maximum(dies, 1e-12))
    active = (dice.random((groups, days)) < talks[:, None]) & (np.arange(1, days + 1) < death[:, None])
    x = active.sum(axis=1)
    t_x = np.where(x > 0, days - active[:, ::-1].argmax(axis=1), 0)
    return Rhythm(*(np.asarray(v, dtype=np.float64) for v in (x, t_x - x, t_x, days - t_x))), death > days


@pytest.mark.method("A04")
def test_of_the_groups_it_calls_alive_with_some_probability_that_share_is_alive() -> None:
    seen, truth = play(SOME, groups=60_000, days=120)
    said = bgbb.p_alive(seen, SOME)
    for low in np.arange(0.0, 1.0, 0.2):
        band = (said >= low) & (said < low + 0.2)
        assert truth[band].mean() == pytest.approx(said[band].mean(), abs=0.04)


def test_the_fit_finds_the_parameters_groups_were_played_with() -> None:
    truth = Parameters(alpha=1.2, beta=3.0, gamma=0.8, delta=25.0)
    found = bgbb.fit(play(truth, groups=4_000, days=180)[0])
    error = (found.parameters.logs - truth.logs) / np.sqrt(np.diag(found.covariance))
    assert np.abs(error).max() < 3.5


def test_one_group_alone_is_judged_by_the_prior_and_the_interval_is_wide() -> None:
    alone = calendar((2.0, 5.0, 28.0, 10.0))
    fitted = bgbb.fit(alone)
    assert np.abs(fitted.parameters.logs - bgbb.PRIOR.logs).max() < 0.7
    drawn = [bgbb.p_alive(alone, p)[0] for p in fitted.draws(80)]
    assert np.percentile(drawn, 95) - np.percentile(drawn, 5) > 0.15


def test_many_groups_make_the_interval_narrow() -> None:
    seen, _ = play(SOME, groups=1_500, days=120)
    drawn = [bgbb.p_alive(calendar((5.0, 20.0, 40.0, 12.0)), p)[0] for p in bgbb.fit(seen).draws(80)]
    assert np.percentile(drawn, 95) - np.percentile(drawn, 5) < 0.1


def test_a_day_of_silence_never_makes_a_group_more_alive() -> None:
    silence = np.arange(0, 1500, dtype=np.float64)
    steady = np.full_like(silence, 4.0)
    said = bgbb.p_alive(Rhythm(steady, steady, steady * 10, silence), SOME)
    assert said[0] == 1.0
    assert (np.diff(said) < 1e-9).all()


def test_the_chance_of_talk_grows_with_the_days_and_stays_below_the_chance_of_life() -> None:
    seen, _ = play(SOME, groups=300, days=60)
    month, year = (bgbb.p_talks_within(seen, SOME, days=days) for days in (30, 365))
    assert (month <= year + 1e-12).all()
    assert (year <= bgbb.p_alive(seen, SOME) + 1e-9).all()


def test_the_prior_dies_as_wechat_groups_do() -> None:
    after = [
        np.exp(betaln(bgbb.PRIOR.gamma, bgbb.PRIOR.delta + n) - betaln(bgbb.PRIOR.gamma, bgbb.PRIOR.delta)) for n in (7, 30)
    ]
    assert after == pytest.approx([0.6, 0.3], abs=0.01)


def test_a_long_portfolio_is_thinned_without_changing_what_it_says() -> None:
    seen, _ = play(SOME, groups=6_000, days=150)
    whole, part = bgbb.fit(seen, most=100_000), bgbb.fit(seen, most=800)
    assert part.parameters.logs == pytest.approx(whole.parameters.logs, abs=0.25)
