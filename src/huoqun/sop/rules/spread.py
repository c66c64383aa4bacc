"""How far operators are apart, beyond what chance brings (A27, I12).

Promises to one group succeed and fail together, so the noise of an operator's share is told from how it differs from group to
group, and never taken for less than that of as many coin tosses. What is left of the differences between operators when their
noise is taken out is their spread (the moment estimator of DerSimonian and Laird), and each share is drawn towards the common
one by as much as it is noise: an operator with nine promises is no hero for keeping all nine.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

FAIR = 20
"""Below so many promises an operator's share says little, and is not compared."""

FEW = 3
"""Fewer groups than these say nothing about how groups differ."""

Z = 1.96
Kept = tuple[int, int]
"""In time, and promised, in one group."""


@dataclass(frozen=True, slots=True)
class Stand:
    """An operator beside the others."""

    share: float
    drawn: float
    """Drawn towards the common share by as much as it is noise."""
    low: float
    high: float
    """Where the share without its noise lies, 95 times of 100."""
    verdict: str
    """"better", "worse", or "" where the difference may be chance."""


@dataclass(frozen=True)
class Spread(Generic[K]):
    common: float
    spread: float
    """Standard deviation of shares between operators, chance taken out."""
    stands: Mapping[K, Stand]
    """Of those with promises enough."""


def spread_of(told: Mapping[K, Collection[Kept]]) -> Spread[K] | None:
    """`told`: by operator, what came of each group. None where there are not two with enough to compare."""
    compared = {who: groups for who, groups in told.items() if sum(n for _k, n in groups) >= FAIR}
    if len(compared) < 2:
        return None
    shares = {who: share_of(groups) for who, groups in compared.items()}
    usual = usual_noise(compared.values())
    noise = {who: noise_of(groups, usual=usual) for who, groups in compared.items()}
    between = _between(list(shares.values()), list(noise.values()))
    common = _mean(list(shares.values()), [1 / (noise[who] + between) for who in shares])
    number = {who: sum(n for _k, n in groups) for who, groups in compared.items()}
    stands = {who: _stand(who, shares, noise, between, common, number[who]) for who in shares}
    return Spread(common, sqrt(between), stands)


def share_of(groups: Collection[Kept]) -> float:
    return sum(k for k, _n in groups) / sum(n for _k, n in groups)


def noise_of(groups: Collection[Kept], *, usual: float = 0.0) -> float:
    """Variance of the share: what groups say, at least that of coin tosses. `usual`: of one group's share anywhere, for
    somebody with too few groups to tell by their own.
    """
    promised = sum(n for _k, n in groups)
    sure = softened(share_of(groups), promised)
    tosses = sure * (1 - sure) / promised
    if len(groups) < FEW:
        return max(tosses, usual / len(groups))
    return max(tosses, _of_groups(groups))


def softened(share: float, promised: int) -> float:
    """With two more of each kind (Agresti and Coull), so that 20 of 20 is not taken for certain."""
    return (share * promised + 2) / (promised + 4)


def _of_groups(groups: Collection[Kept]) -> float:
    promised, share = sum(n for _k, n in groups), share_of(groups)
    off = sum((k - share * n) ** 2 for k, n in groups)
    return off / promised**2 * len(groups) / (len(groups) - 1)


def usual_noise(compared: Collection[Collection[Kept]]) -> float:
    """Variance of one group's share about its operator's, on average."""
    told = [_of_groups(groups) * len(groups) for groups in compared if len(groups) >= FEW]
    return sum(told) / len(told) if told else 0.0


def _between(shares: Sequence[float], noise: Sequence[float]) -> float:
    """Variance between operators beyond their noise; never negative."""
    weights = [1 / each for each in noise]
    middle, whole = _mean(shares, weights), sum(weights)
    seen = sum(weight * (share - middle) ** 2 for share, weight in zip(shares, weights, strict=True))
    return max(0.0, (seen - (len(shares) - 1)) / (whole - sum(weight**2 for weight in weights) / whole))


def _mean(shares: Sequence[float], weights: Sequence[float]) -> float:
    return sum(share * weight for share, weight in zip(shares, weights, strict=True)) / sum(weights)


def _stand(who: K, shares: Mapping[K, float], noise: Mapping[K, float], between: float, common: float, promised: int) -> Stand:
    share, reach = shares[who], Z * sqrt(noise[who])
    sure = softened(share, promised)
    trusted = between / (between + noise[who])
    # Against the middle of the others: one who is far behind makes nobody else good.
    level = median(shares[each] for each in shares if each != who)
    low, high = max(0.0, sure - reach), min(1.0, sure + reach)
    verdict = "worse" if high < level else "better" if low > level else ""
    return Stand(share, common + trusted * (share - common), low, high, verdict)
