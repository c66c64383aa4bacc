"""Makes the shipped model anew: `python -m huoqun.health.forecast.training.ship`. From generated communities only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from huoqun.health.forecast.calendar import Flags, Ints
from huoqun.health.forecast.features import WITHIN, Features, features_of, silent_after
from huoqun.health.forecast.fitting import fit
from huoqun.health.forecast.model import SHIPPED, Edition, Model
from huoqun.health.forecast.terms import terms_of

from .courses import community

COMMUNITIES = 600
SEED = 20260
UNLIKE = 0.5
"""Real communities differ from these by more than these among each other: beside this line, two public archives were off by 0.1
in the log odds, the sample worlds (other makers' deaths) by 0.8."""
SIZES, SHARES = (1, 5, 15, 40, 100), (0.1, 0.2, 0.3, 0.3, 0.1)


def ship(communities: int = COMMUNITIES, seed: int = SEED) -> Model:
    features, silent, cluster = generated(communities, seed)
    terms, share = terms_of(features), features.sleepiness
    found = [fit(terms[chosen], silent[chosen], cluster[chosen]) for chosen in (share < 1, share > 0)]
    lines = (replace(line, unlike=max(line.unlike, UNLIKE)) for line in found)
    return Model("shipped", (Edition(None, *lines),))


def generated(communities: int, seed: int) -> tuple[Features, Flags, Ints]:
    """Rows of generated communities, a date every 30 days; which community each is of."""
    dice = np.random.default_rng(seed)
    parts = [_rows(dice) for _ in range(communities)]
    figures = {name: np.concatenate([part[0].figures[name] for part in parts]) for name in parts[0][0].figures}
    key, today = (np.concatenate([getattr(part[0], name) for part in parts]) for name in ("key", "today"))
    cluster = np.repeat(np.arange(communities), [part[0].rows for part in parts])
    return Features(key, today, figures), np.concatenate([part[1] for part in parts]), cluster


def _rows(dice: np.random.Generator) -> tuple[Features, Flags]:
    length = int(dice.integers(150, 1800))
    days = community(dice, groups=int(dice.choice(SIZES, p=SHARES)), days=length)
    dates = np.arange(dice.integers(1, 31), length - WITHIN, 30)
    features = features_of(days, dates)
    return features, silent_after(days, features)


if __name__ == "__main__":
    ship().save(SHIPPED)
