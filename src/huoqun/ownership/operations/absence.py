"""Who is away, who stands in, and where colleagues are reached."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.ownership.errors import AwayAlready, NotAnAbsence
from huoqun.ownership.models import Away, Contact
from huoqun.ownership.operations.handing import hand_on_absent


@transaction.atomic
def go_away(staff: Staff, *, start: datetime, end: datetime, stand_in: Staff | None, by: Staff, now: datetime) -> Away:
    """Their to-dos go to the stand-in, else to the leads, from `start` on: those they have, and those they would get.

    Raises NotAnAbsence or AwayAlready.
    """
    if end <= start or end <= now or stand_in == staff:
        raise NotAnAbsence
    # Two absences made at once must see one another.
    Staff.objects.select_for_update().get(pk=staff.pk)
    other = Away.objects.filter(staff=staff, start__lt=end, end__gt=start).first()
    if other is not None:
        raise AwayAlready(other.start, other.end)
    away = Away.objects.create(staff=staff, start=start, end=end, stand_in=stand_in, made_by=by, made_at=now)
    hand_on_absent(now=now)
    return away


def come_back(away: Away, *, now: datetime) -> None:
    """Back from now on; what has not begun is struck out. What went to others stays there."""
    if away.start >= now:
        away.delete()
    else:
        Away.objects.filter(pk=away.pk, end__gt=now).update(end=now)


def reach(staff: Staff, community: Community, *, carrier: str, account: str, native_id: str) -> Contact:
    """From now on their to-dos of this community are written to them there."""
    place = {"carrier": carrier, "account": account, "native_id": native_id}
    return Contact.objects.update_or_create(staff=staff, community=community, defaults=place)[0]


def unreach(contact: Contact) -> None:
    """Only the page tells them."""
    contact.delete()
