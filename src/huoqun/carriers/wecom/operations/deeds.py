"""What was begun under which key, written down before the call and after it. A crash between leaves a deed that is begun."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from huoqun.carriers.wecom.models import Corp, Deed

KEPT = timedelta(days=100)
"""Longer than anything is asked after."""


def begin(
    corp: Corp, kind: str, keys: Sequence[str], *, now: datetime, digest: str = "", sender: str = "", together: bool = False
) -> list[str]:
    """A call for each key, or one for all of them: their names."""
    forget_old(corp, now=now)
    shared = uuid4().hex
    calls = [shared if together else uuid4().hex for _ in keys]
    Deed.objects.bulk_create(
        Deed(corp=corp, kind=kind, key=key, call=call, digest=digest, sender=sender, begun_at=now)
        for key, call in zip(keys, calls, strict=True)
    )
    return calls


def done(corp: Corp, calls: Collection[str], *, now: datetime, message_id: str = "") -> None:
    Deed.objects.filter(corp=corp, call__in=calls).update(done_at=now, message_id=message_id)


def undone(corp: Corp, calls: Collection[str]) -> None:
    """WeCom said no, or surely never heard of it."""
    Deed.objects.filter(corp=corp, call__in=calls, done_at=None).delete()


def forget_old(corp: Corp, *, now: datetime) -> None:
    """Those that are known to be done. One of which nobody knows is not forgotten: it would be taken for never begun."""
    Deed.objects.filter(corp=corp, begun_at__lt=now - KEPT).exclude(done_at=None).delete()
