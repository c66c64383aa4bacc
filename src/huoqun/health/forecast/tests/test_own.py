"""A community's own model: when there is one, that it looks at no future, that the better one is used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from huoqun.health.forecast.calendar import DayArrays, day_arrays
from huoqun.health.forecast.features import features_of
from huoqun.health.forecast.model import Model
from huoqun.health.forecast.own import FILE, Past, Trained, chosen_model, keep, train

LENGTH = 1400


def harsh_world(groups: int = 80) -> DayArrays:
    """Groups talk daily for some weeks and then stop for good: nothing a model from elsewhere could know."""
    dice = np.random.default_rng(11)
    rows = []
    for key in range(groups):
        for start in range(int(dice.integers(0, 90)), LENGTH, 240):
            rows += [
                (key, day) for day in range(start, min(start + int(dice.integers(35, 160)), LENGTH)) if dice.random() < 0.8
            ]
    key, day = np.array(sorted(set(rows))).T
    return day_arrays({"group_key": key, "day": day, "messages": np.full(key.size, 4), "speakers": np.full(key.size, 2)})


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train(harsh_world(), LENGTH - 1)


def test_a_short_past_trains_nothing_and_says_what_there_is(tmp_path: Path) -> None:
    few = train(harsh_world(5), 300)
    assert few.model is None
    assert not few.past.enough
    assert few.past.groups == 5
    keep(few, tmp_path, as_of=300)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("past", "enough"),
    [(Past(12, 20, 30), True), (Past(11, 20, 30), False), (Past(12, 19, 30), False), (Past(12, 20, 29), False)],
)
def test_long_enough(past: Past, enough: bool) -> None:
    assert past.enough == enough


def test_where_groups_end_otherwise_the_own_model_does_better_and_is_used(trained: Trained, tmp_path: Path) -> None:
    assert trained.own is not None
    assert trained.shipped is not None
    assert trained.own.forecasts == trained.shipped.forecasts
    assert trained.own.brier < trained.shipped.brier
    assert trained.better
    keep(trained, tmp_path, as_of=LENGTH - 1)
    assert chosen_model(tmp_path).name == "own"
    assert chosen_model(tmp_path).as_plain() == trained.model.as_plain()


def test_a_model_that_did_no_better_is_kept_but_not_used(trained: Trained, tmp_path: Path) -> None:
    keep(replace(trained, own=trained.shipped), tmp_path, as_of=LENGTH - 1)
    assert (tmp_path / FILE).exists()
    assert chosen_model(tmp_path) is Model.shipped()


def test_without_a_model_or_with_a_broken_one_the_shipped_one_is_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert chosen_model(tmp_path) is Model.shipped()
    (tmp_path / FILE).write_text("{}", encoding="utf-8")
    assert chosen_model(tmp_path) is Model.shipped()
    assert "forecast.json is no forecast model" in caplog.text


def test_looking_back_each_date_is_judged_by_what_was_known_then(trained: Trained) -> None:
    """Everything said after an edition's date is taken away: the edition is the same."""
    assert trained.model is not None
    since = [edition.since for edition in trained.model.editions if edition.since is not None]
    for date in (since[0], since[-2]):
        cut = train(harsh_world().until(date), LENGTH - 1)
        assert cut.model is not None
        features = features_of(harsh_world(), np.array([date]))
        ours, theirs = trained.model.on(date), cut.model.on(date)
        assert ours.since == theirs.since == date
        np.testing.assert_allclose(ours.log_odds(features), theirs.log_odds(features), atol=1e-6)


def test_before_its_first_edition_the_shipped_model_speaks(trained: Trained) -> None:
    assert trained.model is not None
    early = features_of(harsh_world(), np.array([60]))
    np.testing.assert_array_equal(trained.model.probabilities(early), Model.shipped().probabilities(early))
