"""Reads of this room, for itself and the floors above."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from huoqun.console import rules
from huoqun.console.models import Export, OneTimeLink, Staff


def accounts() -> QuerySet[Staff]:
    return Staff.objects.all()


def link(token: str) -> OneTimeLink | None:
    return OneTimeLink.objects.select_related("staff").filter(digest=rules.digest(token)).first()


def link_is(found: OneTimeLink | None, *, now: datetime) -> rules.LinkIs:
    if found is None:
        return rules.LinkIs.UNKNOWN
    return rules.link_is(expires_at=found.expires_at, used_at=found.used_at, active=found.staff.is_active, now=now)


def exports() -> QuerySet[Export]:
    return Export.objects.select_related("by")
