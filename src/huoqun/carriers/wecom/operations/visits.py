"""Round trips to WeCom's page that asks who somebody is. Each state is good for one return, for a short while."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from huoqun.carriers.wecom.models import Corp, Visit
from huoqun.console.models import Staff

GOOD_FOR = timedelta(minutes=10)
"""Their code is good for five; looking for the phone takes a while too."""

FORGOTTEN = timedelta(days=1)


class VisitOver(Exception):
    """Nobody set out with this state, it has been used, or it was too long ago: begin again."""


def set_out(corp: Corp, *, onward: str, staff: Staff | None, now: datetime) -> str:
    """The state to come back with. `staff`: who is signed in and wants to come in this way from now on."""
    state = secrets.token_urlsafe(32)
    Visit.objects.filter(begun_at__lt=now - FORGOTTEN).delete()
    Visit.objects.create(corp=corp, digest=_digest(state), staff=staff, onward=onward[:2000], begun_at=now)
    return state


def come_back(state: str, *, now: datetime) -> Visit:
    """The visit, used up by this. Raises VisitOver; of two who come back at once one gets it."""
    fresh = Visit.objects.filter(digest=_digest(state), used_at=None, begun_at__gt=now - GOOD_FOR, begun_at__lte=now)
    if not fresh.update(used_at=now):
        raise VisitOver
    return Visit.objects.select_related("corp", "staff").get(digest=_digest(state))


def _digest(state: str) -> str:
    # Long and random: a fast hash cannot be searched backwards.
    return hashlib.sha256(state.encode()).hexdigest()
