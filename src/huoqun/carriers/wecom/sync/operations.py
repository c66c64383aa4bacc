"""How far the walk through a company has come. Each page's notes are written in the transaction that takes in its records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

from django.db.models import F, Model

from huoqun.carriers.wecom.archive.queries import forgotten
from huoqun.carriers.wecom.models import Chat, Colleague, Corp, Sync
from huoqun.vocabulary.ids import person_key
from huoqun.vocabulary.roster import Brought

from .page import ChatNote, ColleagueNote, CustomersNote, WeComPage

M = TypeVar("M", bound=Model)

KEPT = 30
"""Walks of a company that are over stay to be looked at: a month of nights."""


def take_up(corp: Corp, beginning: str, *, now: datetime) -> Sync:
    """The walk that was not finished; a new one where there is none."""
    walk = Sync.objects.filter(corp=corp).exclude(state=Sync.State.DONE).first()
    if walk is None:
        first = not Sync.objects.filter(corp=corp).exists()
        return Sync.objects.create(corp=corp, cursor=beginning, first=first, begun_at=now, moved_at=now)
    Sync.objects.filter(pk=walk.pk).update(
        state=Sync.State.RUNNING, interruptions=F("interruptions") + 1, trouble="", moved_at=now
    )
    walk.refresh_from_db()
    return walk


def keep(walk: Sync, page: WeComPage, brought: Brought, *, now: datetime) -> None:
    """Everything on the page is kept, and the walk goes on behind it."""
    _keep_colleagues(walk, page.colleagues)
    for note in page.customers:
        _keep_customers(walk, note)
    _keep_list(walk, page.listed)
    _keep_chats(walk, page.chats, page.at)
    so_far = Brought(**walk.brought) + brought
    walk.step, walk.cursor, walk.brought, walk.moved_at = page.step, page.cursor, asdict(so_far), now
    walk.trouble = page.trouble or walk.trouble
    walk.save(update_fields=["step", "cursor", "brought", "moved_at", "trouble"])


def put_down(walk: Sync, trouble: str, *, now: datetime) -> None:
    walk.state, walk.trouble, walk.moved_at = Sync.State.STOPPED, trouble[:300], now
    walk.save(update_fields=["state", "trouble", "moved_at"])


def finish(walk: Sync, *, now: datetime) -> None:
    walk.state, walk.step, walk.finished_at, walk.moved_at = Sync.State.DONE, Sync.Step.ALL, now, now
    walk.save(update_fields=["state", "step", "finished_at", "moved_at"])
    old = Sync.objects.filter(corp=walk.corp, state=Sync.State.DONE).order_by("-pk").values_list("pk", flat=True)[KEPT:]
    Sync.objects.filter(pk__in=list(old), first=False).delete()


def _keep_colleagues(walk: Sync, notes: Iterable[ColleagueNote]) -> None:
    erased = forgotten(walk.corp)
    rows = [
        Colleague(
            corp=walk.corp,
            userid=note.userid[:64],
            name=note.name[:200],
            departments=list(note.departments),
            serves=note.serves,
            listed_by=walk.pk,
        )
        for note in notes
        if person_key(walk.corp.account, note.userid) not in erased
    ]
    _write(rows, ["name", "departments", "serves", "listed_by"], ["corp", "userid"])


def _keep_customers(walk: Sync, note: CustomersNote) -> None:
    row = Colleague.objects.filter(pk=note.row)
    if note.expected is not None:
        row.update(expected=note.expected, fetched=0, nameless=0, trouble="")
    row.update(fetched=F("fetched") + note.fetched, nameless=F("nameless") + note.nameless)
    if note.done:
        row.update(read_by=walk.pk, trouble=note.trouble[:300])


def _keep_list(walk: Sync, chat_ids: Iterable[str]) -> None:
    rows = [Chat(corp=walk.corp, chat_id=chat_id[:64], listed_by=walk.pk) for chat_id in dict.fromkeys(chat_ids)]
    _write(rows, ["listed_by"], ["corp", "chat_id"])


def _keep_chats(walk: Sync, notes: Iterable[ChatNote], at: datetime) -> None:
    known = Chat.objects.in_bulk([note.row for note in notes])
    read = [note for note in notes if note.row in known]
    for note in read:
        row = known[note.row]
        row.read_by, row.trouble = walk.pk, note.trouble[:300]
        if not note.trouble:
            row.name, row.version, row.read_at = note.name[:200], note.version[:64], at
            row.members, row.nameless = note.members, note.nameless
    for row in known.values():
        row.pk = None  # found by its company and id: one statement for all, where bulk_update builds a CASE for each
    fields = ["read_by", "trouble", "name", "version", "read_at", "members", "nameless"]
    _write([known[note.row] for note in read], fields, ["corp", "chat_id"])


def _write(rows: Sequence[M], fields: list[str], by: list[str]) -> None:
    if rows:
        type(rows[0])._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=by, update_fields=fields, batch_size=1_000
        )
