"""Erasing a person: the database at once, history by a long job."""

from __future__ import annotations

from datetime import datetime

from huoqun.history.operations import erase_people
from huoqun.jobs import operations as jobs
from huoqun.jobs.run import Run
from huoqun.vocabulary.facts import PersonErased
from huoqun.vocabulary.log import Batch


def ask_for_erasure(batch: Batch, *, now: datetime) -> None:
    """A person is gone from the database: have their messages taken out of history too."""
    for stored in batch:
        if isinstance(stored.what, PersonErased):
            arguments = {"community": stored.what.community, "people": [int(key) for key in stored.what.people]}
            jobs.ask("erase", arguments, key=str(stored.position), by=None, now=now)


def run_erasure(run: Run) -> None:
    """Deletes the rows and the old files that held them. May be repeated."""
    gone = erase_people(run.arguments["people"], community=run.arguments["community"])
    run.report(gone, gone)
