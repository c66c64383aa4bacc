"""How likely each cause is beside all others: the signs' weights added up, made into chances.

The weights were fitted once, on generated worlds (`bench/weigh_causes.py`); none is negative, so each can be read aloud: "that
many leave speaks for ad fatigue, this strongly". A sign that cannot be seen counts as it does on average.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .case import Case
from .findings import Finding
from .signs import NOTHING, SIGNS, read

SHIPPED = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Weight:
    weight: float
    usual: float
    """How far the sign shows on average: what it counts as where it cannot be seen."""


@dataclass(frozen=True, slots=True)
class Weights:
    base: Mapping[str, float]
    signs: Mapping[str, tuple[Weight, ...]]

    @staticmethod
    def read(path: Path) -> Weights:
        """Raises ValueError where the file does not hold what `signs` asks for."""
        told = json.loads(path.read_text(encoding="utf-8"))
        wanted = {code: [sign.name for sign in signs] for code, signs in SIGNS.items()}
        if {code: list(signs) for code, signs in told["signs"].items()} != wanted:
            raise ValueError(f"{path}: its signs are not those of signs.py; fit them again with bench/weigh_causes.py")
        return Weights(
            base=told["base"],
            signs={
                code: tuple(Weight(told["signs"][code][name]["weight"], told["signs"][code][name]["usual"]) for name in names)
                for code, names in wanted.items()
            },
        )


@cache
def shipped() -> Weights:
    return Weights.read(SHIPPED)


def chances(case: Case, findings: Mapping[str, Finding | None], weights: Weights | None = None) -> dict[str, float]:
    """For each cause, and for nothing being wrong, its chance; together 1."""
    given = weights or shipped()
    scores = {code: given.base[code] + _sum(given.signs[code], shown) for code, shown in read(case, findings).items()}
    top = max(scores.values())
    parts = {code: math.exp(score - top) for code, score in scores.items()}
    total = sum(parts.values())
    return {code: part / total for code, part in parts.items()}


def _sum(weights: tuple[Weight, ...], shown: tuple[float | None, ...]) -> float:
    return sum(each.weight * (each.usual if sign is None else sign) for each, sign in zip(weights, shown, strict=True))


__all__ = ["NOTHING", "Weights", "chances", "shipped"]
