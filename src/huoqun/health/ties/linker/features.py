"""What speaks for a message answering one before it: time, addressee, words, turns. One matrix for each distance."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy

from .talk import NAMED, Talk, Wholes
from .words import Words, read

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Columns = dict[str, npt.NDArray[np.generic]]
REACH = 40
"""So many messages back an answered message is looked for."""
RECENT = 60
"""Exchanges of two people within so many messages count as recent."""


class Features:
    """`at(lag)` has a row a message and a column for each of `names`; lag 0 stands for answering nobody."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.size = len(talk)
        self.place = np.arange(self.size)
        self.words: Words = read(talk.texts)
        self.turn = Turns(talk)
        first = np.concatenate([[True], talk.group[1:] != talk.group[:-1]]) if self.size else np.zeros(0, bool)
        self.start = np.maximum.accumulate(np.where(first, self.place, 0))
        self.depth = self.place - self.start
        self.alike = [np.zeros(self.size, np.float32)]
        self.alike += [self._alike(lag, self.words.weights) for lag in range(1, REACH + 1)]
        self._own = self._of_self()
        self._own_matrix = _matrix(self._own)

    def valid(self, lag: int) -> Flags:
        """Messages that have another so many before them in their group."""
        return self.depth >= lag

    def at(self, lag: int) -> Floats:
        if lag:
            return np.hstack([_matrix(self._of_pair(lag)), np.zeros((self.size, 1), np.float32), self._own_matrix])
        unpaired = len(self.names) - 1 - len(self._own)
        return np.hstack([np.zeros((self.size, unpaired), np.float32), np.ones((self.size, 1), np.float32), self._own_matrix])

    @cached_property
    def names(self) -> list[str]:
        """What each column is."""
        return [*self._of_pair(1), "alone", *self._own]

    def _alike(self, lag: int, words: scipy.sparse.csr_array) -> Floats:
        out = np.zeros(self.size, np.float32)
        if self.size > lag:
            out[lag:] = np.asarray(words[lag:].multiply(words[:-lag]).sum(axis=1)).ravel()
        out[~self.valid(lag)] = 0
        return out

    def _rarest(self, lag: int) -> tuple[Floats, Floats]:
        """How many words the two share that few say, and how rare the rarest is."""
        some, most = np.zeros(self.size, np.float32), np.zeros(self.size, np.float32)
        if self.size > lag:
            rarity = self.words.rarity
            shared = scipy.sparse.csr_array(rarity[lag:].minimum(rarity[:-lag]))
            some[lag:] = np.asarray((shared > 4).sum(axis=1)).ravel()
            most[lag:] = shared.max(axis=1).toarray().ravel()
        return np.log1p(some).astype(np.float32), (most / 8).astype(np.float32)

    def _of_self(self) -> Columns:
        talk, turn, words, place = self.talk, self.turn, self.words, self.place
        previous = np.maximum(place - 1, 0)
        own = np.maximum(turn.before, 0)
        spoke = turn.before >= 0
        named_at = turn.last_named(talk.author, place)
        best = np.max(np.stack(self.alike), axis=0) if self.size else np.zeros(0, np.float32)
        absent = (talk.named[:, 0] != -1) & (
            turn.last_by(np.maximum(talk.named[:, 0], 0), place) < np.maximum(self.start, place - REACH)
        )
        return {
            "asks": words.cues["asks"],
            "answers": words.cues["answers"],
            "thanks": words.cues["thanks"],
            "greets": words.cues["greets"],
            "links": words.cues["links"],
            "trails": words.cues["trails"],
            "length": words.length / 4,
            "names_nobody": talk.named[:, 0] == -1,
            "first": ~spoke,
            "since_own": np.where(spoke, np.log1p(place - own) / 4, 1.5),
            "since_any": np.where(self.depth > 0, np.log1p(np.maximum(talk.minute - talk.minute[previous], 0)) / 4, 2),
            "crowd": self._crowd(),
            "continues": (self.depth > 0) & (talk.author[previous] == talk.author),
            "was_named": np.where(named_at >= np.maximum(self.start, place - RECENT), 1 - (place - named_at) / RECENT, 0),
            "was_named_open": (named_at > turn.before) & (named_at >= np.maximum(self.start, place - RECENT)),
            "alike_best": best,
            "alike_last": self.alike[1],
            "names_absent": absent,
        }

    def _crowd(self) -> Floats:
        """How many people spoke lately: the people of the last ten messages, as a share."""
        new = np.zeros((self.size, 10), bool)
        for lag in range(1, 11):
            earlier = np.maximum(self.place - lag, 0)
            new[:, lag - 1] = self.valid(lag) & (self.turn.next[earlier] >= self.place)
        return np.asarray(new.mean(axis=1), np.float32)

    def _of_pair(self, lag: int) -> Columns:
        talk, turn, cues, place = self.talk, self.turn, self.words.cues, self.place
        then = np.maximum(place - lag, 0)
        gap = np.maximum(talk.minute - talk.minute[then], 0)
        author, other = talk.author, talk.author[then]
        same, apart = author == other, author != other
        names, named_by = _names(talk.named, other), _names(talk.named[then], author)
        somebody, somebody_then = talk.named[:, 0] != -1, talk.named[then, 0] != -1
        last = turn.next[then] >= place
        silent = turn.before < then
        to, back = turn.last_exchange(author, other, place), turn.last_exchange(other, author, place)
        rare, rarest = self._rarest(lag)
        near_to, near_back = to >= np.maximum(self.start, place - RECENT), back >= np.maximum(self.start, place - RECENT)
        return {
            "distance": np.full(self.size, np.log(lag) / 2),
            "near_1": np.full(self.size, lag == 1),
            "near_2": np.full(self.size, lag == 2),
            "near_3": np.full(self.size, lag == 3),
            "near_6": np.full(self.size, lag <= 6),
            "near_12": np.full(self.size, lag <= 12),
            "gap": np.log1p(gap) / 3,
            "gap_0": gap == 0,
            "gap_1": gap <= 1,
            "gap_5": gap <= 5,
            "gap_30": gap <= 30,
            "gap_day": gap <= 1440,
            "same_author": same,
            "same_last": same & (turn.before == then),
            "same_next": same & np.full(self.size, lag == 1),
            "names": names,
            "names_last": names & last,
            "names_earlier": names & ~last,
            "names_other": somebody & ~names,
            "named_by": named_by,
            "named_by_open": named_by & silent & apart,
            "named_other": somebody_then & ~named_by,
            "both_name": _both_name(talk.named, talk.named[then]),
            "last_of_author": last,
            "more_of_author": np.minimum(turn.count_before(other, place) - turn.count[then] - 1, 6) / 3,
            "spoke_between": ~silent & apart,
            "own_between": np.minimum(turn.count - turn.count_before(author, then + 1), 6) / 3 * apart,
            "recent_to": near_to & apart,
            "recent_from": near_back & apart,
            "ever_to": (to >= 0) & apart,
            "ever_from": (back >= 0) & apart,
            "since_to": np.where(near_to & apart, 1 - (place - to) / RECENT, 0),
            "since_from": np.where(near_back & apart, 1 - (place - back) / RECENT, 0),
            "alike": self.alike[lag],
            "alike_other": self.alike[lag] * apart,
            "rare_shared": rare,
            "rarest_shared": rarest,
            "asks_other": cues["asks"][then] * apart,
            "asks_same": cues["asks"][then] * same,
            "answers_question": cues["answers"] * cues["asks"][then] * apart,
            "thanks_other": cues["thanks"] * apart,
            "thanks_same": cues["thanks"] * same,
            "author_greets": cues["greets"][then],
            "first_of_author": turn.before[then] < 0,
            "first_question": (turn.before[then] < 0) * cues["asks"][then] * apart,
            "long": self.words.length / 4,
            "before_long": self.words.length[then] / 4,
            "links_before": cues["links"][then],
            "continued": turn.next[then] == then + 1,
            "begins": turn.before[then] != then - 1,
            "busy": np.log1p(lag / (gap + 1)) / 3,
        }


def _matrix(columns: Columns) -> Floats:
    return np.column_stack([np.asarray(column, np.float32) for column in columns.values()])


class Turns:
    """Who spoke when, and who named whom when. Places are those of the talk; -1 where never."""

    def __init__(self, talk: Talk) -> None:
        self.size = len(talk)
        _, self.groups = np.unique(talk.group, return_inverse=True)
        self.people = int(talk.author.max()) + 1 if self.size else 1
        place = np.arange(self.size)
        self._here = np.unique(self.groups * self.people + talk.author)
        self._said = np.sort(self._key(talk.author, place))
        self.before = self.last_by(talk.author, place)
        self.next = np.full(self.size, self.size * 2)
        earlier = self.before >= 0
        self.next[self.before[earlier]] = place[earlier]
        self.count = self.count_before(talk.author, place)
        rows, columns = np.nonzero(talk.named >= 0)
        named = talk.named[rows, columns]
        self._named = np.sort(self._key(named, rows))
        self._exchange = np.sort(self._pair_key(talk.author[rows], named, rows))

    def last_by(self, author: Wholes, place: Wholes) -> Wholes:
        """The last message by each author before each place, in the place's group."""
        return self._before(self._said, self._key(author, place))

    def count_before(self, author: Wholes, place: Wholes) -> Wholes:
        """How much each author said before each place in the place's group."""
        inside = np.minimum(place, self.size - 1)
        floor = self._key(author, inside) - inside
        return np.searchsorted(self._said, floor + place) - np.searchsorted(self._said, floor)

    def last_named(self, author: Wholes, place: Wholes) -> Wholes:
        """The last message before each place that names each author."""
        return self._before(self._named, self._key(author, place))

    def last_exchange(self, speaker: Wholes, named: Wholes, place: Wholes) -> Wholes:
        """The last message before each place in which the one names the other."""
        return self._before(self._exchange, self._pair_key(speaker, named, place))

    def _key(self, author: Wholes, place: Wholes) -> Wholes:
        return (self.groups[place] * self.people + author) * self.size + place

    def _pair_key(self, speaker: Wholes, named: Wholes, place: Wholes) -> Wholes:
        # People of one group are numbered densely, so that three numbers fit into one of 64 bits.
        speaker_here = np.searchsorted(self._here, self.groups[place] * self.people + speaker)
        return (speaker_here * self.people + named) * self.size + place

    def _before(self, keys: Wholes, wanted: Wholes) -> Wholes:
        """The place of the key just before each wanted one, if it is about the same people."""
        if not len(keys):
            return np.full(len(wanted), -1, np.int64)
        spot = np.searchsorted(keys, wanted) - 1
        found = keys[np.maximum(spot, 0)]
        return np.where((spot >= 0) & (found // self.size == wanted // self.size), found % self.size, -1)


def _names(named: Wholes, person: Wholes) -> Flags:
    return np.asarray((named == person[:, None]).any(axis=1), bool)


def _both_name(one: Wholes, other: Wholes) -> Flags:
    out = np.zeros(len(one), bool)
    for column in range(NAMED):
        out |= (one[:, column] >= 0) & _names(other, one[:, column])
    return out
