"""Trains the linker on annotated conversations: `python -m huoqun.health.ties.linker.training MESSAGES EDGES`.

Reads the tables of the IRC disentanglement corpus (one of messages, one of links) and writes `weights.json`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import scipy

from .features import REACH, Features
from .model import SHIPPED, Array, Linker, Net, Weights
from .talk import Talk

HIDDEN = 12
NETS = 3
RIDGE = 8.0
ROUNDS = 120
SILENT = 0.85
"""So much of the naming is taken away where people are taken to name hardly anybody."""
A_ROOM = 6
"""So many conversations share a small room."""
SLOWEST = 30
"""In a small room people take up to so many times as long."""
PAUSE = (5, 600)
"""Minutes between two conversations of a small room."""
OVERLAPPING = 0.3
"""So many of its conversations begin before another has ended."""
ABOUT = {
    "source": "IRC disentanglement corpus (#ubuntu), development split: 10 documents, 2,500 annotated lines",
    "attribution": (
        "Kummerfeld, Gouravajhala, Peper, Athreya, Gunasekara, Ganhotra, Patel, Polymenakos, Lasecki: "
        "A Large-Scale Corpus for Conversation Disentanglement, ACL 2019"
    ),
    "address": "https://github.com/jkkummerfeld/irc-disentanglement",
    "licence": "CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)",
    "changes": "names replaced by pseudonyms; features and a small network were fitted to it; no text of it is in the weights",
}


Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Annotated:
    """Conversations whose links people wrote down. `line` and `document` are of each message of `talk`.

    `links` are (document, line, line it answers) of all annotated lines, those of the carrier itself (joins, leaves) included.
    """

    talk: Talk
    document: npt.NDArray[np.str_]
    line: npt.NDArray[np.int64]
    links: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Sample:
    """Annotated messages: the candidates' features, which of them are there, and which are right (shares that add to 1)."""

    x: Weights
    there: npt.NDArray[np.bool_]
    right: Array
    document: npt.NDArray[np.str_]
    line: npt.NDArray[np.int64]
    features: list[str]

    def only(self, rows: npt.NDArray[np.bool_]) -> Sample:
        return Sample(self.x[rows], self.there[rows], self.right[rows], self.document[rows], self.line[rows], self.features)


def read(messages: Path, edges: Path) -> Annotated:
    table = pq.read_table(messages).sort_by([("doc", "ascending"), ("line_no", "ascending")])
    table = table.filter(pc.not_equal(table["kind"], "system"))
    document = np.asarray(table["doc"].to_pylist())
    codes = {name: place for place, name in enumerate(sorted(set(table["author_name"].to_pylist())))}
    texts = table["text"].combine_chunks()
    talk = Talk.of(
        group=np.unique(document, return_inverse=True)[1].astype(np.int64),
        at_us=_microseconds(table["local_time"]),
        author=np.asarray([codes[name] for name in table["author_name"].to_pylist()], np.int64),
        mentions=mentions(texts, codes),
        texts=pc.replace_substring_regex(texts, "@?member-[0-9a-f]{6}[:,]?", ""),
    )
    links = [(row["doc"], row["child_line"], row["parent_line"]) for row in pq.read_table(edges).to_pylist()]
    return Annotated(talk, document, np.asarray(table["line_no"]), links)


def _microseconds(times: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Minutes of the documents' clocks; where they go backwards by a little, time is taken to stand."""
    return np.asarray(pc.strptime(times, "%Y-%m-%d %H:%M", "us").cast(pa.int64())).astype(np.int64)


def mentions(texts: pa.Array, codes: dict[str, int]) -> pa.Array:
    """The people whose pseudonyms stand in a text, by their codes; -5 for somebody who has none."""
    pieces = pc.split_pattern_regex(texts, "member-").to_pylist()
    return pa.array([[codes.get(f"member-{piece[:6]}", -5) for piece in parts[1:]] for parts in pieces], pa.list_(pa.int64()))


def sample(annotated: Annotated) -> Sample:
    """The annotated messages with their candidates. A message whose answered one is out of reach teaches nothing."""
    place = {key: at for at, key in enumerate(zip(annotated.document.tolist(), annotated.line.tolist(), strict=True))}
    features = Features(annotated.talk)
    right = np.zeros((features.size, REACH + 1))
    asked = np.zeros(features.size, bool)
    for document, child, parent in annotated.links:
        at, to = place.get((document, child)), place.get((document, parent))
        if at is not None:
            asked[at] = True
            if to is not None and at - to <= REACH:
                right[at, at - to] = 1
    rows = np.flatnonzero(asked)
    x = np.stack([features.at(lag)[rows] for lag in range(REACH + 1)], axis=1)
    there = np.stack([features.valid(lag)[rows] for lag in range(REACH + 1)], axis=1)
    shares = right[rows] / np.maximum(right[rows].sum(axis=1, keepdims=True), 1)
    return Sample(x, there, shares, annotated.document[rows], annotated.line[rows], features.names)


def unnamed(annotated: Annotated, dice: np.random.Generator) -> Annotated:
    """The same talk where people hardly ever name whom they mean."""
    talk = annotated.talk
    silent = dice.random(len(talk)) < SILENT
    return replace(annotated, talk=replace(talk, named=np.where(silent[:, None], -1, talk.named)))


def quiet(annotated: Annotated, dice: np.random.Generator) -> Annotated:
    """The same conversations in small slow rooms, a few in each, and people hardly ever name whom they mean."""
    rows, conversation = conversations(annotated)
    count = int(conversation.max()) + 1
    room = dice.integers(0, max(count // A_ROOM, 1), count)[conversation]
    group = np.unique(annotated.document[rows], return_inverse=True)[1] * count + room
    talk = annotated.talk
    minute = _apart(talk.minute[rows], conversation, group, dice)
    order = np.lexsort((rows, minute, group))
    rows, group, minute = rows[order], group[order], minute[order]
    heard = Talk(
        group=group.astype(np.int64),
        minute=minute,
        author=talk.author[rows],
        named=talk.named[rows],
        texts=talk.texts.take(pa.array(rows)),
        known=np.full(len(rows), -1, np.int64),
    )
    return unnamed(Annotated(heard, annotated.document[rows], annotated.line[rows], annotated.links), dice)


def _apart(minute: Whole, conversation: Whole, room: Whole, dice: np.random.Generator) -> Whole:
    """New times: slower, and each conversation of a room after the one before and a pause, or, now and then, in its midst."""
    moved, free = np.zeros_like(minute), dict.fromkeys(room.tolist(), 0)
    for each in dice.permutation(int(conversation.max()) + 1):
        inside = conversation == each
        slow = np.exp(dice.uniform(0, np.log(SLOWEST)))
        times = ((minute[inside] - minute[inside].min()) * slow).astype(np.int64)
        where = int(room[inside][0])
        pause = -times.max() * dice.random() if dice.random() < OVERLAPPING else np.exp(dice.uniform(*np.log(PAUSE)))
        begins = max(free[where] + int(pause), 0)
        moved[inside] = begins + times
        free[where] = max(free[where], int(begins + times.max()))
    return moved


def conversations(annotated: Annotated) -> tuple[Whole, Whole]:
    """The places of all messages that were annotated or are answered by one, and which conversation each belongs to."""
    place = {key: at for at, key in enumerate(zip(annotated.document.tolist(), annotated.line.tolist(), strict=True))}
    ends = [(place.get((document, child)), place.get((document, parent))) for document, child, parent in annotated.links]
    known = np.asarray([pair for pair in ends if None not in pair], np.int64)
    rows, codes = np.unique(known, return_inverse=True)
    one, other = codes.reshape(-1, 2).T
    matrix = scipy.sparse.coo_array((np.ones(len(one)), (one, other)), shape=(len(rows), len(rows)))
    return rows, scipy.sparse.csgraph.connected_components(matrix, directed=False)[1].astype(np.int64)


def lessons(annotated: Annotated, *, seed: int = 0) -> list[Sample]:
    """What the linker is taught on: the talk as it was, without names, and as it would be in small rooms."""
    dice = np.random.default_rng(seed)
    return [sample(annotated), sample(unnamed(annotated, dice)), sample(quiet(annotated, dice)), sample(quiet(annotated, dice))]


def together(samples: Sequence[Sample]) -> Sample:
    """All of them as one."""
    joined = {
        name: np.concatenate([getattr(each, name) for each in samples]) for name in ("x", "there", "right", "document", "line")
    }
    return Sample(**joined, features=samples[0].features)


def train(
    sample: Sample, *, seed: int = 0, nets: int = NETS, ridge: float = RIDGE, about: dict[str, Any] | None = None
) -> Linker:
    """Networks from several starts; their mean scores rank and weigh the candidates."""
    taught = sample.only(sample.right.sum(axis=1) > 0)
    made = tuple(_net(taught, seed + place, ridge) for place in range(nets))
    return Linker(made, sample.features, about or {})


def _net(sample: Sample, seed: int, ridge: float) -> Net:
    width = sample.x.shape[2]
    start = np.random.default_rng(seed).normal(0, 0.3, width * HIDDEN + 2 * HIDDEN + width)
    start[-width:] = 0
    rows, lags = np.nonzero(sample.there)
    x = np.ascontiguousarray(sample.x[rows, lags])
    found = scipy.optimize.minimize(
        _loss, start, (x, rows, sample.right[rows, lags], ridge), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}
    )
    return _unpacked(np.asarray(found.x, np.float32), width)


def _unpacked(theta: Weights, width: int) -> Net:
    hidden, bias, out, straight = np.split(theta, np.cumsum([width * HIDDEN, HIDDEN, HIDDEN]))
    return Net(hidden.reshape(width, HIDDEN), bias, out, straight)


def _loss(theta: Array, x: Weights, rows: npt.NDArray[np.int64], right: Array, ridge: float) -> tuple[float, Array]:
    """How surprised the net is by the annotations, with its slope."""
    net = _unpacked(np.asarray(theta, np.float32), x.shape[1])
    hidden = np.tanh(x @ net.hidden + net.bias)
    score = (hidden @ net.out + x @ net.straight).astype(np.float64)
    count = int(rows[-1]) + 1
    first = np.searchsorted(rows, np.arange(count))
    score -= np.maximum.reduceat(score, first)[rows]
    total = np.log(np.add.reduceat(np.exp(score), first))[rows]
    log_p = score - total
    slope = (np.exp(log_p) - right).astype(np.float32)
    back = slope[:, None] * net.out * (1 - hidden * hidden)
    gradient = np.concatenate([(x.T @ back).ravel(), back.sum(axis=0), hidden.T @ slope, x.T @ slope]).astype(np.float64)
    return float(-(right * log_p).sum() + ridge / 2 * (theta @ theta)), gradient + ridge * theta


def lines_answered(linker: Linker, sample: Sample) -> tuple[npt.NDArray[np.int64], Array]:
    """For each message of the sample how far back the chosen one is (0: none), and how probable that is."""
    rows, lags = np.nonzero(sample.there)
    scores = np.full(sample.there.shape, -np.inf)
    scores[rows, lags] = linker.scores(sample.x[rows, lags])
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return scores.argmax(axis=1), odds.max(axis=1) / odds.sum(axis=1)


def link_f1(chosen: dict[tuple[str, int], int], links: list[tuple[str, int, int]]) -> float:
    """F1 of links over all annotated lines; a line nothing is said of (those of the carrier) answers nobody."""
    right: dict[tuple[str, int], set[int]] = {}
    for document, child, parent in links:
        right.setdefault((document, child), set()).add(parent)
    hits = sum(chosen.get(key, key[1]) in parents for key, parents in right.items())
    return 2 * hits / (len(right) + len(links)) if links else 0.0


def chosen_lines(linker: Linker, sample: Sample, annotated: Annotated) -> dict[tuple[str, int], int]:
    """By document and line: the line it answers, its own where it answers none."""
    place = {key: at for at, key in enumerate(zip(annotated.document.tolist(), annotated.line.tolist(), strict=True))}
    back, _ = lines_answered(linker, sample)
    keys = zip(sample.document.tolist(), sample.line.tolist(), strict=True)
    return {key: int(annotated.line[place[key] - lag]) for key, lag in zip(keys, back.tolist(), strict=True)}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("messages", type=Path)
    parser.add_argument("edges", type=Path)
    parser.add_argument("--to", type=Path, default=SHIPPED)
    asked = parser.parse_args(arguments)
    linker = train(together(lessons(read(asked.messages, asked.edges))), about=ABOUT)
    asked.to.write_text(linker.to_json() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
