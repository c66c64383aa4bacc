"""The audit as a job: done by a worker, reported, repeatable."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from django.conf import settings

from huoqun.community.models import Community
from huoqun.history.store import Store, open_store
from huoqun.jobs import operations as jobs
from huoqun.jobs.run import Run

from . import engine, operations, queries, runner
from .around import Around, around
from .causes import evidence
from .daybook import DayBook
from .forecast.own import chosen_model
from .inputs import StoredHistory, labels_mark, load_community
from .results import AuditResult
from .rules import audit_day, local_day, starts_at, weeks_before

FOLDER = Path(settings.DATA) / "health"
Report = Callable[[int, int, str], None]
BOOK_PART, EVALUATED_PART = 60, 85
"""Of a hundred, how far the work is when the day-book and the figures are made."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an audit works: history it reads, folder it may write."""

    store: Store
    folder: Path

    def book(self, community: Community) -> DayBook:
        return DayBook(self.folder / community.slug, StoredHistory(self.store, community.slug), ZoneInfo(community.zone))


def desk() -> Desk:
    return Desk(open_store(), FOLDER)


def run_audit(run: Run) -> None:
    """Job `audit`: `community` (slug) and, for a day gone by, `as_of` ("2026-03-01").

    A job asked for before another audit of the community began has nothing left to do.
    """
    community = Community.objects.get(slug=run.arguments["community"])
    asked_day = run.arguments.get("as_of")
    if not asked_day and queries.audited_since(community, run.job.asked_at):
        return
    audit_community(
        community,
        now=run.now(),
        as_of=date.fromisoformat(asked_day) if asked_day else None,
        report=run.report,
    )


def run_daily_audits(run: Run) -> None:
    """Job `daily_audits`: asks for the audit of every community."""
    now = run.now()
    for community in Community.objects.order_by("id"):
        day = local_day(now, ZoneInfo(community.zone))
        jobs.ask("audit", {"community": community.slug}, key=f"{community.slug}/{day}", by=None, now=now)


def audit_community(
    community: Community,
    at: Desk | None = None,
    *,
    now: datetime,
    as_of: date | None = None,
    report: Report = lambda done, total, message: None,
) -> AuditResult | None:
    """Audits and stores; None where the community has no history. Repeating it replaces what it stored.

    The first audit, and one after old days or labels changed, also makes the days of the last half year by which the
    portfolio's movement is shown.
    """
    at = at or desk()
    book, zone = at.book(community), ZoneInfo(community.zone)
    extent = book.source.extent()
    if extent is None:
        return None
    latest = audit_day(extent[1], now, zone)
    work = _Work(community, runner.Question(min(as_of or latest, latest), zone), latest, book, local_day(extent[0], zone), now)
    spill = at.folder / f"{community.slug}.spill"
    con = engine.connect(spill)
    try:
        return _work_through(con, work, report)
    finally:
        con.close()
        shutil.rmtree(spill, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Work:
    community: Community
    question: runner.Question
    latest: date
    book: DayBook
    first: date
    now: datetime


def _work_through(con: duckdb.DuckDBPyConnection, work: _Work, report: Report) -> AuditResult:
    load_community(con, work.community)
    made = _make_book(con, work, report)
    report(BOOK_PART, 100, "computing")
    _open_history(con, work)
    result = runner.evaluate(con, work.question, knowing=_knowing(work))
    result.coverage["labels"] = labels_mark(con)
    report(EVALUATED_PART, 100, "storing")
    before = queries.latest_audit(work.community)
    same_labels = before is not None and before.coverage.get("labels") == result.coverage["labels"]
    operations.store_audit(
        result,
        work.community,
        now=work.now,
        around=_around(con, work, result),
        messages=evidence.messages(con, result.diagnoses, until=work.question.ends_at),
        days=made if same_labels else None,
    )
    old_days_changed = any(day < work.latest - timedelta(days=7) for day in made)
    if work.question.as_of == work.latest and (not same_labels or old_days_changed):
        _store_movement(con, work, report, first_time=before is None)
    report(100, 100, "")
    return result


def _make_book(con: duckdb.DuckDBPyConnection, work: _Work, report: Report) -> set[date]:
    service_from = work.question.service_from
    made = work.book.bring_up_to(
        con,
        work.latest,
        service_from=service_from,
        report=lambda done, total: report(done * BOOK_PART // max(total, 1), 100, "reading history"),
    )
    work.book.open(con, service_from=service_from)
    return made


def _open_history(con: duckdb.DuckDBPyConnection, work: _Work) -> None:
    """The last three months, message by message: for ties, for what was said around questions, for the words behind a cause."""
    work.book.source.open(con, starts_at(work.question.service_from, work.question.zone), work.question.ends_at)


def _knowing(work: _Work) -> runner.Knowing:
    return runner.Knowing(
        model=chosen_model(work.book.folder), hours=queries.hours_a_week([work.community.pk]).get(work.community.pk)
    )


def _around(con: duckdb.DuckDBPyConnection, work: _Work, result: AuditResult) -> Around:
    return around(con, result.unanswered) if result.unanswered.num_rows else {}


def _store_movement(con: duckdb.DuckDBPyConnection, work: _Work, report: Report, *, first_time: bool) -> None:
    weeks = weeks_before(work.latest, work.first)
    day_before = work.latest - timedelta(days=1)
    if first_time and day_before >= work.first:
        (result,) = runner.movement(con, work.question, [day_before])
        operations.store_audit(result, work.community, now=work.now)
    for place, result in enumerate(runner.movement(con, work.question, weeks)):
        operations.store_portfolio(result, work.community, now=work.now)
        report(EVALUATED_PART + (100 - EVALUATED_PART) * place // len(weeks), 100, "looking back")
