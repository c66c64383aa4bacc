"""Operators side by side: what is left of the difference between them when their groups' age, size and kind are taken out, and
when chance is.

Two outcomes: whether a group is alive, and how much its members say. Each is compared with what groups of the same age, size
and kind come to (a least-squares fit over all groups), and an operator's mean difference is drawn towards zero as far as chance
explains it: with few groups, much; where operators differ more than chance allows, little. How far operators differ is not
known exactly either, so the intervals are taken over all that it may be.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST_GROUPS = 3
"""With fewer comparable groups nothing is said of an operator."""
Z90 = 1.6449
WIDEST, STEPS = 4.0, 401
"""Differences between operators that are thought possible: up to so many times those between one operator's groups."""
DOUBTS = (0.25, 1.0)
"""Variance of one group where nothing is known: of alive or not, of the logarithm of what is said."""
RIDGE = 1.0
"""Holds the fit over few groups back from explaining everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOutcome:
    """One group as it counts here. Planned ends and groups without talk are not comparable: leave them out."""

    group_key: int
    operator: str
    alive: bool
    messages_30d: float
    """Of members."""
    age: int
    """Days since the first talk."""
    size: int
    """Members known, or speakers of its last three months."""
    kind: str = ""
    """What it connects, with its lifecycle."""
    carrier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What an operator put in: house messages in their groups, and half-hours in which they wrote anything there."""

    messages: int
    half_hours: int
    people: int
    days: int

    @property
    def hours_a_week(self) -> float:
        return self.half_hours / 2 * 7 / self.days if self.days else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRow:
    """One operator. `alive` and `talk` are differences from comparable groups, shrunk, with 90 % intervals: `alive` in share of
    groups (+0.1: ten in a hundred more), `talk` as a factor (1.2: a fifth more). None with too few groups.

    `verdict`: "better" or "worse" where either interval excludes no difference and the other does not contradict it,
    "cannot_tell" where not, "too_few" with too few groups.
    """

    operator: str
    groups: int
    alive_share: float
    messages_a_group: float
    alive: float | None
    alive_low: float | None
    alive_high: float | None
    talk: float | None
    talk_low: float | None
    talk_high: float | None
    verdict: str
    hours_a_week: float | None = None
    hours_a_group: float | None = None
    house_messages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far operators differ at all: standard deviations between them when chance is taken out."""

    operators: int
    alive: float
    talk: float
    """As a factor: 1.0 is no difference."""
    told_apart: bool
    """Whether any two operators' intervals leave no overlap."""


@dataclass(frozen=True, slots=True)
class _Shrunk:
    mean: float
    low: float
    high: float


def disperse(rows: Iterable[GroupOutcome], efforts: Mapping[str, Effort] | None = None) -> list[OperatorRow]:
    """Every operator with a group, most groups first."""
    groups = [row for row in rows if row.operator]
    if not groups:
        return []
    by_operator = _places(groups)
    enough = {name: places for name, places in by_operator.items() if len(places) >= FEWEST_GROUPS}
    (alive, _), (talk, _) = _both(groups, enough)
    made = [
        _operator(name, [groups[i] for i in places], alive.get(name), talk.get(name), (efforts or {}).get(name))
        for name, places in by_operator.items()
    ]
    return sorted(made, key=lambda row: (-row.groups, row.operator))


def spread(rows: Iterable[GroupOutcome]) -> Spread | None:
    """None with fewer than two operators who have enough groups."""
    groups = [row for row in rows if row.operator]
    enough = {name: places for name, places in _places(groups).items() if len(places) >= FEWEST_GROUPS}
    if len(enough) < 2:
        return None
    (alive, between_alive), (talk, between_talk) = _both(groups, enough)
    return Spread(
        operators=len(enough),
        alive=between_alive,
        talk=math.exp(between_talk),
        told_apart=_apart(alive.values()) or _apart(talk.values()),
    )


def _both(groups: Sequence[GroupOutcome], enough: Mapping[str, Sequence[int]]) -> list[tuple[dict[str, _Shrunk], float]]:
    """Of both outcomes, alive and talk: what is told of each operator, and how far operators differ."""
    return [
        _shrunk(_beside_comparable(groups, outcome), enough, doubt)
        for outcome, doubt in zip(_outcomes(groups), DOUBTS, strict=True)
    ]


def _places(groups: Sequence[GroupOutcome]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(groups):
        found[row.operator].append(place)
    return found


def _outcomes(groups: Sequence[GroupOutcome]) -> tuple[Floats, Floats]:
    alive = np.array([float(row.alive) for row in groups])
    return alive, np.log1p(np.array([max(row.messages_30d, 0.0) for row in groups]))


def _beside_comparable(groups: Sequence[GroupOutcome], outcome: Floats) -> Floats:
    """What is left of the outcome when age, size, kind and carrier are taken out."""
    columns = [np.log1p([max(row.age, 0) for row in groups]), np.log1p([max(row.size, 0) for row in groups])]
    for values in ([row.kind for row in groups], [row.carrier for row in groups]):
        columns += [np.array([float(value == one) for value in values]) for one in sorted(set(values))[1:]]
    design = np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])
    design -= design.mean(axis=0)
    centred = outcome - outcome.mean()
    weights = np.linalg.solve(design.T @ design + RIDGE * np.eye(design.shape[1]), design.T @ centred)
    left: Floats = centred - design @ weights
    return left


def _shrunk(left: Floats, by_operator: Mapping[str, Sequence[int]], doubt: float) -> tuple[dict[str, _Shrunk], float]:
    """Each operator's mean difference drawn towards the mean of all, and the standard deviation between operators.

    How far operators differ is itself uncertain where there are few: the answer is averaged over all that fit what is seen,
    so that an interval is never narrower than what is known of it.
    """
    if not by_operator:
        return {}, 0.0
    means = np.array([left[list(places)].mean() for places in by_operator.values()])
    within = _within(left, by_operator, doubt)
    noise = within / np.array([len(places) for places in by_operator.values()])
    spreads, likely = _between(means, noise, within)
    kept = spreads[:, None] ** 2 / (spreads[:, None] ** 2 + noise)
    drawn = likely @ (kept * means)
    deviation = np.sqrt(likely @ (kept * noise + (kept * means) ** 2) - drawn**2)
    found = {
        name: _Shrunk(float(mean), float(mean - Z90 * wide), float(mean + Z90 * wide))
        for name, mean, wide in zip(by_operator, drawn, deviation, strict=True)
    }
    return found, float(likely @ spreads)


def _within(left: Floats, by_operator: Mapping[str, Sequence[int]], doubt: float) -> float:
    """Variance between the groups of one operator, with one group's `doubt` added: a handful of groups that all do alike do
    not show that groups never differ."""
    squares = sum(float(((left[list(places)] - left[list(places)].mean()) ** 2).sum()) for places in by_operator.values())
    return (squares + doubt) / max(sum(len(places) - 1 for places in by_operator.values()) + 1, 1)


def _between(means: Floats, noise: Floats, within: float) -> tuple[Floats, Floats]:
    """Standard deviations there may be between operators, and how likely each is given their means: before anything is seen
    they are taken to differ by less than their own groups do (half-normal)."""
    spreads = math.sqrt(within) * np.linspace(0.0, WIDEST, STEPS)
    variance = spreads[:, None] ** 2 + noise
    log = -0.5 * (np.log(variance) + means**2 / variance).sum(axis=1) - 0.5 * spreads**2 / within
    likely = np.exp(log - log.max())
    return spreads, likely / likely.sum()


def _operator(
    name: str, groups: Sequence[GroupOutcome], alive: _Shrunk | None, talk: _Shrunk | None, effort: Effort | None
) -> OperatorRow:
    hours = effort.hours_a_week if effort else None
    return OperatorRow(
        operator=name,
        groups=len(groups),
        alive_share=sum(row.alive for row in groups) / len(groups),
        messages_a_group=sum(row.messages_30d for row in groups) / len(groups),
        alive=alive.mean if alive else None,
        alive_low=alive.low if alive else None,
        alive_high=alive.high if alive else None,
        talk=math.exp(talk.mean) if talk else None,
        talk_low=math.exp(talk.low) if talk else None,
        talk_high=math.exp(talk.high) if talk else None,
        verdict=_verdict(alive, talk),
        hours_a_week=hours,
        hours_a_group=hours / len(groups) if hours is not None else None,
        house_messages=effort.messages if effort else None,
    )


def _verdict(alive: _Shrunk | None, talk: _Shrunk | None) -> str:
    if alive is None or talk is None:
        return "too_few"
    signs = {_sign(alive), _sign(talk)} - {0}
    if len(signs) != 1:
        return "cannot_tell"
    return "better" if signs == {1} else "worse"


def _sign(shrunk: _Shrunk) -> int:
    """1 where the whole interval lies above no difference, -1 below, 0 where it does not say."""
    return 1 if shrunk.low > 0 else -1 if shrunk.high < 0 else 0


def _apart(shrunk: Iterable[_Shrunk]) -> bool:
    every = list(shrunk)
    return max(one.low for one in every) > min(one.high for one in every)
