"""The shipped model: sane, steady, explained."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from huoqun.health.forecast.features import features_of
from huoqun.health.forecast.fitting import fit
from huoqun.health.forecast.model import CODES, SHIPPED, SPOKE_TODAY, BadModel, Model
from huoqun.health.forecast.terms import TERMS, TOPICS
from huoqun.health.forecast.training.ship import ship
from huoqun.health.forecast.values import Forecast
from huoqun.health.forecast.wording import REASONS, reason_told

from .told import TODAY, daily, days_of

NOW = np.array([TODAY])


def foreseen(*groups: list[tuple[int, int]]) -> list[Forecast]:
    found = Model.shipped().foresee(features_of(days_of(*groups), NOW))
    return [found[key] for key in sorted(found)]


@pytest.mark.method("A04", "A18")
def test_a_lively_old_group_is_safe_and_a_long_silent_one_is_not() -> None:
    lively, hushed, gone = foreseen(daily(1500), daily(400, 25), daily(400, 200))
    assert lively.p_silent_30d < 0.01
    assert 0.1 < hushed.p_silent_30d < 0.9
    assert gone.p_silent_30d > 0.9


@pytest.mark.parametrize(
    "calendar",
    [daily(700, 150), daily(700, 150, every=7), daily(700, 150, every=20), daily(170, 150), [(150, 5)],
     [*daily(700, 300), (270, 1), (230, 1), (185, 1), (150, 1)]],
)  # fmt: skip
def test_silence_never_makes_life_likelier(calendar: list[tuple[int, int]]) -> None:
    """The same calendar, looked at day after day, from the last words on: no day lets the chance fall by more than a hair, and
    none lets it jump."""
    days = features_of(days_of(calendar), TODAY - 150 + np.arange(120))
    p = Model.shipped().probabilities(days)
    assert np.diff(p).min() > -0.01
    assert np.diff(p)[1:].max() < 0.12
    assert p[-1] > 0.75


@pytest.mark.method("A05")
def test_a_burst_that_falls_quiet_is_likelier_to_end_than_an_old_group_just_as_quiet() -> None:
    burst, old = foreseen(
        [(16, 40), (15, 30), (14, 9), (12, 2)], [*daily(900, 18, every=2), (16, 40), (15, 30), (14, 9), (12, 2)]
    )
    assert burst.p_silent_30d > 2 * old.p_silent_30d


def test_fewer_days_with_talk_mean_more_danger() -> None:
    p = [each.p_silent_30d for each in foreseen(*(daily(400, 0, every=every) for every in (1, 2, 4, 8, 16, 25)))]
    assert p == sorted(p)


def test_forecasts_lie_in_their_interval_and_have_three_reasons_in_words() -> None:
    for each in foreseen(daily(400), daily(60, 20), [(200, 1)], [(2, 1)]):
        assert 0 <= each.low < each.p_silent_30d < each.high <= 1
        assert len(each.reasons) == 3
        assert [abs(reason.weight) for reason in each.reasons] == sorted((abs(r.weight) for r in each.reasons), reverse=True)
        for language in ("en", "zh-hans"):
            assert all("{" not in reason_told(reason, language) for reason in each.reasons)


def test_reasons_say_what_is_so() -> None:
    (hushed,) = foreseen(daily(500, 21))
    assert hushed.reasons[0].code == "quiet_for"
    assert reason_told(hushed.reasons[0], "en") == "nobody has spoken for 21 days; people usually spoke about every 1 days"
    (falling,) = foreseen([*daily(500, 31, messages=80), (20, 1), (9, 1), (2, 1)])
    assert "falling" in {reason.code for reason in falling.reasons}


def test_every_topic_has_its_words() -> None:
    assert set(CODES) == set(TOPICS)
    assert {code for pair in CODES.values() for code in pair} | {SPOKE_TODAY} == set(REASONS)


def test_directions_cannot_be_learnt_away() -> None:
    """Outcomes the wrong way round: weights stop at nothing."""
    dice = np.random.default_rng(3)
    terms = dice.normal(size=(600, len(TERMS)))
    wrong = (terms @ np.array([term.direction for term in TERMS.values()]) + dice.normal(size=600)) < 0
    line = fit(terms, wrong, np.arange(600) // 10)
    for name, term, weight in zip(TERMS, TERMS.values(), line.weights, strict=True):
        assert term.direction * weight >= 0, name


def test_a_fit_finds_the_weights_that_made_the_data() -> None:
    dice = np.random.default_rng(4)
    terms = dice.normal(size=(20_000, len(TERMS)))
    true = np.array([term.direction or 0.5 for term in TERMS.values()]) * 0.7
    silent = dice.random(20_000) < 1 / (1 + np.exp(1.0 - terms @ true))
    line = fit(terms, silent, np.arange(20_000) // 200)
    np.testing.assert_allclose(line.weights, true, atol=0.12)
    assert line.intercept == pytest.approx(-1.0, abs=0.12)
    assert line.unlike < 0.15  # clusters are alike here


def test_clusters_that_differ_are_seen_to_differ() -> None:
    dice = np.random.default_rng(5)
    terms = dice.normal(size=(20_000, len(TERMS)))
    cluster = np.arange(20_000) // 200
    silent = dice.random(20_000) < 1 / (1 + np.exp(1.0 - dice.normal(0, 0.8, 100)[cluster]))
    assert fit(terms, silent, cluster).unlike == pytest.approx(0.8, abs=0.25)


def test_a_model_is_the_same_after_storing(tmp_path: Path) -> None:
    features = features_of(days_of(daily(300), daily(90, 15), [(200, 1)]), NOW)
    Model.shipped().save(tmp_path / "kept.json", better=True)
    assert Model.load(tmp_path / "kept.json").foresee(features) == Model.shipped().foresee(features)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.json"]


@pytest.mark.parametrize("change", [{"format": 99}, {"terms": ["other"]}, {"editions": [{}]}, None])
def test_a_file_that_is_no_model_of_ours_is_named_with_the_remedy(tmp_path: Path, change: dict[str, object] | None) -> None:
    path = tmp_path / "forecast.json"
    plain = json.loads(SHIPPED.read_text(encoding="utf-8"))
    path.write_text("not json" if change is None else json.dumps(plain | change), encoding="utf-8")
    with pytest.raises(BadModel, match=r"forecast\.json .*`huoqun health train`"):
        Model.load(path)


def test_nobody_to_foresee() -> None:
    assert Model.shipped().foresee(features_of(days_of([(-9, 1)]), NOW)) == {}


def test_shipping_is_repeatable() -> None:
    assert ship(12, seed=1).as_plain() == ship(12, seed=1).as_plain()


def test_the_shipped_model_is_the_one_that_generated_communities_give() -> None:
    """Fewer communities give nearly the same: what is shipped was not edited by hand."""
    features = features_of(days_of(daily(400), daily(400, 12), daily(60, 5), [(40, 2), (20, 1)]), NOW)
    fewer = ship(80, seed=7).probabilities(features)
    np.testing.assert_allclose(fewer, Model.shipped().probabilities(features), atol=0.1)
