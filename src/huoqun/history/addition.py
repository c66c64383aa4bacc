"""Rows on their way into the table: which of them are new, and how they are entered."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import replies
from .checking import by_partition
from .files import Staging, Written
from .ledger import Snapshot
from .lookups import first_of_each, known
from .rules import SAME_HAPPENING, DataFile, turn_of


@dataclass(frozen=True)
class Mark:
    """A writer and how far it has come."""

    writer: str
    version: int


@dataclass
class Addition:
    """Rows that want in. What was prepared for one snapshot of the table is kept for the next, and only looked over again."""

    batch: pa.Table
    reach: replies.Reach
    mark: Mark | None = None
    fresh: pa.Table | None = field(default=None, init=False)
    written: list[Written] = field(default_factory=list, init=False)
    seen: frozenset[str] = field(default=frozenset(), init=False)

    def is_entered(self, snapshot: Snapshot) -> bool:
        return self.mark is not None and snapshot.version_of(self.mark.writer) >= self.mark.version

    def prepare(self, con: duckdb.DuckDBPyConnection, staging: Staging, snapshot: Snapshot) -> pa.Table:
        """The rows that are not in the snapshot, written to files that wait in the staging folder."""
        if self.fresh is None:
            unique = self.batch.filter(pa.array(first_of_each(self.batch)))
            fresh = self._without_known(con, snapshot, unique)
            self._write(staging, self._with_answered(con, snapshot, fresh))
        else:
            fresh = self._without_known(con, snapshot, self.fresh)
            if fresh.num_rows < self.fresh.num_rows:
                self._write(staging, fresh)
        self.seen = snapshot.paths
        return self.fresh

    def marks(self, snapshot: Snapshot) -> dict[str, int]:
        """What is entered beside the files. All who add rows to a community take turns there: of two at the same moment one
        is overtaken and looks again, so neither can bring in a row the other is just bringing.
        """
        turns = [turn_of(community) for community in pc.unique(self.batch["community"]).to_pylist()]
        marks = {turn: snapshot.version_of(turn) + 1 for turn in turns}
        return marks if self.mark is None else marks | {self.mark.writer: self.mark.version}

    def _without_known(self, con: duckdb.DuckDBPyConnection, snapshot: Snapshot, rows: pa.Table) -> pa.Table:
        unseen = [file for file in self._files_around(snapshot, rows) if file.path not in self.seen]
        if not unseen:
            return rows
        return rows.filter(pa.array(~known(con, snapshot.root, unseen, rows)))

    def _with_answered(self, con: duckdb.DuckDBPyConnection, snapshot: Snapshot, rows: pa.Table) -> pa.Table:
        communities = pc.unique(rows["community"]).to_pylist()
        return replies.resolve(
            con,
            snapshot.root,
            rows,
            batch=self.batch,
            find_files=lambda first, last, groups: snapshot.files(communities, first=first, last=last, groups=groups),
            reach=self.reach,
        )

    def _write(self, staging: Staging, rows: pa.Table) -> None:
        self.fresh = rows
        self.written = [file for partition, part in by_partition(rows) for file in staging.write([part], partition)]

    @staticmethod
    def _files_around(snapshot: Snapshot, rows: pa.Table) -> list[DataFile]:
        if not rows.num_rows:
            return []
        ends = pc.min_max(rows["sent_at"]).as_py()
        return snapshot.files(
            pc.unique(rows["community"]).to_pylist(),
            first=ends["min"] - SAME_HAPPENING,
            last=ends["max"] + SAME_HAPPENING,
            groups=np.asarray(pc.unique(rows["group_key"])),
        )
