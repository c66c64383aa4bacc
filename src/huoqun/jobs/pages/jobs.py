"""Long work: what runs, what waits, what failed and can be gone on with."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huoqun.console.figures import percent_words
from huoqun.console.lists import Action, Choice, Column, Empty, ListPage
from huoqun.console.models import Role
from huoqun.console.permissions import staff_of
from huoqun.console.templatetags.console import state
from huoqun.jobs import operations
from huoqun.jobs.models import Job, State

KINDS = {
    "import": gettext_lazy("Import"),
    "undo_import": gettext_lazy("Undo an import"),
    "audit": gettext_lazy("Audit"),
    "daily_audits": gettext_lazy("Audit everything, daily"),
    "report": gettext_lazy("Report"),
    "weekly_reports": gettext_lazy("Ask for weekly reports, daily"),
    "another_version": gettext_lazy("Runs take another version of a playbook"),
    "new_voices": gettext_lazy("What is planned is said in another voice"),
    "move_steps": gettext_lazy("A step of a playbook comes at another time"),
    "broadcast": gettext_lazy("Ask for a broadcast's messages"),
    "trial_outlook": gettext_lazy("Work out what a fair test could show"),
    "trial_draw": gettext_lazy("Deal the lots of a fair test"),
    "trial_reading": gettext_lazy("Read what a fair test showed"),
    "erase": gettext_lazy("Erase a person from history"),
    "history_upkeep": gettext_lazy("Keep history in order, daily"),
    "tidy": gettext_lazy("Tidy up, daily"),
    "sync": gettext_lazy("Read a live account from end to end"),
    "nightly_syncs": gettext_lazy("Look for what was missed, daily"),
}


def kind_words(job: Job) -> str:
    return str(KINDS.get(job.kind, job.kind))


def what_went_wrong(job: Job) -> str:
    """What staff may read; the traceback stays in the database for developers."""
    if job.state != State.FAILED:
        return ""
    words = _("An error nobody expected. Go on with it once; if it fails again, report it with this number: %(id)s.")
    return job.error or words % {"id": job.pk}


def progress(job: Job) -> str:
    share = job.share
    return percent_words(share) if share is not None and job.is_open else ""


def _mark(job: Job) -> SafeString:
    return state(job.state, job.get_state_display())


def go_on(rows: QuerySet[Job], request: HttpRequest, values: dict[str, Any]) -> str:
    ended = list(rows.filter(state__in=[State.FAILED, State.CANCELLED])[:100])
    for job in ended:
        operations.resume(job, by=staff_of(request), now=timezone.now())
    words = ngettext("%(number)d job goes on.", "%(number)d jobs go on.", len(ended))
    return words % {"number": len(ended)}


def cancel(rows: QuerySet[Job], request: HttpRequest, values: dict[str, Any]) -> str:
    there = [job for job in rows[:100] if job.is_open]
    for job in there:
        operations.cancel(job, now=timezone.now())
    words = ngettext("%(number)d job is being cancelled.", "%(number)d jobs are being cancelled.", len(there))
    return words % {"number": len(there)}


class JobList(ListPage):
    """Jobs speak of all communities, so this page is the administrators'."""

    title = gettext_lazy("Long jobs")
    lead = gettext_lazy("Imports, audits and erasures. A job whose process died is taken up again within a minute.")
    roles = (Role.ADMIN,)
    order = "-asked"
    export_name = "jobs"
    nothing = Empty(gettext_lazy("No long job yet."))
    columns = (
        Column(name="id", label=gettext_lazy("Number"), value="pk", sort="pk", number=True),
        Column(name="kind", label=gettext_lazy("Kind"), value=kind_words, sort="kind"),
        Column(name="key", label=gettext_lazy("Of what"), wide_only=True),
        Column(name="state", label=gettext_lazy("State"), sort="state", value=lambda job: job.get_state_display(), cell=_mark),
        Column(name="progress", label=gettext_lazy("Progress"), value=progress, number=True),
        Column(name="wrong", label=gettext_lazy("What went wrong"), value=what_went_wrong),
        Column(name="asked", label=gettext_lazy("Asked"), value="asked_at", sort="asked_at"),
        Column(name="finished", label=gettext_lazy("Ended"), value="finished_at", sort="finished_at", wide_only=True),
    )
    filters = (
        Choice(name="state", label=gettext_lazy("State"), options=State.choices),
        Choice(name="kind", label=gettext_lazy("Kind"), options=list(KINDS.items())),
    )
    actions = (
        Action(name="go_on", label=gettext_lazy("Go on"), run=go_on),
        Action(name="cancel", label=gettext_lazy("Cancel"), run=cancel, confirm=gettext_lazy("Cancel the ticked jobs?")),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Job]:
        return Job.objects.defer("detail")
