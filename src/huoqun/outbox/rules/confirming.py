"""What waits for a colleague: when the carrier is asked how it stands, when they are reminded, when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from huoqun.carriers.base import Confirmation
from huoqun.outbox.rules.endings import Effect, Ending
from huoqun.outbox.rules.quiet import QuietHours, first_allowed
from huoqun.outbox.rules.states import State
from huoqun.vocabulary.outcomes import NeedsHand, Refused, Sent, Waiting

FOLLOWS = tuple(timedelta(minutes=each) for each in (1, 2, 5, 10, 20, 30, 60))
"""When the carrier is asked how it stands, each after the one before; then on and on as the last."""

REMINDERS = (timedelta(hours=4), timedelta(hours=20), timedelta(days=1))
"""When a colleague who has not confirmed is reminded without anybody asking for it, each after the one before."""

NIGHT_START, NIGHT_END = time(21), time(9)
"""Nobody is reminded at night, unless somebody says so."""

GIVEN_UP = timedelta(days=3)
"""So long after its end, if the carrier still does not say how it ended, a person looks."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a request that waits at the carrier."""

    confirm_by: datetime
    withdrawable: bool
    wanted: bool
    """Nobody has cancelled it."""
    looks: int

    def is_over(self, now: datetime) -> bool:
        return not self.wanted or now >= self.confirm_by


def confirm_by(confirmation: Confirmation, expires_at: datetime | None, *, now: datetime) -> datetime:
    """Until when it is waited for. What cannot be taken back is waited for as long as it may be confirmed."""
    end = now + confirmation.within
    return min(end, expires_at) if expires_at is not None and confirmation.can_withdraw else end


def night(zone: str) -> QuietHours:
    return QuietHours(NIGHT_START, NIGHT_END, zone)


UNSAID = Confirmation(within=timedelta(days=7), as_of=date(2026, 11, 22), source="for carriers that say nothing about it")


def next_reminder(told: Confirmation, reminded: int, zone: str, *, now: datetime) -> datetime | None:
    """None: not without being asked."""
    if not told.reminders or reminded >= len(REMINDERS):
        return None
    return first_allowed(now + REMINDERS[reminded], night(zone))


def next_follow(standing: Standing, *, now: datetime) -> datetime:
    """Sooner at first, and at its end at the latest."""
    later = now + FOLLOWS[min(standing.looks, len(FOLLOWS) - 1)]
    return later if standing.is_over(now) else min(later, standing.confirm_by)


def effect_of_follow(found: Ending | None, standing: Standing, *, withdrawn: bool, now: datetime) -> Effect:
    """The carrier was asked how it stands, or (`withdrawn`) to take it back."""
    over = standing.is_over(now)
    match found:
        case Sent(message_id=message_id, link=link, reached=reached, failed=failed):
            return Effect(State.SENT, message_id=message_id, link=link, reached=reached, failed=failed, confirmed=True)
        case Refused(reason=reason) if withdrawn:
            return Effect(State.EXPIRED if standing.wanted else State.CANCELLED, reason)
        case Refused(reason=reason):
            return Effect(State.REFUSED, reason)
        case NeedsHand(reason=reason):
            return Effect(State.HANDED, reason)
        case _ if over and now >= standing.confirm_by + GIVEN_UP:
            return Effect(State.UNKNOWN)
        case Waiting() if over and not standing.withdrawable:
            # Nobody can confirm it any more, and nobody did.
            return Effect(State.EXPIRED)
    return Effect(State.CONFIRMING, next_try_at=next_follow(standing, now=now), looks=standing.looks + 1, quietly=True)
