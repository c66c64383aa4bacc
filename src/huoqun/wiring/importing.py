"""Reading files into history and community: the long job behind the import page and `huoqun import`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from huoqun.carriers import operations as imports
from huoqun.carriers import registry
from huoqun.carriers.base import Parsed, Unreadable
from huoqun.carriers.models import Import
from huoqun.community.models import Community
from huoqun.community.operations import intake, undo
from huoqun.community.pages import uploads
from huoqun.history.operations import undo_import
from huoqun.history.rows import rows_of
from huoqun.history.store import Store, open_store
from huoqun.inbox.operations import announce
from huoqun.jobs.errors import Cancelled
from huoqun.jobs.run import Run
from huoqun.vocabulary.events import GroupEvent, MessagePosted
from huoqun.vocabulary.facts import HistoryImported, ImportUndone
from huoqun.wiring import recording
from huoqun.wiring.batches import batches

BATCH = 50_000
"""Records between two commits: what a crash may make us read again."""

Report = Callable[[int, int, str], None]


@dataclass(slots=True)
class Span:
    """What time an import covers."""

    first: datetime | None = None
    last: datetime | None = None
    messages: int = 0

    def see(self, events: Iterable[GroupEvent]) -> None:
        for event in events:
            self.messages += isinstance(event, MessagePosted)
            if self.first is None or event.at < self.first:
                self.first = event.at
            if self.last is None or event.at > self.last:
                self.last = event.at


@dataclass(slots=True)
class Reading:
    """One run over the files of an import."""

    asked: Import
    community: Community
    store: Store
    report: Report
    now: Callable[[], datetime]
    span: Span = field(default_factory=Span)
    kept_bad: int = 0

    def run(self) -> None:
        recognised = registry.recognise([Path(path) for path in self.asked.paths])
        imports.begin(self.asked, format_title=", ".join(recognised.titles))
        zone = ZoneInfo(self.asked.zone) if self.asked.zone else None
        setting = registry.Setting(self.community.slug, zone, f"import-{self.asked.id}")
        reader = registry.read(recognised, setting)
        read = 0
        for batch in batches(reader, BATCH):
            self._keep(batch)
            read += len(batch)
            self.report(reader.progress.done, reader.progress.total, str(read))

    def _keep(self, batch: list[Parsed]) -> None:
        # History first: after a crash the batch is read again, history drops what it has, and community learns what it missed.
        events = [one for one in batch if isinstance(one, GroupEvent)]
        bad = [one for one in batch if isinstance(one, Unreadable)]
        with recording.nobody_erased(self.community.slug, store=self.store) as forgotten:
            kept = forgotten.left_of_all(events)
            added = self.store.add_new(rows_of(kept, import_id=self.asked.id))
            taken = intake.take_in(self.community, kept, now=self.now(), import_id=self.asked.id)
        imports.keep_bad(self.asked, bad, kept_before=self.kept_bad)
        self.kept_bad += len(bad)
        self.span.see(kept)
        imports.advance(self.asked, imports.Step(len(events), added, len(bad), taken.groups, taken.people))


def read_in(asked: Import, *, report: Report, now: Callable[[], datetime], store: Store | None = None) -> None:
    """Read an import's files. Running it again after a crash adds nothing twice. What the file as a whole suffers from is
    written on the import in plain words; it does not raise.
    """
    community = Community.objects.get(slug=asked.community)
    reading = Reading(asked, community, store or open_store(), report, now)
    try:
        reading.run()
    except registry.ExportError as problem:
        imports.fail(asked, problem.message, problem.values, now=now())
        return
    span = reading.span
    imports.finish(asked, first_at=span.first, last_at=span.last, now=now())
    announce([_imported(asked, community, span, now())], now=now())


def _imported(asked: Import, community: Community, span: Span, now: datetime) -> HistoryImported:
    zone = ZoneInfo(community.zone)
    return HistoryImported(
        community=community.slug,
        at=now,
        import_id=asked.id,
        first_day=span.first.astimezone(zone).date() if span.first else None,
        last_day=span.last.astimezone(zone).date() if span.last else None,
        messages=span.messages,
    )


def take_back(asked: Import, *, now: Callable[[], datetime], store: Store | None = None) -> int:
    """Undo a whole import: its rows leave history, and whoever only it spoke of is forgotten. Returns the rows removed."""
    store = store or open_store()
    imports.mark(asked, Import.State.UNDOING, now=now())
    removed = undo_import(asked.id, community=asked.community, store=store)
    community = Community.objects.get(slug=asked.community)
    undo.forget_import(
        community,
        asked.id,
        groups_left=_keys_left(store, asked.community, "group_key"),
        people_left=_keys_left(store, asked.community, "author_key"),
    )
    imports.mark(asked, Import.State.UNDONE, now=now())
    announce([ImportUndone(community=asked.community, at=now(), import_id=asked.id)], now=now())
    return removed


def _keys_left(store: Store, community: str, column: str) -> set[int]:
    with duckdb.connect() as con:
        rows = store.relation(con, community=community).project(column).distinct().fetchall()
    return {key for (key,) in rows if key is not None}


def run_import(run: Run) -> None:
    """What came in before a cancellation stays, and the import says so. Uploaded files go as soon as nobody reads them: they
    hold people's words outside of everything that erases.
    """
    asked = Import.objects.get(id=run.arguments["import_id"])
    try:
        read_in(asked, report=run.report, now=run.now)
    except Cancelled:
        imports.mark(asked, Import.State.CANCELLED, now=run.now())
        uploads.drop(asked.paths)
        raise
    uploads.drop(asked.paths)


def run_undo(run: Run) -> None:
    asked = Import.objects.get(id=run.arguments["import_id"])
    removed = take_back(asked, now=run.now)
    run.report(removed, removed, "")
