"""Writing the files of a partition anew: merged, or without somebody, or without an import."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from .files import Staging, Written
from .reading import columns, numbers, scan
from .rules import ROW_GROUP, DataFile
from .schema import FILE_SCHEMA


@dataclass(frozen=True)
class Rewrite:
    """How rows are carried over. Without anything said, all are, as they are."""

    touched: str = "false"
    """Condition on rows that cannot stay as they are."""
    kept: str = "true"
    """Condition on rows that are carried over at all."""
    selected: str = columns()
    import_id: int | None = None
    """Only files which may hold rows of this import are touched."""

    @property
    def changes_data(self) -> bool:
        return self.touched != "false"

    def files_hit(self, con: duckdb.DuckDBPyConnection, root: Path, files: Sequence[DataFile]) -> list[DataFile]:
        """Those of the files with a row that cannot stay as it is."""
        if not files:
            return []
        source = scan(root, files, filename=True)
        found = con.sql(f"SELECT DISTINCT filename FROM {source} WHERE {self.touched}").fetchall()  # noqa: S608
        hit = {name for (name,) in found}
        return [file for file in files if str(root / file.path) in hit]

    def write(self, con: duckdb.DuckDBPyConnection, root: Path, files: Sequence[DataFile], staging: Staging) -> list[Written]:
        """New files with the rows of one partition's files, in order of time; the old ones are as they were."""
        carried = f"SELECT {self.selected} FROM {scan(root, files)} WHERE {self.kept}"  # noqa: S608
        rows = con.sql(f"{carried} ORDER BY sent_at, group_key, source_id")
        batches = rows.to_arrow_reader(ROW_GROUP)
        tables = (pa.Table.from_batches([batch]).cast(FILE_SCHEMA) for batch in batches)
        return staging.write(tables, (files[0].community, files[0].month))


def of_people(people: Collection[int]) -> Rewrite:
    """Without what these people wrote and did, and without their keys in rows of others."""
    keys = numbers(sorted(people))
    return Rewrite(
        touched=f"author_key IN ({keys}) OR reply_to_author IN ({keys}) OR other_key IN ({keys})"
        f" OR list_has_any(mentions, [{keys}])",
        kept=f"author_key IS NULL OR author_key NOT IN ({keys})",
        selected=columns(
            reply_to_author=f"CASE WHEN reply_to_author NOT IN ({keys}) THEN reply_to_author END",
            other_key=f"CASE WHEN other_key NOT IN ({keys}) THEN other_key END",
            mentions=f"nullif(list_filter(mentions, lambda each: each NOT IN ({keys})), [])",
        ),
    )


def of_import(import_id: int) -> Rewrite:
    """Without the rows which this import brought in."""
    return Rewrite(
        touched=f"import_id = {int(import_id)}", kept=f"import_id IS DISTINCT FROM {int(import_id)}", import_id=import_id
    )
