"""The model: a small network scores each candidate, the scores of a message's candidates become probabilities."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .features import Features

Array = npt.NDArray[np.float64]
Weights = npt.NDArray[np.float32]
SHIPPED = Path(__file__).parent / "weights.json"


@dataclass(frozen=True, slots=True)
class Net:
    """One hidden layer and a straight way past it: score = tanh(x·hidden + bias)·out + x·straight."""

    hidden: Weights
    bias: Weights
    out: Weights
    straight: Weights

    def score(self, x: Weights) -> Weights:
        return np.asarray(np.tanh(x @ self.hidden + self.bias) @ self.out + x @ self.straight)


@dataclass(frozen=True, slots=True)
class Linker:
    """A trained linker. `about` says what it was trained on, whose that is and under which licence."""

    nets: tuple[Net, ...]
    features: list[str]
    about: dict[str, Any]

    def log_odds(self, features: Features, reach: int) -> Array:
        """Scores: a row a message, a column for each distance (0: answers nobody); minus infinity where there is no message.

        Raises ValueError where the weights were trained on other features than these.
        """
        if self.features != features.names:
            raise ValueError(
                "the linker's weights are for other features: train it anew (python -m huoqun.health.ties.linker.training)"
            )
        scores = np.full((features.size, reach + 1), -np.inf)
        for lag in range(reach + 1):
            rows = np.flatnonzero(features.valid(lag))
            scores[rows, lag] = self.scores(features.at(lag)[rows])
        return scores

    def scores(self, x: Weights) -> Array:
        """The nets' mean score of each row of features."""
        return np.asarray(np.mean([net.score(x) for net in self.nets], axis=0))

    def to_json(self) -> str:
        nets = [{name: np.round(getattr(net, name), 4).tolist() for name in Net.__slots__} for net in self.nets]
        return json.dumps({"about": self.about, "features": self.features, "nets": nets}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Linker:
        written = json.loads(text)
        nets = tuple(Net(*(np.asarray(net[name], np.float32) for name in Net.__slots__)) for net in written["nets"])
        return cls(nets, written["features"], written["about"])

    @classmethod
    @cache
    def shipped(cls) -> Linker:
        return cls.from_json(SHIPPED.read_text(encoding="utf-8"))
