"""Playbooks and their versions."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.sop.errors import StillAtWork
from huoqun.sop.models import Launch, Playbook, Version
from huoqun.sop.playbooks.plain import plain
from huoqun.sop.playbooks.playbook import Playbook as Book


@transaction.atomic
def keep(book: Book, community: Community | None, *, by: Staff | None, now: datetime, note: str = "") -> Version:
    """As a new version of the playbook with its short name; as the latest one where nothing is different."""
    found = Playbook.objects.select_for_update().get_or_create(
        community=community, name=book.name, defaults={"title": book.title[:120], "made_at": now}
    )
    playbook = found[0]
    latest = playbook.versions.order_by("-number").first()
    written = plain(book)
    if latest is not None and latest.plain == written:
        return latest
    if playbook.title != book.title[:120] or playbook.archived_at:
        playbook.title, playbook.archived_at = book.title[:120], None
        playbook.save(update_fields=["title", "archived_at"])
    number = latest.number + 1 if latest else 1
    return Version.objects.create(playbook=playbook, number=number, plain=written, note=note[:200], made_at=now, made_by=by)


@transaction.atomic
def archive(playbook: Playbook, *, now: datetime) -> None:
    """It is not offered any more; versions and runs stay. Done again, nothing changes. Raises StillAtWork."""
    row = Playbook.objects.select_for_update().get(pk=playbook.pk)
    if there := Launch.objects.filter(version__playbook=row).exclude(state=Launch.State.ENDED).count():
        raise StillAtWork(there)
    if row.archived_at is None:
        row.archived_at = now
        row.save(update_fields=["archived_at"])


def unarchive(playbook: Playbook) -> None:
    Playbook.objects.filter(pk=playbook.pk).update(archived_at=None)


def roll_back(version: Version, *, by: Staff | None, now: datetime) -> Version:
    """An earlier version is the latest again: as a new one, so that nothing that was is lost."""
    return keep(version.book, version.playbook.community, by=by, now=now, note=f"= {version.number}")
