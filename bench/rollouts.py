"""Does a fair test tell the truth? Simulated roll-outs with what was planted, read by `sop.effects`.

    python bench/rollouts.py [--rollouts 2000] [--draws 999]

The simulator is this file: weeks of groups with their own level, noise that lasts, seasons, effects that are constant, grow or
differ, groups that share members and hear of it, and worst groups that get better by themselves. It shares no code with the
estimator, which sees starts and outcomes only. Prints Markdown.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from huoqun.sop.effects.reading import Effect, NoClaim, Trial, read
from huoqun.sop.effects.smallest import smallest
from huoqun.sop.effects.waves import Schedule, draw

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """A company's weeks. `icc`: share of the variance between groups; `lasting`: of a week's noise, left in the next."""

    units: int = 300
    weeks: int = 16
    icc: float = 0.5
    lasting: float = 0.0
    skewed: bool = False

    def past(self, dice: np.random.Generator) -> Floats:
        level = dice.normal(0, np.sqrt(self.icc), self.units)
        season = np.cumsum(dice.normal(0, 0.15, self.weeks))
        noise = np.empty((self.units, self.weeks))
        noise[:, 0] = dice.normal(0, 1, self.units)
        for week in range(1, self.weeks):
            fresh = dice.normal(0, np.sqrt(1 - self.lasting**2), self.units)
            noise[:, week] = self.lasting * noise[:, week - 1] + fresh
        if self.skewed:
            noise = (np.exp(noise) - np.exp(0.5)) / np.sqrt((np.e - 1) * np.e)
        return level[:, None] + season[None, :] + np.sqrt(1 - self.icc) * noise


SIX_WAVES = Schedule((4, 6, 8, 10, 12, 14))
HALVES = Schedule((8,), held_back=0.5)


def planted(kind: str, size: float, starts: NDArray[np.int64], weeks: int, dice: np.random.Generator) -> Floats:
    """What is added to each unit in each week."""
    since = np.arange(weeks)[None, :] - np.minimum(starts, 10**6)[:, None]
    treated = since >= 0
    if kind == "grows":
        return np.where(treated, size * np.minimum(since + 1, 4) / 4, 0.0)
    if kind == "differs":
        return np.where(treated, dice.normal(size, size, len(starts))[:, None], 0.0)
    return np.where(treated, size, 0.0)


def average(added: Floats, starts: NDArray[np.int64]) -> float:
    """The mean effect over treated unit-weeks in weeks with both kinds, weighted as precise weeks are: by hand."""
    total = weight = 0.0
    for week in range(added.shape[1]):
        have = starts <= week
        one, other = have.sum(), (~have).sum()
        if one and other:
            share = one * other / (one + other)
            total += share * added[have, week].mean()
            weight += share
    return total / weight


@dataclass
class Score:
    covered: int = 0
    alarms: int = 0
    wrong_side: int = 0
    errors: list[float] | None = None
    count: int = 0

    def take(self, effect: Effect, truth: float) -> None:
        self.count += 1
        self.covered += effect.low <= truth <= effect.high
        self.alarms += effect.low > 0 or effect.high < 0
        self.wrong_side += (effect.low > 0 > truth) or (effect.high < 0 < truth)
        self.errors = [*(self.errors or []), effect.estimate - truth]


def play(world: World, schedule: Schedule, kind: str, size: float, rollouts: int, draws: int, seed: int) -> Score:
    score = Score()
    for number in range(rollouts):
        dice = np.random.default_rng([seed, number])
        past = world.past(dice)
        strata = tuple((past[:, 0] > np.median(past[:, 0])).tolist())
        starts = draw(schedule, strata, dice)
        added = planted(kind, size, starts, world.weeks, dice)
        effect = read(Trial(schedule, starts, strata, past + added), dice, count=draws)
        assert isinstance(effect, Effect)
        score.take(effect, average(added, starts) if size else 0.0)
    return score


def neighbours(rollouts: int, draws: int, seed: int) -> tuple[Score, Score]:
    """Pairs of groups that share members: what one is told the other hears, half as loud. Drawn by group, and by pair."""
    apart, together = Score(), Score()
    world, size = World(units=300), 0.3
    for number in range(rollouts):
        dice = np.random.default_rng([seed, number])
        past = world.past(dice)
        strata = (0,) * 300
        starts = draw(SIX_WAVES, strata, dice)
        own = planted("constant", size, starts, world.weeks, dice)
        heard = own.reshape(150, 2, -1)[:, ::-1].reshape(300, -1) / 2
        effect = read(Trial(SIX_WAVES, starts, strata, past + np.where(own > 0, own, heard)), dice, count=draws)
        assert isinstance(effect, Effect)
        apart.take(effect, size)
        pairs = draw(SIX_WAVES, strata[:150], dice)
        both = past.reshape(150, 2, -1).mean(axis=1) + planted("constant", size, pairs, world.weeks, dice)
        effect = read(Trial(SIX_WAVES, pairs, strata[:150], both), dice, count=draws)
        assert isinstance(effect, Effect)
        together.take(effect, size)
    return apart, together


def worst_first(rollouts: int, seed: int) -> tuple[float, int]:
    """The worst fifth is chosen and started, with no effect at all: what before-and-after would claim, and how often we do."""
    gains, claims = [], 0
    for number in range(rollouts):
        dice = np.random.default_rng([seed, number])
        past = World(icc=0.3).past(dice)
        chosen = past[:, 7] <= np.quantile(past[:, 7], 0.2)
        gains.append(float(past[chosen, 8:].mean() - past[chosen, 7].mean()))
        starts = np.where(chosen, 8, np.iinfo(np.int64).max)
        claims += not isinstance(read(Trial(HALVES, starts, (0,) * 300, past, drawn=False), dice), NoClaim)
    return float(np.mean(gains)), claims


def line(name: str, score: Score) -> str:
    errors = np.array(score.errors)
    return (
        f"| {name} | {score.count:,} | {score.covered / score.count:.1%} | {score.alarms / score.count:.1%} | "
        f"{score.wrong_side} | {errors.mean():+.3f} | {errors.std():.3f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rollouts", type=int, default=2000, help="of each kind")
    parser.add_argument("--draws", type=int, default=999)
    asked = parser.parse_args()
    print(
        f"## Fair tests\n\n{asked.rollouts:,} roll-outs of each kind, {asked.draws} draws a reading; deviation of outcomes: 1\n"
    )
    print("| planted | roll-outs | interval holds the truth | effect claimed | of them on the wrong side | bias | error |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    small = World(units=60, lasting=0.4)
    for seed, (name, world, schedule, kind, size) in enumerate(
        [
            ("nothing; 300 units, six waves", World(), SIX_WAVES, "constant", 0.0),
            ("nothing; noise that lasts, skewed", World(lasting=0.5, skewed=True), SIX_WAVES, "constant", 0.0),
            ("nothing; 60 units", small, SIX_WAVES, "constant", 0.0),
            ("nothing; half held back", World(), HALVES, "constant", 0.0),
            ("0.17; 300 units, six waves", World(), SIX_WAVES, "constant", 0.17),
            ("0.17; noise that lasts, skewed", World(lasting=0.5, skewed=True), SIX_WAVES, "constant", 0.17),
            ("0.3, growing over four weeks", World(), SIX_WAVES, "grows", 0.3),
            ("0.2, different for each", World(), SIX_WAVES, "differs", 0.2),
            ("0.3; 60 units", small, SIX_WAVES, "constant", 0.3),
        ]
    ):
        print(line(name, play(world, schedule, kind, size, asked.rollouts, asked.draws, seed)), flush=True)
    apart, together = neighbours(asked.rollouts, asked.draws, 90)
    print(line("0.3; pairs share members, drawn by group", apart))
    print(line("0.3; the same, drawn by pair", together))
    gain, claims = worst_first(asked.rollouts, 91)
    print(f"\nThe worst fifth chosen, no effect: before and after differ by {gain:+.2f}; an effect was claimed {claims} times.")
    print("\n| smallest effect that can be seen | units | in deviations |\n| --- | ---: | ---: |")
    for icc in (0.3, 0.5, 0.7):
        for units in (60, 120, 300):
            dice = np.random.default_rng([7, units, int(icc * 10)])
            found = [
                smallest(World(units=units, icc=icc).past(dice), SIX_WAVES, (0,) * units, dice).in_deviations for _ in range(20)
            ]
            print(f"| six waves, 16 weeks, ICC {icc} | {units} | {np.mean(found):.2f} |")


if __name__ == "__main__":
    main()
