"""Randomness for one group or one list: a numpy generator, drawn from in blocks because single draws are slow."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TypeVar

import numpy as np

Thing = TypeVar("Thing")
BLOCK = 2048


class Dice:
    """The same key gives the same throws, whatever other dice have done before."""

    def __init__(self, *key: int) -> None:
        self._generator = np.random.default_rng(list(key))
        self._throws: list[float] = []

    def throw(self) -> float:
        """Uniform in [0, 1)."""
        if not self._throws:
            self._throws = self._generator.random(BLOCK).tolist()
        return self._throws.pop()

    def chance(self, probability: float) -> bool:
        return self.throw() < probability

    def pick(self, things: Sequence[Thing]) -> Thing:
        return things[int(self.throw() * len(things))]

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.throw()

    def whole(self, low: int, high: int) -> int:
        """Uniform among low..high, both included."""
        return low + int(self.throw() * (high - low + 1))

    def normal(self) -> float:
        return math.sqrt(-2 * math.log(1 - self.throw())) * math.cos(2 * math.pi * self.throw())

    def around(self, median: float, spread: float) -> float:
        """Lognormal: half of the throws lie under the median."""
        return median * math.exp(spread * self.normal())

    def waiting(self, mean: float) -> float:
        """Exponential."""
        return -mean * math.log(1 - self.throw())

    def times(self, mean: float) -> int:
        """Poisson."""
        if mean <= 0:
            return 0
        if mean > 30:
            return max(0, round(mean + math.sqrt(mean) * self.normal()))
        limit, product, count = math.exp(-mean), self.throw(), 0
        while product > limit:
            product *= self.throw()
            count += 1
        return count

    def weighted(self, things: Sequence[Thing], weights: Iterable[float]) -> Thing:
        return self.from_sums(things, list(accumulate(weights)))

    def from_sums(self, things: Sequence[Thing], sums: Sequence[float]) -> Thing:
        """Like `weighted`, for running sums that are used more than once."""
        return things[min(bisect(sums, self.throw() * sums[-1]), len(things) - 1)]

    def shuffled(self, things: Iterable[Thing]) -> list[Thing]:
        keyed = [(self.throw(), place, thing) for place, thing in enumerate(things)]
        return [thing for _, _, thing in sorted(keyed, key=lambda entry: entry[:2])]
