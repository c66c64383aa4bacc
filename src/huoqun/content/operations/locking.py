"""One at a time: whoever holds the row decides."""

from __future__ import annotations

from huoqun.content.errors import NotADraft
from huoqun.content.models import Broadcast


def locked_draft(broadcast: Broadcast) -> Broadcast:
    """Its row, nobody else's until the transaction ends."""
    row = locked(broadcast.pk)
    if not row.is_draft:
        raise NotADraft
    return row


def locked(pk: int) -> Broadcast:
    return Broadcast.objects.select_for_update(of=("self",)).select_related("community", "sent_by").get(pk=pk)
