"""The ways of a request."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    WAITING = "waiting"
    """For its time, a free place in the pace, or the next try."""
    LEASED = "leased"
    """A worker has it in hand at this moment."""
    HELD = "held"
    """Somebody stopped this one; it goes on when somebody says so."""
    UNKNOWN = "unknown"
    """The call was cut off and may not be repeated: it is done or not."""
    CONFIRMING = "confirming"
    """The carrier has it; it takes effect when a colleague has confirmed it there, or when time has passed."""
    HANDED = "handed"
    """A person does it."""
    SENT = "sent"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


STOPPABLE = (State.WAITING, State.HELD, State.HANDED)
"""Here somebody can still cancel. What is leased is on its way; what waits for a confirmation is taken back by the carrier."""

SETTLED = (State.SENT, State.REFUSED, State.EXPIRED, State.CANCELLED)

LATE = timedelta(minutes=5)


class Why(StrEnum):
    """Why a request waits though its time has come."""

    NOT = ""
    QUIET = "quiet"
    PACE = "pace"
    MEMBER_CAP = "member_cap"
    GROUP_CAP = "group_cap"
    CARRIER = "carrier"
    """The carrier said: later."""
    UNREACHABLE = "unreachable"
    CUT_OFF = "cut_off"
    """A call was cut off and may be repeated."""
    WORKER = "worker"
    """The worker that had it in hand died."""
    NO_CARRIER = "no_carrier"


def is_late(state: str, not_before: datetime, now: datetime) -> bool:
    return state in {State.WAITING, State.LEASED} and not_before < now - LATE
