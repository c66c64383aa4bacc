"""Reports are made by jobs: on demand, and every week where a community wants them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from huoqun.community.models import Community, Group
from huoqun.console.models import Staff
from huoqun.jobs import operations as jobs
from huoqun.jobs.errors import CannotGoOn, TryLater
from huoqun.jobs.models import Job
from huoqun.jobs.queries import latest
from huoqun.jobs.run import Run

from . import queries
from .models import Audit, GroupHealth, Report, ReportPlan
from .operations import reports
from .report import documents, snapshots, writing
from .report.blocks import Document
from .report.result import audit_of
from .report_rules import due, tells_since

KIND = "report"


def ask_weekly(community: Community, language: str, *, by: Staff, now: datetime) -> Job:
    arguments = {"community": community.slug, "kind": Report.Kind.WEEKLY, "language": language}
    return _ask(arguments, key=f"{community.slug}/weekly/{language}", by=by, now=now)


def ask_check_up(group: Group, language: str, *, by: Staff, now: datetime) -> Job:
    arguments = {"community": group.community.slug, "kind": Report.Kind.CHECK_UP, "group": group.pk, "language": language}
    return _ask(arguments, key=f"{group.community.slug}/group/{group.pk}/{language}", by=by, now=now)


def _ask(
    arguments: Mapping[str, object], *, key: str, by: Staff | None, now: datetime, not_before: datetime | None = None
) -> Job:
    # The folder is chosen when the report is asked for, so that a job done twice makes one report.
    told = {**arguments, "folder": reports.new_folder()}
    return jobs.ask(KIND, told, key=key, by=by, now=now, not_before=not_before)


def run_weekly_reports(run: Run) -> None:
    """Job `weekly_reports`, once a day: asks for the reports due before the next day's check. Done twice, it asks once."""
    now = run.now()
    for plan in ReportPlan.objects.exclude(languages=[]).select_related("community"):
        found = due(plan.weekday, now, ZoneInfo(plan.community.zone))
        if found is None:
            continue
        day, from_when = found
        for language in plan.languages:
            key = f"{plan.community.slug}/weekly/{language}/{day}"
            arguments = {
                "community": plan.community.slug,
                "kind": Report.Kind.WEEKLY,
                "language": language,
                "weekday": plan.weekday,
            }
            if latest(KIND, key) is None:
                _ask(arguments, key=key, by=None, now=now, not_before=from_when)
    for community in Community.objects.filter(reports__isnull=False).distinct():
        reports.clean(community, now=now)
    reports.sweep(now=now)


def run_report(run: Run) -> None:
    """Job `report`: `community`, `kind`, `language`, `folder`, and `group` for a check-up. Done twice, it makes one report."""
    told, begun = run.arguments, run.now()
    community = Community.objects.get(slug=told["community"])
    if reports.made_in(told["folder"]) or not _still_wanted(community, told.get("weekday"), told["language"]):
        return
    language, group = told["language"], _group(community, told.get("group"))
    with translation.override(_reader(run)):
        audit = _audit(community)
        health = _health(audit, group) if group else None
    run.report(1, 3, "reading")
    whole, forwarded = _check_up(health, language) if health else _weekly(audit, language)
    run.report(2, 3, "writing")
    made = writing.write(reports.FOLDER / told["folder"], whole, forwarded, made_at=begun)
    try:
        reports.keep(
            community,
            kind=Report.Kind(told["kind"]),
            group=group,
            language=language,
            as_of=audit.as_of,
            folder=told["folder"],
            made=made,
            by=run.job.asked_by,
            begun=begun,
            now=run.now(),
        )
    except reports.SomebodyErased as erased:
        raise TryLater(timedelta(minutes=1)) from erased
    run.report(3, 3, "")


def _still_wanted(community: Community, weekday: int | None, language: str) -> bool:
    """A planned report is not made where the plan was changed meanwhile; one that somebody asked for is."""
    if weekday is None:
        return True
    plan = ReportPlan.objects.filter(community=community).first()
    return plan is not None and plan.weekday == weekday and language in plan.languages


def _reader(run: Run) -> str:
    """Whoever asked reads what went wrong."""
    return run.job.asked_by.language if run.job.asked_by else run.arguments["language"]


def _group(community: Community, pk: int | None) -> Group | None:
    return Group.objects.select_related("community", "operator").get(community=community, pk=pk) if pk else None


def _audit(community: Community) -> Audit:
    audit = queries.latest_audit(community)
    if audit is None:
        raise CannotGoOn(_("There is no audit yet: import chat history first, then make the report."))
    return audit


def _health(audit: Audit, group: Group) -> GroupHealth:
    rows = GroupHealth.objects.select_related("audit", "group__community", "group__operator")
    health = rows.filter(audit=audit, group=group).first()
    if health is None:
        raise CannotGoOn(_("This group has not been audited yet. Make the report after the next audit."))
    return health


def _weekly(audit: Audit, language: str) -> tuple[Document, Document]:
    mine = Report.objects.filter(community=audit.community, kind=Report.Kind.WEEKLY, as_of__lt=audit.as_of)
    last = mine.order_by("-as_of").values_list("as_of", flat=True).first()
    read = audit_of(snapshots.portfolio(audit, since=tells_since(audit.as_of, last)))
    return documents.weekly(read, language), documents.picture(read, language)


def _check_up(health: GroupHealth, language: str) -> tuple[Document, Document]:
    told = snapshots.check_up(health, language=language)
    return documents.check_up(told, language), documents.check_up_picture(told, language)
