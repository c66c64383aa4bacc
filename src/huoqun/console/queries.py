"""Reads of this room, for itself and the floors above."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from huoqun.console import rules
from huoqun.console.models import Export, OneTimeLink, Passport, Staff


def accounts() -> QuerySet[Staff]:
    return Staff.objects.all()


def link(token: str) -> OneTimeLink | None:
    return OneTimeLink.objects.select_related("staff").filter(digest=rules.digest(token)).first()


def link_is(found: OneTimeLink | None, *, now: datetime) -> rules.LinkIs:
    if found is None:
        return rules.LinkIs.UNKNOWN
    return rules.link_is(expires_at=found.expires_at, used_at=found.used_at, active=found.staff.is_active, now=now)


def passport(issuer: str, native_id: str) -> Passport | None:
    """What opens an account that may sign in."""
    shown = Passport.objects.filter(issuer=issuer, native_id=native_id, staff__is_active=True)
    return shown.select_related("staff").first()


def passports() -> QuerySet[Passport]:
    return Passport.objects.select_related("staff").order_by("issuer", "staff__username")


def exports() -> QuerySet[Export]:
    return Export.objects.select_related("by")
