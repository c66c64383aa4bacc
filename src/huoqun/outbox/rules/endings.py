"""What becomes of a request when a call has ended, one way or another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from huoqun.carriers.base import LONGEST_CALL, Ability, CutOff, Unreachable
from huoqun.outbox.rules.states import State, Why
from huoqun.vocabulary.outcomes import Failed, NeedsHand, Outcome, Refused, Sent, TryLater, Unknown, Waiting

Dice = Callable[[], float]
"""A number from 0 to below 1."""

Ending = Outcome | CutOff | Unreachable

LEASE = LONGEST_CALL + timedelta(seconds=10)
"""Seen in another worker's hands for so long, that worker is held to be dead: no call of its can still be on the way."""

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)

LOOKS = (LONGEST_CALL, timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
"""When the carrier is asked what became of a call that was cut off, each after the one before."""

SHORTEST_WAIT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Effect:
    """What is written down."""

    state: State
    reason: str = ""
    next_try_at: datetime | None = None
    waits_for: Why = Why.NOT
    message_id: str = ""
    link: str = ""
    reached: int | None = None
    failed: tuple[Failed, ...] = ()
    looks: int = 0
    rests: bool = False
    """The account itself is in trouble: nothing more is tried through it for a while."""
    reached_nobody: bool = False
    """Surely nobody was disturbed, so the places under the organisation's caps are given back."""

    in_doubt: bool | None = None
    """Whether it may be done though it is to be sent again. None: as before."""
    quietly: bool = False
    """Nothing has changed for the room that asked."""
    staff_id: str = ""
    """The colleague it waits for."""
    confirmed: bool = False
    """They have confirmed it."""

    @property
    def is_news(self) -> bool:
        """Told to the room that asked."""
        return not self.quietly and self.state not in {State.WAITING, State.LEASED, State.HELD}


def wait_after(attempts: int, dice: Dice) -> timedelta:
    """Longer and longer, and never in step with others: half of it is chance."""
    whole: timedelta = min(FIRST_WAIT * 2 ** min(max(attempts, 1) - 1, 20), LONGEST_WAIT)
    return whole * (0.5 + dice() / 2)


def effect_of(ending: Ending, ability: Ability, *, attempts: int, now: datetime, dice: Dice) -> Effect:
    """`attempts`: calls so far, this one included."""
    match ending:
        case Sent(message_id=message_id, link=link, reached=reached, failed=failed):
            return Effect(State.SENT, message_id=message_id, link=link, reached=reached, failed=failed)
        case Waiting(message_id=message_id, reason=reason, staff_id=staff_id):
            # Asked how it stands for the first time after LOOKS[0]; `operations` add until when it is waited for.
            again = now + LOOKS[0]
            return Effect(State.CONFIRMING, reason, again, message_id=message_id, staff_id=staff_id, in_doubt=False)
        case Refused(reason=reason):
            return Effect(State.REFUSED, reason, reached_nobody=True)
        case NeedsHand(reason=reason):
            return Effect(State.HANDED, reason)
        case TryLater(after=after, reason=reason):
            later = now + max(after, SHORTEST_WAIT)
            return Effect(State.WAITING, reason, later, Why.CARRIER, reached_nobody=True)
        case Unreachable():
            again = now + wait_after(attempts, dice)
            return Effect(State.WAITING, str(ending), again, Why.UNREACHABLE, rests=True, reached_nobody=True)
        case Unknown(reason=reason):
            return _cut_off(reason, ability, attempts=attempts, now=now, dice=dice)
        case CutOff():
            return replace(_cut_off(str(ending), ability, attempts=attempts, now=now, dice=dice), rests=True)


def _cut_off(reason: str, ability: Ability, *, attempts: int, now: datetime, dice: Dice) -> Effect:
    if ability.repeatable:
        return Effect(State.WAITING, reason, now + wait_after(attempts, dice), Why.CUT_OFF, in_doubt=True)
    return Effect(State.UNKNOWN, reason, now + LOOKS[0] if ability.can_ask else None)


def doubted(effect: Effect, ability: Ability | None, *, now: datetime) -> Effect:
    """An earlier call was cut off and may have done it. A later "no" then says nothing about that one."""
    if effect.state not in {State.REFUSED, State.HANDED}:
        return effect
    can_ask = ability is not None and ability.can_ask
    return Effect(State.UNKNOWN, effect.reason, now if can_ask else None, in_doubt=False)


def effect_of_death(ability: Ability | None, *, begun: bool, attempts: int, now: datetime, dice: Dice) -> Effect:
    """The worker that had the request in hand is dead. Its call has long ended, if there was one."""
    if not begun or (ability is not None and ability.repeatable):
        return Effect(State.WAITING, "", now + wait_after(attempts, dice), Why.WORKER, in_doubt=begun or None)
    return Effect(State.UNKNOWN, "", now if ability is not None and ability.can_ask else None)


def effect_of_look(found: Outcome | CutOff | Unreachable | None, *, looks: int, now: datetime, dice: Dice) -> Effect:
    """The carrier was asked what became of a call. `looks`: how often it has answered that it cannot tell."""
    match found:
        case TryLater(after=after, reason=reason):
            return Effect(State.WAITING, reason, now + after, Why.CUT_OFF, in_doubt=False)
        case Sent() | Waiting() | Refused() | NeedsHand():
            return effect_of(found, NEVER_SENT, attempts=1, now=now, dice=dice)
        case CutOff() | Unreachable():
            again = now + LOOKS[min(looks + 1, len(LOOKS) - 1)]
            return Effect(State.UNKNOWN, next_try_at=again, looks=looks, quietly=True)
    asked = looks + 1
    again_at = now + LOOKS[asked] if asked < len(LOOKS) else None
    return Effect(State.UNKNOWN, next_try_at=again_at, looks=asked, quietly=True)


NEVER_SENT = Ability(how="no", why="only for endings that do not ask what the carrier can do")


def effect_of_expiry(*, in_doubt: bool, now: datetime) -> Effect:
    """Its time is over. What may have been done before is not called expired until somebody knows."""
    return Effect(State.UNKNOWN, next_try_at=now, in_doubt=False) if in_doubt else Effect(State.EXPIRED)
