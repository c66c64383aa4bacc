"""Records that could not be read, from files and from live accounts."""

from __future__ import annotations

from collections.abc import Callable, Collection

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


Forget = Callable[[str, Collection[str]], None]
"""`forget(community, native_ids)`, in the transaction in which the people go."""

_carriers_own: list[Forget] = []


def also_forget(forget: Forget) -> None:
    """A carrier that keeps rows of its own about people says, when it starts, how they go."""
    if forget not in _carriers_own:
        _carriers_own.append(forget)


def forget_mentions(community: str, native_ids: Collection[str]) -> None:
    """Records that could not be read and name these people go: they are kept as they were, words included. So does what
    carriers keep of them besides.
    """
    for forget in _carriers_own:
        forget(community, native_ids)
    rows = BadRecord.objects.filter(Q(source__community=community) | Q(connection__community=community))
    for native_id in native_ids:
        rows.filter(raw__contains=native_id).delete()
