"""Records that could not be read, from files and from live accounts."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from huoqun.carriers.base import Unreadable
from huoqun.carriers.models import BadRecord


def as_row(bad: Unreadable) -> BadRecord:
    """Not saved yet, and nobody's yet."""
    return BadRecord(
        file=bad.file[:300],
        line=bad.line,
        field=bad.field[:80],
        problem=bad.problem[:300],
        raw=bad.raw[:4000].replace("\0", "\ufffd"),
    )


def forget_mentions(community: str, native_ids: Iterable[str]) -> None:
    """Records that could not be read and name these people go: they are kept as they were, words included."""
    rows = BadRecord.objects.filter(Q(source__community=community) | Q(connection__community=community))
    for native_id in native_ids:
        rows.filter(raw__contains=native_id).delete()
