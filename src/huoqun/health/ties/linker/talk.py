"""A run of messages as arrays: what the linker is given, and who said what before whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Wholes = npt.NDArray[np.int64]
NAMED = 4
"""So many of the people a message names are looked at."""


@dataclass(frozen=True, slots=True)
class Talk:
    """Messages in order, group after group. `named` has up to four people a message names, -1 where fewer.

    `known` is the place of the message that a message says itself it answers, -1 where it does not say.
    """

    group: Wholes
    minute: Wholes
    author: Wholes
    named: Wholes
    texts: pa.Array
    known: Wholes

    def __len__(self) -> int:
        return len(self.group)

    @classmethod
    def of(
        cls,
        *,
        group: Wholes,
        at_us: Wholes,
        author: Wholes,
        mentions: pa.Array,
        texts: pa.Array,
        message_id: pa.Array | None = None,
        reply_to: pa.Array | None = None,
    ) -> Talk:
        """From columns of history, in order of group and time. Times count by the minute: not every carrier tells more."""
        people, codes = np.unique(author, return_inverse=True)
        place = np.arange(len(group))
        known = np.full(len(group), -1, np.int64)
        if message_id is not None and reply_to is not None:
            known = _known(group, message_id, reply_to)
        return cls(
            group,
            at_us // 60_000_000,
            codes.astype(np.int64),
            _named(mentions, people),
            texts,
            np.where(known < place, known, -1),
        )


def _named(mentions: pa.Array, people: Wholes) -> Wholes:
    """The first people named, by their place among `people`; whoever said nothing here counts as somebody (-2)."""
    lengths = np.asarray(mentions.value_lengths().fill_null(0)).astype(np.int64)
    keys = np.asarray(mentions.flatten()).astype(np.int64)
    message = np.repeat(np.arange(len(lengths)), lengths)
    place = np.arange(len(keys)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    code = np.searchsorted(people, keys)
    found = (
        (code < len(people)) & (people[np.minimum(code, len(people) - 1)] == keys) if len(people) else np.zeros(len(keys), bool)
    )
    named = np.full((len(lengths), NAMED), -1, np.int64)
    kept = place < NAMED
    named[message[kept], place[kept]] = np.where(found, code, -2)[kept]
    return named


def _known(group: Wholes, message_id: pa.Array, reply_to: pa.Array) -> Wholes:
    """The place of the message each one replies to, -1 where none is named or it is not among these."""
    both = pa.chunked_array([message_id.cast(pa.string()), reply_to.cast(pa.string())]).combine_chunks().dictionary_encode()
    code = np.asarray(both.indices.fill_null(-1)).astype(np.int64)
    size = len(group)
    _, groups = np.unique(group, return_inverse=True)
    width = len(both.dictionary) + 1
    ids, wanted = groups * width + code[:size], groups * width + code[size:]
    order = np.argsort(np.where(code[:size] < 0, -1, ids), kind="stable")
    sorted_ids = np.where(code[:size] < 0, -1, ids)[order]
    spot = np.minimum(np.searchsorted(sorted_ids, wanted), max(size - 1, 0))
    hit = (code[size:] >= 0) & (sorted_ids[spot] == wanted) if size else np.zeros(0, bool)
    return np.where(hit, order[spot], -1) if size else np.zeros(0, np.int64)
