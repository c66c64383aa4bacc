"""How often one person or group may be disturbed."""

from __future__ import annotations

from datetime import datetime

from huoqun.console.models import Staff
from huoqun.outbox.models import OrganisationCap
from huoqun.outbox.rules.paces import Caps


def set_caps(community: str, caps: Caps, *, by: Staff | None, now: datetime) -> OrganisationCap:
    """Community "": for every community without its own."""
    values = {"member_day": caps.member_day, "member_week": caps.member_week, "group_day": caps.group_day}
    row, _new = OrganisationCap.objects.update_or_create(
        community=community, defaults={**values, "changed_at": now, "changed_by": by}
    )
    return row
