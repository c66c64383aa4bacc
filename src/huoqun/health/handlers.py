"""What health does when something happened: it audits again, or forgets."""

from __future__ import annotations

from datetime import datetime

from huoqun.community.models import Community
from huoqun.jobs import operations as jobs
from huoqun.vocabulary.facts import HistoryImported, HouseChanged, ImportUndone, PersonErased
from huoqun.vocabulary.log import Batch

from . import long_work, operations
from .operations import reports

MAKES_FIGURES_STALE = (HistoryImported, ImportUndone, HouseChanged, PersonErased)


def audit_again(batch: Batch, *, now: datetime) -> None:
    """Asks for an audit of every community whose figures are out of date."""
    stale = {entry.what.community for entry in batch if isinstance(entry.what, MAKES_FIGURES_STALE)}
    for slug in sorted(stale):
        # The position makes it a new job even if one is running: that one may have read before this happened.
        jobs.ask("audit", {"community": slug}, key=f"{slug}/{batch.version}", by=None, now=now)


def forget_erased(batch: Batch, *, now: datetime) -> None:
    """Takes erased people out of snapshots and day-book, and deletes the reports made before: any may name them."""
    people: dict[str, set[int]] = {}
    for entry in batch:
        if isinstance(entry.what, PersonErased):
            people.setdefault(entry.what.community, set()).update(entry.what.people)
    for community in Community.objects.filter(slug__in=people):
        operations.forget_people(community, people[community.slug])
        reports.forget(community)
        long_work.desk().book(community).forget()
