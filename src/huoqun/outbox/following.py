"""One worker's part in following what waits for a colleague: asks the carrier how it stands, reminds, takes back what is over.

Nothing is sent from here, so nothing can be sent twice: a request that waits for a confirmation is with the carrier. Should the
worker die, the same is asked again later. A reminder is counted before it goes out, so that nobody gets too many of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from huoqun.carriers.base import Asked, Carrier, Confirmation, Confirming, CutOff, Unreachable
from huoqun.outbox import codec
from huoqun.outbox.models import Request
from huoqun.outbox.operations import confirming
from huoqun.outbox.operations.confirming import Task, standing
from huoqun.outbox.operations.recording import Ended, record
from huoqun.outbox.queries import is_paused
from huoqun.outbox.rules.confirming import effect_of_follow, next_reminder
from huoqun.outbox.rules.endings import Effect, Ending
from huoqun.outbox.rules.states import State
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.outcomes import Outcome, Refused, TryLater

log = logging.getLogger(__name__)

TASKS_AT_ONCE = 5
SOON = timedelta(minutes=5)
"""A reminder that did not get through is tried again after so long."""


class Follower:
    """`zone` is by whose clock it is night, for reminders nobody asked for."""

    def __init__(self, carrier: Callable[[Account], Carrier | None], *, clock: Callable[[], datetime], zone: str) -> None:
        self._carrier = carrier
        self._clock = clock
        self._zone = zone

    def round(self) -> bool:
        """True if anything was asked."""
        tasks = confirming.to_follow(TASKS_AT_ONCE, now=self._clock())
        for task in tasks:
            self._follow(task)
        return bool(tasks)

    def _follow(self, task: Task) -> None:
        carrier, now = self._carrier(task.account), self._clock()
        withdraws = task.is_over(now)
        answers = self._asked(carrier, task, withdraws=withdraws)
        now = self._clock()
        ends = [
            (row, effect_of_follow(found, standing(row), withdrawn=withdraws, now=now))
            for row, found in zip(task.rows, answers, strict=True)
        ]
        self._write(ends, now)
        left = tuple(row for row, effect in ends if effect.state == State.CONFIRMING)
        if left and carrier is not None and not withdraws:
            self._remind(carrier, Task(task.account, task.message_id, left), now)

    def _asked(self, carrier: Carrier | None, task: Task, *, withdraws: bool) -> Sequence[Ending | None]:
        nothing: list[Ending | None] = [None] * len(task.rows)
        asked = _asked_of(task)
        if not isinstance(carrier, Confirming) or asked is None:
            return nothing
        try:
            answers = carrier.withdraw(asked) if withdraws else carrier.follow(asked)
        except (CutOff, Unreachable):
            return nothing
        except Exception:  # a carrier that breaks while asked has told nothing: asked again later
            log.exception("%s failed while asked after %s", task.account, task.message_id)
            return nothing
        return [*answers]

    def _write(self, ends: Sequence[tuple[Request, Effect]], now: datetime) -> None:
        confirming.still_waiting(
            (row, effect.next_try_at) for row, effect in ends if effect.state == State.CONFIRMING and effect.next_try_at
        )
        over = [Ended(row, effect) for row, effect in ends if effect.state != State.CONFIRMING]
        record(over, now=now, of=(State.CONFIRMING,))

    def _remind(self, carrier: Carrier, task: Task, now: datetime) -> None:
        ability = carrier.manifest.abilities.get(task.rows[0].action)
        if ability is None or not confirming.due_reminder(task, now=now) or is_paused(task.rows[0]):
            return
        told = ability.confirmation
        if told is None or not told.reminders or not isinstance(carrier, Confirming):
            confirming.put_off_reminder(task, None, now=now, reason=NO_REMINDERS)
            return
        if (free := confirming.spend_reminder(task, told, now=now)) is not None:
            confirming.put_off_reminder(task, free, now=now)
            return
        self._write_reminder(task, told, self._reminded(carrier, task))

    def _reminded(self, carrier: Confirming, task: Task) -> Outcome:
        asked = _asked_of(task)
        try:
            return carrier.remind(asked[0]) if asked else Refused(reason=NO_REMINDERS)
        except (CutOff, Unreachable) as cut:
            return TryLater(after=SOON, reason=str(cut))
        except Exception:
            log.exception("%s failed while it reminded of %s", task.account, task.message_id)
            return TryLater(after=SOON, reason="")

    def _write_reminder(self, task: Task, told: Confirmation, ended: Outcome) -> None:
        now = self._clock()
        match ended:
            case TryLater(after=after):
                confirming.put_off_reminder(task, now + max(after, SOON), now=now)
            case Refused(reason=reason):
                confirming.put_off_reminder(task, None, now=now, reason=reason)
            case _:
                reminded = max(row.reminders for row in task.rows) + 1
                confirming.note_reminded(task, at=now, next_at=next_reminder(told, reminded, self._zone, now=now))


NO_REMINDERS = "This carrier reminds nobody."


def _asked_of(task: Task) -> list[Asked] | None:
    """None where this version cannot read what was asked."""
    try:
        return [asked_of(row) for row in task.rows]
    except msgspec.ValidationError:
        return None


def asked_of(row: Request) -> Asked:
    """Raises msgspec.ValidationError where this version cannot read what was asked."""
    action = codec.action(row.action, row.payload)
    return Asked(key=row.key, action=action, message_id=row.message_id, since=row.begun_at)
