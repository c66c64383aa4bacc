"""One day's rows for all groups, as Arrow columns of the history table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .population import SPEAKING, Population
from .texts import KINDS, TEXTS, is_written

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
SECONDS = 86_400
LOCAL_HOURS = np.array(
    [4, 1, 1, 1, 1, 1, 6, 16, 26, 32, 34, 33, 38, 28, 26, 28, 29, 30, 32, 40, 52, 54, 38, 16], dtype=np.float64
)
HOURS = np.roll(LOCAL_HOURS, -8) / LOCAL_HOURS.sum()
"""China's day, seen from UTC."""
STEEPNESS = 4.5
"""The higher, the more of the talk is carried by the first few."""
REPLIES, MENTIONS, BY_STAFF = 0.3, 0.06, 0.05

TEXT = pa.string()
SCHEMA = pa.schema(
    [
        ("community", TEXT),
        ("carrier", TEXT),
        ("account", TEXT),
        ("month", TEXT),
        ("group_key", pa.int64()),
        ("source_id", TEXT),
        ("kind", TEXT),
        ("sent_at", pa.timestamp("us", tz="UTC")),
        ("author_key", pa.int64()),
        ("message_id", TEXT),
        ("text", TEXT),
        ("reply_to", TEXT),
        ("reply_to_author", pa.int64()),
        ("mentions", pa.list_(pa.int64())),
        ("topic", TEXT),
        ("other_key", pa.int64()),
        ("detail", TEXT),
        ("import_id", pa.int64()),
    ]
)


@dataclass(slots=True)
class Rows:
    """Talk, joins and leaves of one day, one array a column, in the order of time."""

    group: Ints
    second: Ints
    kind: Ints
    author: Ints
    text: Ints
    parent: Ints
    """Place of the message answered, within the day; -1: none."""
    mentioned: Ints
    """Person, or -1."""
    other: Ints
    """Inviter, or -1."""


JOIN, LEAVE = len(KINDS), len(KINDS) + 1
ALL_KINDS = (*KINDS, "join", "leave")


def talk(population: Population, joined: Ints, counts: Ints, rng: np.random.Generator) -> Rows:
    """`counts[g]` messages in each group, by members who were there before this day; `joined[g]` is how many that are."""
    group = np.repeat(np.arange(counts.size), counts)
    hour = np.searchsorted(np.cumsum(HOURS), rng.random(group.size)).clip(0, 23)
    key = np.sort(group * SECONDS + hour * 3600 + rng.integers(0, 3600, group.size))
    group, second = key // SECONDS, key % SECONDS
    author = _authors(population, joined, group, rng)
    parent = _parents(group, rng)
    kind = rng.choice(len(KINDS), group.size, p=list(KINDS.values()))
    text = np.where(is_written(kind), rng.integers(0, len(TEXTS), group.size), -1)
    answers = (parent >= 0) & (rng.random(group.size) < MENTIONS / REPLIES)
    mentioned = np.where(answers, author[parent], -1)
    return _by_time(Rows(group, second, kind, author, text, parent, mentioned, np.full(group.size, -1)))


def _authors(population: Population, joined: Ints, group: Ints, rng: np.random.Generator) -> Ints:
    speaking = np.maximum(1, np.minimum(joined[group], np.ceil(SPEAKING * population.size[group]).astype(np.int64)))
    rank = np.floor(speaking * rng.random(group.size) ** STEEPNESS).astype(np.int64)
    author = population.person[population.start[group] + rank]
    staff = 1 + group % population.staff
    return np.where(rng.random(group.size) < BY_STAFF, staff, author)


def _parents(group: Ints, rng: np.random.Generator) -> Ints:
    """One of the last three messages of the same group, for as many as `REPLIES` says, where there is one."""
    place = np.arange(group.size)
    parent = place - rng.integers(1, 4, group.size)
    fits = (parent >= 0) & (group[parent] == group) & (rng.random(group.size) < REPLIES)
    return np.where(fits, parent, -1)


def _by_time(rows: Rows) -> Rows:
    order = np.argsort(rows.second, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    parent = np.where(rows.parent >= 0, place[rows.parent], -1)[order]
    return Rows(
        rows.group[order],
        rows.second[order],
        rows.kind[order],
        rows.author[order],
        rows.text[order],
        parent,
        rows.mentioned[order],
        rows.other[order],
    )


def comings(population: Population, places: Ints, kind: int, rng: np.random.Generator) -> Rows:
    """Joins or leaves of the members at `places`."""
    group = population.group[places]
    second = np.sort(rng.integers(0, SECONDS, places.size))
    none = np.full(places.size, -1)
    inviter = population.person[population.start[group]]
    invited = (rng.random(places.size) < 0.5) & (inviter != population.person[places]) & (kind == JOIN)
    return Rows(
        group, second, np.full(places.size, kind), population.person[places], none, none, none, np.where(invited, inviter, -1)
    )


def together(parts: list[Rows]) -> Rows:
    """One after the other; answers stay with what they answer."""
    shifts = np.cumsum([0] + [part.group.size for part in parts[:-1]])
    parents = [np.where(part.parent >= 0, part.parent + shift, -1) for part, shift in zip(parts, shifts, strict=True)]
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Rows.__slots__ if name != "parent"}
    return _by_time(Rows(parent=np.concatenate(parents), **columns))


def as_table(rows: Rows, day: date, first_number: int) -> pa.Table:
    """The history table's columns; messages are numbered on from `first_number` over the whole world."""
    count = rows.group.size
    number = pa.array(first_number + np.arange(count)).cast(TEXT)
    answered = rows.parent >= 0
    midnight = int(np.datetime64(day, "us").astype(np.int64))
    columns = {
        "community": _constant("bench", count),
        "carrier": _constant("wecom", count),
        "account": _constant("bench", count),
        "month": _constant(f"{day:%Y-%m}", count),
        "group_key": pa.array(rows.group + 1),
        "source_id": number,
        "kind": _chosen(rows.kind, ALL_KINDS),
        "sent_at": pa.array(midnight + rows.second * 1_000_000).cast(pa.timestamp("us", tz="UTC")),
        "author_key": pa.array(rows.author),
        "message_id": pc.if_else(pa.array(rows.kind < JOIN), number, pa.scalar(None, TEXT)),
        "text": _chosen(rows.text, TEXTS),
        "reply_to": pa.array(first_number + rows.parent, mask=~answered).cast(TEXT),
        "reply_to_author": pa.array(rows.author[rows.parent], mask=~answered),
        "mentions": _lists(rows.mentioned),
        "topic": pa.nulls(count, TEXT),
        "other_key": pa.array(rows.other, mask=rows.other < 0),
        "detail": pc.if_else(pa.array(rows.kind == JOIN), pa.scalar("code"), pa.scalar(None, TEXT)),
        "import_id": pa.nulls(count, pa.int64()),
    }
    return pa.table(columns)


def _constant(word: str, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, dtype=np.int32)), pa.array([word]))


def _chosen(places: Ints, words: tuple[str, ...]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32), mask=places < 0), pa.array(words))


def _lists(mentioned: Ints) -> pa.Array:
    """At most one each; nobody: null."""
    some = mentioned >= 0
    ends = np.concatenate(([0], np.cumsum(some))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(ends), pa.array(mentioned[some]), mask=pa.array(~some))
