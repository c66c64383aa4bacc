"""May this request go out at this very moment?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from huoqun.outbox.rules.quiet import QuietHours, first_allowed


class Hour(StrEnum):
    COME = "come"
    NOT_YET = "not yet"
    QUIET = "quiet"
    PAST = "past"


def hour_of(not_before: datetime, expires_at: datetime | None, quiet: QuietHours | None, *, now: datetime) -> Hour:
    if expires_at is not None and expires_at <= now:
        return Hour.PAST
    if now < not_before:
        return Hour.NOT_YET
    return Hour.QUIET if quiet is not None and quiet.covers(now) else Hour.COME


def first_time(not_before: datetime, quiet: QuietHours | None) -> datetime:
    return first_allowed(not_before, quiet)
