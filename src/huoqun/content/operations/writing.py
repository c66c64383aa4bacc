"""Drafts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.content.models import Broadcast
from huoqun.content.operations.keeping import delete_files
from huoqun.content.operations.locking import locked_draft

WRITTEN = (
    "title",
    "text",
    "link_url",
    "link_title",
    "link_description",
    "to",
    "questions",
    "view_name",
    "send_at",
    "spread_minutes",
    "quiet_from",
    "quiet_to",
)
"""What whoever writes it says; the rest says itself."""


def write(home: Community, *, by: Staff, now: datetime, **fields: Any) -> Broadcast:
    """A new draft. Raises TypeError for a field that is not written by hand."""
    _check(fields)
    return Broadcast.objects.create(community=home, written_by=by, written_at=now, **fields)


def rewrite(broadcast: Broadcast, **fields: Any) -> Broadcast:
    """Raises NotADraft once it was sent."""
    _check(fields)
    with transaction.atomic():
        draft = locked_draft(broadcast)
        for name, value in fields.items():
            setattr(draft, name, value)
        draft.save(update_fields=list(fields))
    return draft


def discard(broadcast: Broadcast) -> None:
    """A draft goes, with its pictures. Raises NotADraft once it was sent."""
    with transaction.atomic():
        draft = locked_draft(broadcast)
        uploads = list(draft.pictures.values_list("upload_id", flat=True))
        draft.delete()
        transaction.on_commit(lambda: delete_files(uploads))


def _check(fields: dict[str, Any]) -> None:
    if strange := fields.keys() - set(WRITTEN):
        raise TypeError(f"not written by hand: {', '.join(sorted(strange))}")
