"""How well the linker tells who answers whom, on conversations whose links people wrote down.

    python bench/linker.py SHARED/data

Each of the ten documents is linked by a linker trained on the other nine. Settings (size of the networks, ridge) were chosen on
every other document (the first, the third, ...); the half not looked at is printed beside it. Then public archives whose people
say what they reply to: how often the linker, not told, finds it. Prints markdown rows for bench/RESULTS.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huoqun.health.ties.linker import training
from huoqun.health.ties.linker.features import REACH
from huoqun.health.ties.linker.links import Links, link
from huoqun.health.ties.linker.talk import Talk

Chosen = dict[tuple[str, int], int]
Truth = list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Crossed:
    """Links of every document by a linker that never saw it; with the probability of each and whether it is right."""

    chosen: Chosen
    probability: npt.NDArray[np.float64]
    hit: npt.NDArray[np.bool_]


def crossed(annotated: training.Annotated) -> Crossed:
    lessons = training.lessons(annotated)
    sample = lessons[0]
    right = {(document, child, parent) for document, child, parent in annotated.links}
    chosen: Chosen = {}
    probability: list[npt.NDArray[np.float64]] = []
    hit: list[bool] = []
    for document in sorted(set(sample.document.tolist())):
        held_out = sample.document == document
        linker, rest = training.train(_without(document, lessons)), sample.only(held_out)
        found = training.chosen_lines(linker, rest, annotated)
        chosen |= found
        probability.append(training.lines_answered(linker, rest)[1])
        hit += [(*key, line) in right for key, line in found.items()]
    return Crossed(chosen, np.concatenate(probability), np.asarray(hit))


def _without(document: str, lessons: Sequence[training.Sample]) -> training.Sample:
    return training.together([lesson.only(lesson.document != document) for lesson in lessons])


def previous_line(annotated: training.Annotated) -> Chosen:
    """Every message answers the one before it."""
    keys = list(zip(annotated.document.tolist(), annotated.line.tolist(), strict=True))
    return {key: before[1] if before[0] == key[0] else key[1] for before, key in zip([keys[0], *keys], keys, strict=False)}


def addressee(annotated: training.Annotated, *, back: int = 30) -> Chosen:
    """The last line, not too far back, of somebody named; without one the speaker's own last; else none."""
    chosen: Chosen = {}
    last: dict[tuple[str, int], int] = {}
    talk = annotated.talk
    columns = zip(annotated.document.tolist(), annotated.line.tolist(), talk.author.tolist(), talk.named.tolist(), strict=True)
    for document, line, author, named in columns:
        known = [last.get((document, person), -back - 1) for person in (*named, author)]
        chosen[document, line] = next((before for before in known if line - before <= back), line)
        last[document, author] = line
    return chosen


def interval(score: Callable[[Truth], float], links: Truth, times: int = 2000) -> tuple[float, float]:
    """95 % of the scores when the documents are drawn anew with replacement."""
    documents = sorted({document for document, _, _ in links})
    by_document = {name: [link for link in links if link[0] == name] for name in documents}
    random = np.random.default_rng(7)
    draws = [[by_document[documents[at]] for at in random.integers(len(documents), size=len(documents))] for _ in range(times)]
    # A document drawn twice counts twice: its lines are told apart by the draw.
    low, high = np.percentile([_pooled(score, draw) for draw in draws], [2.5, 97.5])
    return float(low), float(high)


def _pooled(score: Callable[[Truth], float], draw: Sequence[Truth]) -> float:
    """F1 over several documents: their hits and links added up. F1 = 2·hits / (lines + links)."""
    sizes = [len({(document, child) for document, child, _ in links}) + len(links) for links in draw]
    return float(np.average([score(links) for links in draw], weights=sizes))


def archive(path: Path) -> tuple[Talk, npt.NDArray[np.int64]]:
    """A public archive as talk whose replies are hidden, and what each message replies to (-1: it does not say)."""
    table = pq.read_table(path)
    table = table.filter(pc.is_in(table["kind"], pa.array(["message", "action", "file"])))
    table = table.sort_by([("group_id", "ascending"), ("sent_at", "ascending"), ("message_id", "ascending")])
    people = {name: place for place, name in enumerate(sorted(set(table["author_name"].to_pylist())))}
    texts = table["text"].combine_chunks()
    talk = Talk.of(
        group=np.unique(table["group_id"].to_pylist(), return_inverse=True)[1].astype(np.int64),
        at_us=np.asarray(table["sent_at"].cast(pa.timestamp("us", "UTC")).cast(pa.int64())),
        author=np.asarray([people[name] for name in table["author_name"].to_pylist()], np.int64),
        mentions=training.mentions(texts, people),
        texts=texts,
        message_id=table["message_id"].combine_chunks(),
        reply_to=table["reply_to"].combine_chunks(),
    )
    return replace(talk, known=np.full(len(talk), -1, np.int64)), talk.known


def elsewhere(path: Path) -> str:
    """How often the message, and the person, replied to is found, where it is one of the messages looked at."""
    talk, said = archive(path)
    place = np.arange(len(talk))
    asked = np.flatnonzero((said >= 0) & (place - said <= REACH) & (talk.author != talk.author[said]))
    links = link(talk)
    addressed, sure = _addressed(talk, links)
    cells = []
    for message, person in ((links.answered, addressed), *((each, talk.author[each]) for each in _rules(talk))):
        same, who = message[asked] == said[asked], person[asked] == talk.author[said[asked]]
        cells.append(f"{same.mean():.3f} / {who.mean():.3f}")
    certain = sure[asked] >= 0.8
    right = (addressed[asked] == talk.author[said[asked]])[certain].mean() if certain.any() else float("nan")
    return f"| {path.stem} | {len(asked):,} | {' | '.join(cells)} | {certain.mean():.2f}, {right:.3f} right |"


def _addressed(talk: Talk, links: Links) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The person each message most likely addresses in the end (-1: nobody), and how likely."""
    people = int(talk.author.max()) + 1
    pairs, codes = np.unique(links.child * people + talk.author[links.parent], return_inverse=True)
    weight = np.bincount(codes, weights=links.weight)
    order = np.argsort(weight)
    addressed, sure = np.full(len(talk), -1, np.int64), np.zeros(len(talk))
    addressed[pairs[order] // people] = pairs[order] % people
    sure[pairs[order] // people] = weight[order]
    return addressed, sure


def _rules(talk: Talk) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The message before each, and the nearest before it by somebody else."""
    place = np.arange(len(talk))
    begins = np.concatenate([[True], (talk.author[1:] != talk.author[:-1]) | (talk.group[1:] != talk.group[:-1])])
    burst = np.maximum.accumulate(np.where(begins, place, 0))
    return np.maximum(place - 1, 0), np.maximum(burst - 1, 0)


def row(name: str, chosen: Chosen, links: Truth, first_half: Sequence[str]) -> str:
    score = lambda some: training.link_f1(chosen, some)  # noqa: E731 -- one line reads best here
    low, high = interval(score, links)
    half = [link for link in links if link[0] in first_half]
    other = [link for link in links if link[0] not in first_half]
    return f"| {name} | {score(links):.3f} ({low:.3f}–{high:.3f}) | {score(half):.3f} | {score(other):.3f} |"


def reliability(found: Crossed) -> list[str]:
    lines = ["| said probability | links | mean said | right |", "| --- | ---: | ---: | ---: |"]
    for low, high in ((0.0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01)):
        inside = (found.probability >= low) & (found.probability < high)
        said, right = found.probability[inside].mean(), found.hit[inside].mean()
        lines.append(f"| {low:.2f}–{min(high, 1):.2f} | {inside.sum()} | {said:.3f} | {right:.3f} |")
    error = _expected_error(found)
    return [*lines, f"\nExpected calibration error (ten equal parts) {error:.3f}."]


def _expected_error(found: Crossed) -> float:
    order = np.argsort(found.probability)
    parts = np.array_split(order, 10)
    return float(
        np.average([abs(found.probability[p].mean() - found.hit[p].mean()) for p in parts], weights=[len(p) for p in parts])
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    asked = parser.parse_args()
    messages, edges = asked.data / "irc_disentangle_dev_messages.parquet", asked.data / "irc_disentangle_dev_edges.parquet"
    annotated = training.read(messages, edges)
    first_half = sorted({document for document, _, _ in annotated.links})[::2]
    started = time.perf_counter()
    found = crossed(annotated)
    took = time.perf_counter() - started
    talk = set(zip(annotated.document.tolist(), annotated.line.tolist(), strict=True))
    between = [edge for edge in annotated.links if edge[:2] in talk]
    print(
        "| linker | link F1, all annotated lines (95 %) | half looked at | half not looked at |\n| --- | ---: | ---: | ---: |"
    )
    print(row("floor: previous line", previous_line(annotated), annotated.links, first_half))
    print(row("floor: addressee's last line, else own, else none", addressee(annotated), annotated.links, first_half))
    print(row("**linker, ten-fold by document**", found.chosen, annotated.links, first_half))
    print(row("linker, only messages of people", found.chosen, between, first_half))
    print("\n" + "\n".join(reliability(found)))
    print("\n| archive | replies | linker | previous message | nearest by another | person, surer than 0.8 |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name in ("telegram_hyperdbg", "zulip_dataverse", "slack_clojurians"):
        print(elsewhere(asked.data / f"community_{name}.parquet"))
    started = time.perf_counter()
    link(annotated.talk)
    size = len(annotated.talk)
    print(
        f"\nTraining ten linkers {took:.0f} s; linking {size:,} messages {time.perf_counter() - started:.1f} s; "
        f"{pc.sum(pc.utf8_length(annotated.talk.texts)).as_py():,} letters."
    )


if __name__ == "__main__":
    main()
