"""Which data files are merged, how far a lookup reaches, whose turn it is to add. Plain values only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ROW_GROUP = 131_072
"""Rows a reader may skip at once: with 9,000 groups talking this is hours, with few groups weeks."""
FILE_ROWS = 2_000_000
SETTLED_ROWS = 1_000_000
"""A file this large is left alone unless much new arrives in its time."""
TIER_FILES = 24
"""So many files of about one size are merged at once by whoever wrote the last of them."""

SAME_HAPPENING = timedelta(days=1)
"""How far apart two records of the same happening may claim to be: a time zone told wrongly, minutes against seconds."""
REPLY_REACH_LIVE = (timedelta(days=2), timedelta(days=31))
"""How far back the message is looked for which a live message answers: near first, farther only for those not found."""
REPLY_REACH_BULK = (timedelta(days=31), None)


@dataclass(frozen=True, slots=True)
class DataFile:
    """One live Parquet file as the table's log tells it."""

    path: str
    community: str
    month: str
    rows: int
    size: int
    first: datetime
    last: datetime

    def meets(self, first: datetime, last: datetime) -> bool:
        return self.first <= last and first <= self.last


def to_merge(files: Sequence[DataFile]) -> list[DataFile]:
    """The files of one partition to be written anew as one sorted run; none where that would win nothing.

    Large files are taken along only where the small ones bring at least a quarter of their rows into the same time, so the
    cost of merging stays proportional to what is new.
    """
    small = [file for file in files if file.rows < SETTLED_ROWS]
    if not small:
        return []
    first, last = min(file.first for file in small), max(file.last for file in small)
    met = [file for file in files if file.rows >= SETTLED_ROWS and file.meets(first, last)]
    if met and 4 * sum(file.rows for file in small) >= sum(file.rows for file in met):
        return small + met
    return small if len(small) > 1 else []


def overfull_tier(files: Sequence[DataFile]) -> list[DataFile]:
    """Files of about one size in one partition, if there are too many of them. A row is rewritten once a tier: three times."""
    tiers: dict[int, list[DataFile]] = {}
    for file in files:
        if file.rows < SETTLED_ROWS:
            tiers.setdefault(_tier(file.rows), []).append(file)
    full = [members for _, members in sorted(tiers.items()) if len(members) >= TIER_FILES]
    return full[0] if full else []


def portions(partitions: Sequence[list[DataFile]]) -> Iterator[list[list[DataFile]]]:
    """Partitions cut into portions worth one commit each: as many as one large file's rows, at least one."""
    portion: list[list[DataFile]] = []
    rows = 0
    for files in partitions:
        size = sum(file.rows for file in files)
        if portion and rows + size > FILE_ROWS:
            yield portion
            portion, rows = [], 0
        portion.append(files)
        rows += size
    if portion:
        yield portion


def _tier(rows: int) -> int:
    return 0 if rows < 8_000 else 1 if rows < 128_000 else 2


def turn_of(community: str) -> str:
    """The mark in the table's log that everybody moves who adds rows to this community."""
    return f"rows/{community}"


def rewriting_turn_of(community: str) -> str:
    """The mark that everybody moves who replaces files of this community. Delta's own check for two who remove one file does
    not see a removal that was entered as changing no data, as merging is.
    """
    return f"files/{community}"
