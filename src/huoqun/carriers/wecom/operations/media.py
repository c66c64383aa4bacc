"""Pictures that WeCom has been sent."""

from __future__ import annotations

from datetime import datetime

from huoqun.carriers.wecom.models import Corp, Media


def keep(corp: Corp, upload_id: str, use: Media.Use, value: str, *, now: datetime) -> None:
    Media.objects.update_or_create(corp=corp, upload_id=upload_id, use=use, defaults={"value": value, "sent_at": now})
