"""The history of this installation: one Delta table, written here and nowhere else."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from math import ceil
from pathlib import Path

import duckdb
import pyarrow as pa
from django.conf import settings

from . import reading
from .addition import Addition, Mark
from .checking import checked, plain
from .errors import TryAgain
from .files import Staging, Written
from .ledger import Ledger, Overtaken, Snapshot
from .rewriting import Rewrite, of_import, of_people
from .rules import REPLY_REACH_BULK, REPLY_REACH_LIVE, DataFile, overfull_tier, portions, rewriting_turn_of, to_merge
from .sweeping import spill_folder, sweep

TRIES = 40


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """May be used by any number of threads and processes at once; each keeps its own `Store` or shares one.

    Two writers who stand in each other's way try again by themselves; after some seconds of that a call raises `TryAgain`
    and may be made again. Rows are only ever added all at once; an erasure or an undone import goes month by month.
    """

    def __init__(
        self,
        path: Path,
        *,
        memory: str = "1GB",
        clock: Callable[[], datetime] = _now,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.path = Path(path)
        self.ledger = Ledger(self.path)
        self.memory = memory
        self.clock = clock
        self.pause = pause
        self._database: duckdb.DuckDBPyConnection | None = None
        self._process = 0
        self._lock = threading.Lock()

    # Adding

    def append(self, table: pa.Table, *, writer: str, version: int) -> bool:
        """Enters the rows together with "`writer` has come to `version`". False, and nothing changes, where the table says
        the writer has come that far already. Rows that an import brought in before are left out.
        """
        if not table.num_rows:
            return False
        addition = Addition(checked(table), REPLY_REACH_LIVE, Mark(writer, version))
        return self._add(addition) is not None

    def record(self, table: pa.Table) -> int:
        """Enters rows of what happens now, those whose (group_key, source_id) is not there yet; returns how many.

        Repeating it, whole or in other portions, adds none. Messages answered are looked for in the last month only.
        """
        return self._add(Addition(checked(table), REPLY_REACH_LIVE)) or 0 if table.num_rows else 0

    def add_new(self, table: pa.Table) -> int:
        """Enters rows of an import, those whose (group_key, source_id) is not there yet; returns how many.

        Repeating it adds none. Messages answered are looked for in all of the past.
        """
        return self._add(Addition(checked(table), REPLY_REACH_BULK)) or 0 if table.num_rows else 0

    def _add(self, addition: Addition) -> int | None:
        """How many rows were entered; None where the writer had come that far already."""
        with Staging(self.path) as staging:
            for snapshot in self._attempts():
                if addition.is_entered(snapshot):
                    return None
                with suppress(Overtaken):
                    with self._duck(snapshot) as con:
                        fresh = addition.prepare(con, staging, snapshot)
                    if not fresh.num_rows and addition.mark is None:
                        return 0
                    self._enter(staging, snapshot, addition.written, marks=addition.marks(snapshot))
                    break
        self._merge_overfull(snapshot, {each.partition for each in addition.written})
        return int(fresh.num_rows)

    def _enter(
        self,
        staging: Staging,
        snapshot: Snapshot,
        written: list[Written],
        *,
        remove: Sequence[DataFile] = (),
        marks: Mapping[str, int] | None = None,
        changes_data: bool = True,
    ) -> None:
        """Raises `Overtaken` where somebody else came first: the files are back in staging then."""
        staging.put(written)
        try:
            self.ledger.enter(snapshot, add=written, remove=remove, marks=marks, changes_data=changes_data, now=self.clock())
        except Overtaken:
            staging.fetch_back(written)
            raise

    # Reading

    def relation(
        self,
        con: duckdb.DuckDBPyConnection,
        *,
        community: str,
        groups: Collection[int] | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> duckdb.DuckDBPyRelation:
        """The rows of a community, of these groups, from `start` to before `end`, with the columns of `schema.SCHEMA`.

        `sent_at` comes as TIMESTAMP in UTC. Only files that may hold such rows are opened, and of those only the row groups in
        question; give the bounds here rather than in a WHERE on `sent_at` above, which cannot be pushed into the files.
        """
        files = self.ledger.now().files([plain("community", community)], first=start, last=end, groups=groups)
        return reading.relation(con, self.path, files, community=community, groups=groups, start=start, end=end)

    def extent(self, community: str) -> tuple[int, datetime | None, datetime | None]:
        """How many rows there are and the times of the first and the last, from the log alone."""
        files = self.ledger.now().files([community])
        if not files:
            return 0, None, None
        return sum(file.rows for file in files), min(file.first for file in files), max(file.last for file in files)

    # Taking away

    def erase(self, people: Collection[int], community: str) -> int:
        """Deletes what these people wrote and did, and their keys from the rows of others; returns how many rows are gone.

        When it returns, no file of the table holds them any more. It may be repeated.
        """
        gone = self._rewrite_all([community], of_people(people)) if people else 0
        self.vacuum(keep=timedelta(0))
        return gone

    def remove_import(self, import_id: int, community: str) -> int:
        """Deletes the rows which this import brought in; returns how many. It may be repeated."""
        return self._rewrite_all([community], of_import(import_id))

    def _rewrite_all(self, communities: list[str], rewrite: Rewrite) -> int:
        gone = 0
        for snapshot in self._attempts():
            candidates = snapshot.files(communities, import_id=rewrite.import_id)
            with suppress(Overtaken):
                with self._duck(snapshot) as con:
                    hit = rewrite.files_hit(con, self.path, candidates)
                if not hit:
                    break
                for portion in portions(list(_partitions(hit))):
                    gone += self._replace(snapshot, portion, rewrite)
        return gone

    # Keeping in order

    def compact(self, community: str | None = None) -> int:
        """Merges small files into large ones sorted by time; returns how many files were merged away."""
        snapshot = self.ledger.now()
        chosen = [to_merge(files) for files in _partitions(snapshot.files(None if community is None else [community]))]
        return sum(self._merge(snapshot, portion) for portion in portions([files for files in chosen if files]))

    def vacuum(self, *, keep: timedelta = timedelta(hours=1)) -> int:
        """Deletes files that left the table longer than `keep` ago, and what crashed writers left behind.

        A query that began before and still reads such a file fails; `keep` is how long queries may take.
        """
        removed = self.ledger.forget_removed(after_hours=ceil(keep / timedelta(hours=1)))
        return removed + sweep(self.path, self.ledger.now().paths, now=self.clock())

    def _merge_overfull(self, snapshot: Snapshot, partitions: set[tuple[str, str]]) -> None:
        chosen = [
            overfull_tier(files)
            for files in _partitions(snapshot.files({community for community, _ in partitions}))
            if (files[0].community, files[0].month) in partitions
        ]
        for portion in portions([files for files in chosen if files]):
            self._merge(snapshot, portion)

    def _merge(self, snapshot: Snapshot, partitions: Sequence[list[DataFile]]) -> int:
        try:
            self._replace(snapshot, partitions, Rewrite())
        except Overtaken:
            # Somebody else merged or rewrote some of them just now. Nothing is lost: whoever writes next looks again.
            return 0
        return sum(map(len, partitions))

    def _replace(self, snapshot: Snapshot, partitions: Sequence[list[DataFile]], rewrite: Rewrite) -> int:
        """Writes files anew, partition by partition, and enters them at once; returns how many rows went.

        Raises `Overtaken` where one of the files is no longer there.
        """
        files = [file for partition in partitions for file in partition]
        with Staging(self.path) as staging:
            with self._duck(snapshot) as con:
                written = [new for partition in partitions for new in rewrite.write(con, self.path, partition, staging)]
            for latest in self._attempts():
                if not latest.paths.issuperset(file.path for file in files):
                    raise Overtaken("the files are no longer part of the table")
                with suppress(Overtaken):
                    turns = {rewriting_turn_of(file.community) for file in files}
                    marks = {turn: latest.version_of(turn) + 1 for turn in turns}
                    self._enter(staging, latest, written, remove=files, marks=marks, changes_data=rewrite.changes_data)
                    break
        return sum(file.rows for file in files) - sum(each.rows for each in written)

    # Inner workings

    def _attempts(self) -> Iterator[Snapshot]:
        """Snapshots to try with, each newer than the one before; `TryAgain` after too many."""
        for attempt in range(TRIES):
            yield self.ledger.now()
            # Writers that met once should not meet again at the same moment, so each waits a little differently.
            self.pause(0.002 * min(attempt + 1, 100) * (1 + threading.get_native_id() % 7 / 7))
        raise TryAgain(f"history in {self.path} kept being changed by others: call again")

    @contextmanager
    def _duck(self, snapshot: Snapshot) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor to read files of the snapshot with. Raises `Overtaken` where such a file has been vacuumed meanwhile."""
        with self._lock:
            # A server may fork after first use; DuckDB's threads do not live on in the child.
            if self._database is None or self._process != os.getpid():
                self._database = reading.working_connection(spill_folder(self.path), self.memory)
                self._process = os.getpid()
            cursor = self._database.cursor()
        try:
            yield cursor
        except duckdb.IOException as error:
            if all((self.path / path).exists() for path in snapshot.paths):
                raise
            raise Overtaken(str(error)) from error
        finally:
            cursor.close()


def _partitions(files: Sequence[DataFile]) -> Iterator[list[DataFile]]:
    for _, members in groupby(files, key=lambda file: (file.community, file.month)):
        yield list(members)


@cache
def open_store() -> Store:
    """The history of this installation."""
    return Store(settings.HISTORY)
