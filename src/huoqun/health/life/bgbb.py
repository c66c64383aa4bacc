"""How likely a group is still alive, from its calendar of active days: the BG/BB model (Fader, Hardie and Shang 2010).

While alive, a group talks on a day with probability p; before each day it dies with probability theta; p varies between
groups as Beta(alpha, beta), theta as Beta(gamma, delta). A silent group is either alive and quiet by chance or dead since one
of the silent days; the share of the first explanation is P(alive).

Everything is written from the day of the last talk, when the group was alive for certain. With a = alpha + days talked,
b = beta + quiet days, d = delta + age, and s silent days since:

    alive   =  B(a, b+s) / B(a, b)  *  B(gamma, d+s) / B(gamma, d)
    died(i) =  B(a, b+i) / B(a, b)  *  B(gamma+1, d+i) / B(gamma, d)          after i = 0 .. s-1 silent days
    P(alive) = alive / (alive + sum of died)

The textbook lets p be the same for a group's whole life. Real groups talk in bursts, so `judge` lets a remembered day count
only `EVIDENCE` of a day; the functions here take calendars as they are given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy

from .calendar import Floats, Rhythm

NEAR = 32
"""So many silent days are added up one by one; those after them by quadrature."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


@dataclass(frozen=True, slots=True)
class Parameters:
    """alpha, beta: how often living groups talk. gamma, delta: how fast groups die."""

    alpha: float
    beta: float
    gamma: float
    delta: float

    @classmethod
    def from_logs(cls, logs: Floats) -> Parameters:
        return cls(*(float(value) for value in np.exp(logs)))

    @property
    def logs(self) -> Floats:
        return np.log(np.array([self.alpha, self.beta, self.gamma, self.delta], dtype=np.float64))


PRIOR = Parameters(alpha=0.5, beta=2.0, gamma=0.70, delta=6.6)
"""What is assumed of groups nobody has seen yet. gamma and delta are the only pair by which 40 % of groups die within 7 days
and 30 % outlive 30, as counted for WeChat groups (Qiu and others 2016); alpha and beta are the middle of fits to two public
archives of chat channels, which talk on about one day in five."""
PRIOR_SPREAD = np.array([0.7, 0.7, 0.7, 0.7])
"""Standard deviations of the logarithms around `PRIOR`: a portfolio of a dozen groups outweighs it, one group does not."""
WIDEST = 9.0
"""Bound on the logarithms, so that no fit runs away."""
EVIDENCE = 0.25
"""What one remembered day counts. Talk comes in bursts, so days are not independent draws: see the README for the figures."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The most believable parameters of a portfolio, and how sure of their logarithms the data make us."""

    parameters: Parameters
    covariance: Floats

    def draws(self, count: int, *, seed: int = 20100) -> list[Parameters]:
        """Parameters drawn from the fit's uncertainty; the same ones for the same seed."""
        steps = np.random.default_rng(seed).standard_normal((count, 4))
        values = self.parameters.logs + steps @ _root(self.covariance).T
        return [Parameters.from_logs(row) for row in np.clip(values, -WIDEST, WIDEST)]


def tempered(rhythm: Rhythm) -> Rhythm:
    """The calendar as a model of constant rates should hear it: in real groups, days are less telling than in its own."""
    return Rhythm(rhythm.talked * EVIDENCE, rhythm.quiet * EVIDENCE, rhythm.age, rhythm.silent)


def p_alive(rhythm: Rhythm, parameters: Parameters) -> Floats:
    """For each group, the probability that it was still alive at the end of the audit's day."""
    alive = _log_alive(rhythm, parameters)
    return np.exp(alive - np.logaddexp(alive, _log_died(rhythm, parameters)))


def p_talks_within(rhythm: Rhythm, parameters: Parameters, *, days: int) -> Floats:
    """For each group, the probability that somebody talks in the next `days` days: what calibration can be checked against."""
    later = Rhythm(rhythm.talked, rhythm.quiet, rhythm.age, rhythm.silent + days)
    quiet_until_now = np.logaddexp(_log_alive(rhythm, parameters), _log_died(rhythm, parameters))
    quiet_until_then = np.logaddexp(_log_alive(later, parameters), _log_died(later, parameters))
    result: Floats = -np.expm1(quiet_until_then - quiet_until_now)
    return result


def log_likelihood(rhythm: Rhythm, parameters: Parameters) -> Floats:
    """For each group, the logarithm of the probability of its calendar."""
    p = parameters
    talk = betaln(p.alpha + rhythm.talked, p.beta + rhythm.quiet) - betaln(p.alpha, p.beta)
    life = betaln(p.gamma, p.delta + rhythm.age) - betaln(p.gamma, p.delta)
    since_last: Floats = np.logaddexp(_log_alive(rhythm, p), _log_died(rhythm, p))
    result: Floats = np.add(talk + life, since_last)
    return result


def fit(rhythm: Rhythm, *, most: int = 2_000) -> Fit:
    """Fit the portfolio by maximum likelihood, held gently towards `PRIOR`; of more than `most` groups an even sample does."""
    kinds, counts = _distinct(rhythm, most)

    def badness(logs: Floats) -> float:
        pull = float(np.sum(((logs - PRIOR.logs) / PRIOR_SPREAD) ** 2)) / 2
        return pull - float(counts @ log_likelihood(kinds, Parameters.from_logs(logs)))

    found = scipy.optimize.minimize(badness, PRIOR.logs, method="L-BFGS-B", bounds=[(-WIDEST, WIDEST)] * 4)
    return Fit(Parameters.from_logs(found.x), np.linalg.inv(_curvature(badness, found.x)))


def _log_alive(rhythm: Rhythm, p: Parameters) -> Floats:
    a, b, d, s = p.alpha + rhythm.talked, p.beta + rhythm.quiet, p.delta + rhythm.age, rhythm.silent
    result: Floats = betaln(a, b + s) - betaln(a, b) + betaln(p.gamma, d + s) - betaln(p.gamma, d)
    return result


def _log_died(rhythm: Rhythm, p: Parameters) -> Floats:
    """The logarithm of the sum of died(i). From one day to the next the terms change by a factor close to 1, which is
    exact and cheap for the first `NEAR` days; after them the sum is an integral, taken on a logarithmic scale."""
    a, b, d = p.alpha + rhythm.talked, p.beta + rhythm.quiet, p.delta + rhythm.age
    near = _sum_near(a, b, p.gamma, d, rhythm.silent)
    far = np.zeros_like(near)
    long = rhythm.silent > NEAR
    if long.any():
        far[long] = _sum_far(a[long], b[long], p.gamma, d[long], rhythm.silent[long])
    with np.errstate(divide="ignore"):
        result: Floats = np.log(near + far)
    return result


def _sum_near(a: Floats, b: Floats, gamma: float, d: Floats, silent: Floats) -> Floats:
    total = np.zeros_like(a)
    term = gamma / (gamma + d)
    for i in range(NEAR):
        total += np.where(silent > i, term, 0.0)
        term = term * ((b + i) / (a + b + i)) * ((d + i) / (gamma + 1 + d + i))
    return total


def _sum_far(a: Floats, b: Floats, gamma: float, d: Floats, silent: Floats) -> Floats:
    start, stop = np.log(NEAR - 0.5), np.log(silent - 0.5)
    half = (stop - start) / 2
    days = np.exp((stop + start)[:, None] / 2 + half[:, None] * _NODES)
    terms = np.exp(_log_term(a[:, None], b[:, None], gamma, d[:, None], days))
    result: Floats = half * ((terms * days) @ _WEIGHTS)
    return result


def _log_term(a: Floats, b: Floats, gamma: float, d: Floats, i: Floats) -> Floats:
    talk = gammaln(b + i) - gammaln(a + b + i) - (gammaln(b) - gammaln(a + b))
    life = gammaln(d + i) - gammaln(gamma + 1 + d + i) - (gammaln(d) - gammaln(gamma + 1 + d))
    result: Floats = talk + life + np.log(gamma / (gamma + d))
    return result


def _distinct(rhythm: Rhythm, most: int) -> tuple[Rhythm, Floats]:
    """Equal calendars once, with their number. More than `most` groups are sampled evenly in the order of their calendars,
    and the numbers raised to make up for it."""
    table = np.column_stack([rhythm.talked, rhythm.quiet, rhythm.age, rhythm.silent])
    groups = len(table)
    if groups > most:
        table = table[np.lexsort(table.T)][np.linspace(0, groups - 1, most).astype(np.int64)]
    kinds, counts = np.unique(table, axis=0, return_counts=True)
    return Rhythm(*kinds.T), counts * (groups / len(table))


def _curvature(badness: Callable[[Floats], float], at: Floats, step: float = 0.02) -> Floats:
    """Second derivatives by differences, made positive: where the data are silent the prior's own precision is left."""
    size = len(at)
    steps = np.eye(size) * step
    second = np.empty((size, size))
    for i in range(size):
        for j in range(i, size):
            corners = [badness(at + u * steps[i] + v * steps[j]) * u * v for u in (1, -1) for v in (1, -1)]
            second[i, j] = second[j, i] = sum(corners) / (4 * step * step)
    values, vectors = np.linalg.eigh(second)
    result: Floats = (vectors * np.maximum(values, 0.5)) @ vectors.T
    return result


def _root(covariance: Floats) -> Floats:
    values, vectors = np.linalg.eigh(covariance)
    result: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
    return result


def betaln(a: Floats | float, b: Floats | float) -> Floats:
    return np.asarray(scipy.special.betaln(a, b))


def gammaln(a: Floats | float) -> Floats:
    return np.asarray(scipy.special.gammaln(a))
