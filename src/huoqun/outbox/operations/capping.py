"""How often one person or group may be disturbed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from huoqun.console.models import Staff
from huoqun.outbox.models import OrganisationCap, Request
from huoqun.outbox.rules.paces import Caps
from huoqun.outbox.rules.states import State, Why


def set_caps(community: str, caps: Caps, *, by: Staff | None, now: datetime) -> OrganisationCap:
    """Community "": for every community without its own."""
    values = {"member_day": caps.member_day, "member_week": caps.member_week, "group_day": caps.group_day}
    with transaction.atomic():
        row, _new = OrganisationCap.objects.update_or_create(
            community=community, defaults={**values, "changed_at": now, "changed_by": by}
        )
        _look_again(community, now)
    return row


def drop_caps(community: str, *, now: datetime) -> bool:
    """From now on what holds for every community holds here too. False where it had none of its own."""
    with transaction.atomic():
        gone, _by_model = OrganisationCap.objects.filter(community=community).delete()
        _look_again(community, now)
    return gone > 0


def _look_again(community: str, now: datetime) -> None:
    """What an earlier cap put off, by days perhaps, is judged by the new one; never before its own time."""
    put_off = Request.objects.filter(state=State.WAITING, waits_for__in=[Why.MEMBER_CAP, Why.GROUP_CAP])
    theirs = put_off.filter(community=community) if community else put_off
    theirs.update(next_try_at=Greatest(F("not_before"), now))
