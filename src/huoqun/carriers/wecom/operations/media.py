"""Pictures that WeCom has been sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from huoqun.carriers.wecom.models import Corp, Media


def forget(corp: Corp, upload_ids: Collection[str], *, before: datetime) -> int:
    """WeCom does not know them any more, as far as they were sent up before that time. Returns how many that were."""
    old = Media.objects.filter(corp=corp, upload_id__in=upload_ids, sent_at__lt=before).exclude(use=Media.Use.ADDRESS)
    return old.delete()[0]


def keep(corp: Corp, upload_id: str, use: Media.Use, value: str, *, now: datetime) -> None:
    Media.objects.update_or_create(corp=corp, upload_id=upload_id, use=use, defaults={"value": value, "sent_at": now})
