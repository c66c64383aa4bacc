"""Erasing a person: the database at once, history by a long job."""

from __future__ import annotations

from datetime import datetime

import duckdb

from huoqun.community.models import Community
from huoqun.community.queries import erased_keys
from huoqun.history.operations import erase_people
from huoqun.history.store import Store, open_store
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


def sweep(store: Store | None = None) -> int:
    """Takes out what slipped into history beside an erasure, because a process died between writing and looking again. Returns
    how many rows went; nearly always none.
    """
    store = store or open_store()
    slugs = Community.objects.filter(erased__isnull=False).distinct().values_list("slug", flat=True)
    return sum(_sweep(store, slug) for slug in slugs)


def _sweep(store: Store, community: str) -> int:
    people = erased_keys(community)
    with duckdb.connect() as con:
        con.execute("CREATE TABLE erased AS SELECT UNNEST(CAST(? AS BIGINT[])) AS person", [sorted(people)])
        store.relation(con, community=community).create_view("told")
        left = con.execute("SELECT 1 FROM told SEMI JOIN erased ON author_key = person LIMIT 1").fetchall()
    return store.erase(people, community) if left else 0
