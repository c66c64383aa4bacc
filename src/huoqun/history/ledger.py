"""The table's log: which files are live, what was entered when, by whom. The only file that speaks to delta-rs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, Transaction
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from .files import MEASURED, Written
from .rules import DataFile
from .schema import PARTITIONS, SCHEMA

EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Overtaken(Exception):
    """Somebody else's commit came first and touched what this one is about: look again, then try again."""


@dataclass(frozen=True)
class Snapshot:
    """The table as it stood at one moment."""

    root: Path
    table: DeltaTable

    def version_of(self, writer: str) -> int:
        """The last version this writer has entered; -1 if it never has."""
        version = self.table.transaction_version(writer)
        return -1 if version is None else version

    @cached_property
    def _live(self) -> pa.Table:
        return pa.table(self.table.get_add_actions(flatten=True))

    @cached_property
    def paths(self) -> frozenset[str]:
        return frozenset(self._live["path"].to_pylist())

    def files(
        self,
        communities: Collection[str] | None = None,
        *,
        first: datetime | None = None,
        last: datetime | None = None,
        groups: Collection[int] | None = None,
        imported: bool = False,
        import_id: int | None = None,
    ) -> list[DataFile]:
        """Live files that may hold such rows, oldest first, judged by the log alone. Bounds are inclusive.

        `imported`: only files with at least one imported row.
        """
        live = self._live
        if not live.num_rows:
            return []
        keep = np.ones(live.num_rows, bool)
        if communities is not None:
            keep &= _truth(pc.is_in(live["partition.community"], pa.array(communities, pa.string())))
        if first is not None:
            keep &= _maybe(pc.greater_equal(self._column("max.sent_at"), pa.scalar(first, SCHEMA.field("sent_at").type)))
        if last is not None:
            keep &= _maybe(pc.less_equal(self._column("min.sent_at"), pa.scalar(last, SCHEMA.field("sent_at").type)))
        if imported:
            keep &= _maybe(pc.less(self._column("null_count.import_id"), live["num_records"]))
        if import_id is not None:
            keep &= _maybe(pc.less_equal(self._column("min.import_id"), import_id))
            keep &= _maybe(pc.greater_equal(self._column("max.import_id"), import_id))
        if groups is not None:
            keep &= self._may_hold(groups)
        return _data_files(live.filter(pa.array(keep)))

    def _may_hold(self, groups: Collection[int]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        wanted = np.sort(np.fromiter(groups, np.int64, len(groups)))
        least = self._column("min.group_key").fill_null(np.iinfo(np.int64).min).to_numpy()
        most = self._column("max.group_key").fill_null(np.iinfo(np.int64).max).to_numpy()
        between: np.ndarray[tuple[int], np.dtype[np.bool_]] = np.searchsorted(wanted, least) < np.searchsorted(
            wanted, most, side="right"
        )
        return between

    def _column(self, name: str) -> pa.ChunkedArray:
        # Where no file has a value (no imported row anywhere), the log has no such column.
        if name in self._live.column_names:
            return self._live[name]
        kind = pa.int64() if "count" in name else SCHEMA.field(name.partition(".")[2]).type
        return pa.chunked_array([pa.nulls(self._live.num_rows, kind)])


def _truth(mask: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return mask.to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def _maybe(mask: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    # What the log does not know may be so. A file of another engine need not carry statistics.
    return _truth(mask.fill_null(True))


def _data_files(live: pa.Table) -> list[DataFile]:
    names = ("path", "partition.community", "partition.month", "num_records", "size_bytes", "min.sent_at", "max.sent_at")
    columns = [live[name].to_pylist() for name in names]
    found = [
        DataFile(path, community, month, rows or 0, size, first or EVER, last or NEVER)
        for path, community, month, rows, size, first, last in zip(*columns, strict=True)
    ]
    return sorted(found, key=lambda file: (file.community, file.month, file.first))


class Ledger:
    """The log of one table, made when it is first looked at."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def now(self) -> Snapshot:
        try:
            return Snapshot(self.root, DeltaTable(self.root))
        except TableNotFoundError:
            self._create()
            return Snapshot(self.root, DeltaTable(self.root))

    def _create(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        settings = {
            "delta.dataSkippingStatsColumns": ",".join(MEASURED),
            "delta.deletedFileRetentionDuration": "interval 7 days",
        }
        try:
            DeltaTable.create(self.root, SCHEMA, mode="ignore", partition_by=list(PARTITIONS), configuration=settings)
        except DeltaError:
            # Two processes may start at the same moment; what matters is that the table is there now.
            DeltaTable(self.root)

    def enter(
        self,
        snapshot: Snapshot,
        *,
        add: Iterable[Written] = (),
        remove: Iterable[DataFile] = (),
        marks: Mapping[str, int] | None = None,
        changes_data: bool = True,
        now: datetime,
    ) -> None:
        """All of it or none of it, in one version of the table. Raises `Overtaken` where another commit stands against it."""
        moment = int(now.timestamp() * 1000)
        actions: list[AddAction | RemoveAction] = [
            AddAction(each.place, each.size, _values(*each.partition), moment, changes_data, each.stats) for each in add
        ]
        actions += [
            RemoveAction(each.path, changes_data, moment, each.size, _values(each.community, each.month)) for each in remove
        ]
        transactions = [Transaction(writer, version) for writer, version in (marks or {}).items()]
        try:
            snapshot.table.create_write_transaction(
                actions,
                "append",
                SCHEMA,
                partition_by=list(PARTITIONS),
                commit_properties=CommitProperties(app_transactions=transactions),
            )
        except CommitFailedError as conflict:
            raise Overtaken(str(conflict)) from conflict

    def forget_removed(self, *, after_hours: int) -> int:
        """Deletes files that were removed from the table at least so many hours ago."""
        gone = self.now().table.vacuum(retention_hours=after_hours, dry_run=False, enforce_retention_duration=False)
        return len(gone)


def _values(community: str, month: str) -> dict[str, str | None]:
    return {"community": community, "month": month}
