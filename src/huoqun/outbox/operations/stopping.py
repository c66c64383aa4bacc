"""The big red pause."""

from __future__ import annotations

from datetime import datetime

from huoqun.console.models import Staff
from huoqun.outbox.models import Pause


def pause(scope: Pause.Scope, value: str = "", *, by: Staff | None, now: datetime) -> Pause:
    """Nothing of it goes out any more from the next moment on (a call under way ends by itself). Pausing twice is once."""
    Pause.objects.bulk_create([Pause(scope=scope, value=value, by=by, at=now)], ignore_conflicts=True)
    return Pause.objects.get(scope=scope, value=value, lifted_at__isnull=True)


def lift(scope: Pause.Scope, value: str = "", *, by: Staff | None, now: datetime) -> bool:
    """It goes on. False where it was not paused."""
    there = Pause.objects.filter(scope=scope, value=value, lifted_at__isnull=True)
    return there.update(lifted_at=now, lifted_by=by) > 0
