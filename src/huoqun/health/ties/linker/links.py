"""Links: for each message the one it most likely answers, and whom, in the end, it addresses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from .features import REACH, Features
from .model import Array, Linker
from .talk import Talk, Wholes

FAINT = 0.02
"""Candidates less likely than this are left out of the sums."""
OWN_STEPS = 8
"""So many messages of one's own are followed back to the one that answers somebody else."""


@dataclass(frozen=True, slots=True)
class Links:
    """`answered` is the place of the message each one most likely answers, its own where it starts something.

    `probability` is how likely that is. `child`, `parent`, `weight` say whom messages answer in the end: who goes on after a
    message of their own answers what that one answered. `parent` is by somebody else, a child's weights add to at most 1.
    """

    answered: Wholes
    probability: Array
    child: Wholes
    parent: Wholes
    weight: Array

    def foremost(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which of the weights is its child's greatest."""
        greatest = np.zeros(len(self.answered))
        np.maximum.at(greatest, self.child, self.weight)
        return np.asarray(self.weight == greatest[self.child])


def link(talk: Talk, linker: Linker | None = None) -> Links:
    """Links every message. Where a message says itself what it answers, that is certain."""
    if not len(talk):
        wholes, fractions = np.zeros(0, np.int64), np.zeros(0)
        return Links(wholes, fractions, wholes, wholes, fractions)
    likely = _likely((linker or Linker.shipped()).log_odds(Features(talk), REACH))
    place = np.arange(len(talk))
    lag = likely.argmax(axis=1)
    said = talk.known >= 0
    links = _candidates(likely, talk, said)
    answered = np.where(said, talk.known, place - lag)
    return Links(answered, np.where(said, 1.0, likely[place, lag]), *_addressed(links, talk))


def _likely(log_odds: Array) -> Array:
    odds = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _candidates(likely: Array, talk: Talk, said: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> scipy.sparse.coo_array:
    """How likely each message answers each earlier one."""
    guessed = np.where(said[:, None], 0, likely)
    child, back = np.nonzero(guessed[:, 1:] >= FAINT)
    rows, columns = np.concatenate([child, np.flatnonzero(said)]), np.concatenate([child - back - 1, talk.known[said]])
    weights = np.concatenate([guessed[child, back + 1], np.ones(int(said.sum()))])
    return scipy.sparse.coo_array((weights, (rows, columns)), shape=(len(talk), len(talk)))


def _addressed(links: scipy.sparse.coo_array, talk: Talk) -> tuple[Wholes, Wholes, Array]:
    """Follows one's own messages back until somebody else's is reached."""
    child, parent = links.coords
    own = talk.author[child] == talk.author[parent]
    back = scipy.sparse.csr_array((links.data[own], (child[own], parent[own])), shape=links.shape)
    reached = scipy.sparse.csr_array((links.data[~own], (child[~own], parent[~own])), shape=links.shape)
    total = reached
    for _ in range(OWN_STEPS):
        reached = scipy.sparse.csr_array(back @ reached)
        reached.data[reached.data < FAINT] = 0
        reached.eliminate_zeros()
        total = total + reached
    found = scipy.sparse.coo_array(total)
    rows, columns = found.coords
    return rows.astype(np.int64), columns.astype(np.int64), found.data
