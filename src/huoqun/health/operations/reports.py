"""Reports that were made: kept, planned, cleaned away, deleted with an erasure. Part of `operations`."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from huoqun.community.models import Community, Erased, Group
from huoqun.console.models import Staff
from huoqun.health.models import Report, ReportPlan
from huoqun.health.report.writing import Made

FOLDER = Path(settings.DATA) / "reports"
KEPT = timedelta(days=365)
MOST = 60
"""So many reports a community keeps; the older ones go."""
ORPHANED = timedelta(days=2)
"""A folder that so long after its making no report names belongs to none: its job failed, or its report was deleted."""


ERASING = timedelta(minutes=1)
"""An erasure may have begun so long before the report did and still not have been seen by it."""


class SomebodyErased(Exception):
    """Somebody was erased while the report was being made: it may name them, so it is not kept. Make it again."""


def new_folder() -> str:
    """A name nobody can guess."""
    return secrets.token_urlsafe(24)


def made_in(folder: str) -> bool:
    return Report.objects.filter(folder=folder).exists()


def keep(
    community: Community,
    *,
    kind: Report.Kind,
    group: Group | None,
    language: str,
    as_of: date,
    folder: str,
    made: Made,
    by: Staff | None,
    begun: datetime,
    now: datetime,
) -> Report:
    """Writes down a report whose files are there, and lets the oldest go. Raises SomebodyErased where it may not be kept."""
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community.pk)
        if Erased.objects.filter(community=community, at__gte=begun - ERASING).exists():
            raise SomebodyErased
        report = Report.objects.create(
            community=community,
            kind=kind,
            group=group,
            language=language,
            as_of=as_of,
            made_at=now,
            asked_by=by,
            folder=folder,
            formats=list(made.formats),
            missing=made.missing,
        )
    clean(community, now=now)
    return report


def clean(community: Community, *, now: datetime) -> None:
    """Reports of more than a year ago go, and those beyond the latest sixty."""
    mine = Report.objects.filter(community=community)
    latest = mine.order_by("-made_at", "-pk").values_list("pk", flat=True)[:MOST]
    _delete(mine.exclude(pk__in=list(latest)) | mine.filter(made_at__lt=now - KEPT))


def forget(community: Community) -> int:
    """Deletes every report of the community: any may name somebody who is erased. Returns how many."""
    return _delete(Report.objects.filter(community=community))


def _delete(reports: Iterable[Report]) -> int:
    gone = list(reports)
    folders = [report.folder for report in gone]
    Report.objects.filter(pk__in=[report.pk for report in gone]).delete()
    transaction.on_commit(lambda: _remove(folders))
    return len(gone)


def _remove(folders: Collection[str]) -> None:
    """Where a file cannot be deleted now, `sweep` tries again."""
    for folder in folders:
        shutil.rmtree(FOLDER / folder, ignore_errors=True)


def sweep(*, now: datetime) -> None:
    """Folders that belong to no report go."""
    if not FOLDER.is_dir():
        return
    old = [path for path in FOLDER.iterdir() if now.timestamp() - path.stat().st_mtime > ORPHANED.total_seconds()]
    named = set(Report.objects.filter(folder__in=[path.name for path in old]).values_list("folder", flat=True))
    _remove([path.name for path in old if path.name not in named])


def plan_reports(community: Community, *, weekday: int, languages: Collection[str]) -> None:
    """No language: no weekly report."""
    wanted = {"weekday": weekday, "languages": sorted(languages, reverse=True)}
    ReportPlan.objects.update_or_create(community=community, defaults=wanted)
