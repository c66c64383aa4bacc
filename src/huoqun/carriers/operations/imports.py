"""Reading files: what was asked for, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import F

from huoqun.carriers.base import Unreadable
from huoqun.carriers.models import BadRecord, Import
from huoqun.carriers.operations.bad_records import as_row
from huoqun.console.models import Staff

KEPT_BAD_RECORDS = 100_000
"""A file of the wrong kind can be bad in every line: all are counted, this many are kept to look at."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch of an import came to."""

    read: int
    added: int
    bad: int
    groups: int
    people: int


def ask_import(community: str, paths: Sequence[Path], *, title: str, zone: str, by: Staff | None, now: datetime) -> Import:
    """Write down that these files are to be read into a community; a job does it."""
    return Import.objects.create(
        community=community, title=title[:300], paths=[str(path) for path in paths], zone=zone, by=by, asked_at=now
    )


def begin(asked: Import, *, format_title: str) -> None:
    """Reading starts, or starts over after a crash: counts from nothing, since what is known already is not added twice."""
    BadRecord.objects.filter(source=asked).delete()
    Import.objects.filter(id=asked.id).update(
        state=Import.State.READING, format=format_title[:300], read=0, known=0, bad=0, error="", finished_at=None
    )


def keep_bad(asked: Import, records: Sequence[Unreadable], *, kept_before: int) -> None:
    room = max(0, KEPT_BAD_RECORDS - kept_before)
    rows = [as_row(bad) for bad in records[:room]]
    for row in rows:
        row.source = asked
    BadRecord.objects.bulk_create(rows, batch_size=2_000)


def advance(asked: Import, step: Step) -> None:
    Import.objects.filter(id=asked.id).update(
        read=F("read") + step.read,
        added=F("added") + step.added,
        known=F("known") + (step.read - step.added),
        bad=F("bad") + step.bad,
        groups=F("groups") + step.groups,
        people=F("people") + step.people,
    )


def finish(asked: Import, *, first_at: datetime | None, last_at: datetime | None, now: datetime) -> None:
    Import.objects.filter(id=asked.id).update(state=Import.State.DONE, first_at=first_at, last_at=last_at, finished_at=now)


def fail(asked: Import, error: str, values: Mapping[str, object], *, now: datetime) -> None:
    """The file as a whole could not be read; `error` says why and what to do, with places that `values` fill."""
    plain = {name: value if isinstance(value, list) else str(value) for name, value in values.items()}
    Import.objects.filter(id=asked.id).update(state=Import.State.FAILED, error=error, error_values=plain, finished_at=now)


def mark(asked: Import, state: Import.State, *, now: datetime) -> None:
    Import.objects.filter(id=asked.id).update(state=state, finished_at=now)
