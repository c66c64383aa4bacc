"""Fits the logistic: held towards what was believed before, with directions that data cannot turn round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from .calendar import Flags, Floats, Ints
from .terms import TERMS

PULL = 20.0
"""How many rows the belief before is worth, about."""


@dataclass(frozen=True, slots=True)
class Line:
    """Log odds = intercept + terms @ weights.

    `middle` and `spread` describe the terms it was fitted to; `covariance` (intercept first) and `unlike` (standard deviation
    between clusters) say how sure it is.
    """

    intercept: float
    weights: Floats
    middle: Floats
    spread: Floats
    covariance: Floats
    unlike: float

    def log_odds(self, terms: Floats) -> Floats:
        result: Floats = self.intercept + terms @ self.weights
        return result

    def variance(self, terms: Floats) -> Floats:
        """Of the log odds, by what the fit leaves open; how unlike communities are comes on top."""
        row = np.column_stack([np.ones(len(terms)), terms])
        return np.asarray(np.maximum(np.einsum("ij,ij->i", row @ self.covariance, row), 0.0))


def fit(terms: Floats, silent: Flags, cluster: Ints, *, before: Line | None = None, pull: float = PULL) -> Line:
    """`cluster`: which rows are no independent witnesses (of one community, of one group). Needs rows of both outcomes."""
    middle, spread = (before.middle, before.spread) if before else (terms.mean(0), np.maximum(terms.std(0), 1e-3))
    known = np.column_stack([np.ones(len(terms)), (terms - middle) / spread])
    prior = _standard(before, middle, spread) if before else np.zeros(known.shape[1])
    hold = np.full(known.shape[1], pull)
    hold[0] = pull / 4 if before else 0.0
    found = _climb(known, silent.astype(np.float64), prior, hold)
    weights = found[1:] / spread
    told = scipy.special.expit(known @ found)
    back = _unscale(middle, spread)
    covariance = back @ _covariance(known, silent - told, told, cluster, hold, found) @ back.T
    return Line(float(found[0] - weights @ middle), weights, middle, spread, covariance, _unlike(silent - told, told, cluster))


def _climb(known: Floats, silent: Floats, prior: Floats, hold: Floats) -> Floats:
    def badness(weights: Floats) -> tuple[float, Floats]:
        odds = known @ weights
        off = weights - prior
        loss = float(np.sum(np.logaddexp(0.0, odds) - silent * odds) + np.sum(hold * off**2) / 2)
        return loss, known.T @ (scipy.special.expit(odds) - silent) + hold * off

    bounds = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
    limits = [(None, None), *(bounds[term.direction] for term in TERMS.values())]
    found = scipy.optimize.minimize(badness, prior, jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": 500})
    return np.asarray(found.x, dtype=np.float64)


def _standard(line: Line, middle: Floats, spread: Floats) -> Floats:
    return np.concatenate(([line.intercept + line.weights @ middle], line.weights * spread))


def _unscale(middle: Floats, spread: Floats) -> Floats:
    """The matrix from weights of standardised terms to weights of plain ones."""
    matrix = np.diag(np.concatenate(([1.0], 1 / spread)))
    matrix[0, 1:] = -middle / spread
    return matrix


def _covariance(known: Floats, off: Floats, told: Floats, cluster: Ints, hold: Floats, found: Floats) -> Floats:
    """Of the fit, as if other clusters had been seen; a weight at its bound is taken as sure."""
    free = np.concatenate(([True], (found[1:] != 0) | np.array([term.direction == 0 for term in TERMS.values()])))
    bent = np.linalg.inv((known.T * (told * (1 - told))) @ known + np.diag(hold))
    _, place = np.unique(cluster, return_inverse=True)
    pushes = np.column_stack([np.bincount(place, off * column) for column in known.T])
    spread: Floats = bent @ (pushes.T @ pushes) @ bent
    return np.where(np.outer(free, free), spread, 0.0)


def _unlike(off: Floats, told: Floats, cluster: Ints) -> float:
    """Between clusters: what their departures differ by beyond what chance gives (DerSimonian and Laird's moments)."""
    _, place = np.unique(cluster, return_inverse=True)
    weight = np.bincount(place, told * (1 - told))
    step = np.bincount(place, off) / np.maximum(weight, 1e-9)
    heard = weight > 0.5
    weight, step = weight[heard], step[heard]
    if weight.size < 2:
        return 0.0
    centre = float(weight @ step / weight.sum())
    scatter = float(weight @ (step - centre) ** 2) - (weight.size - 1)
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    return float(np.sqrt(max(scatter / scale, 0.0))) if scale > 0 else 0.0
