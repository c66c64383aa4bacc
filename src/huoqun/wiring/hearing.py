"""Ears: every live account is asked what is new, and what it tells is kept in the log."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction

from huoqun.carriers import operations as carriers
from huoqun.carriers.base import Barred, CutOff, Hearing, Received, Unreachable, Unreadable
from huoqun.carriers.models import Connection
from huoqun.carriers.registry import NoCarrier, hearing_for
from huoqun.carriers.rules import EVERY, TURN, Dice, wait_after
from huoqun.carriers.troubles import NOBODY, NOT_KEPT, UNEXPECTED, UNREACHABLE
from huoqun.inbox.errors import NotStorable
from huoqun.inbox.operations import store
from huoqun.vocabulary.events import Event
from huoqun.vocabulary.ids import Account

Hearings = Callable[[Account], Hearing]
"""Raises NoCarrier."""


class ForeignEvent(ValueError):
    """A carrier told something of another account: to keep it might show one community what belongs to another."""

    def __init__(self, event: Event, account: Account) -> None:
        super().__init__(f"{account} told {event.source_id!r} of {event.account}: mend the carrier's receive")


class Ears:
    """One step of the worker; any number of workers may take it at once, each asking another account."""

    def __init__(
        self,
        hearings: Hearings = hearing_for,
        *,
        clock: Callable[[], datetime],
        dice: Dice = random.random,
    ) -> None:
        self._hearings = hearings
        self._clock = clock
        self._dice = dice
        self._open: dict[Account, Hearing] = {}

    def round(self) -> bool:
        """Ask the account whose turn it is. True if there was one: others may be waiting."""
        now = self._clock()
        connection = carriers.take_turn(now=now, until=now + TURN)
        if connection is None:
            return False
        self._listen(connection)
        return True

    def _listen(self, connection: Connection) -> None:
        try:
            self._keep(connection, self._hearing(connection.account).receive(connection.cursor))
        except (Unreachable, CutOff):
            self._fail(connection, UNREACHABLE)
        except Barred as barred:
            self._fail(connection, str(barred))
        except NoCarrier:
            self._fail(connection, NOBODY)
        except DatabaseError:
            # Ours, not the carrier's: nothing was kept, and when this turn is over it is asked again.
            raise
        except Exception:
            # A mistake in one carrier must not pass for silence; the others are heard all the same.
            self._fail(connection, UNEXPECTED)
            raise

    def _hearing(self, account: Account) -> Hearing:
        if account not in self._open:
            self._open[account] = self._hearings(account)
        return self._open[account]

    def _keep(self, connection: Connection, received: Received) -> None:
        """Events, unreadable records and the cursor in one transaction: after a crash it is as if nobody had asked."""
        now = self._clock()
        wait = timedelta(0) if received.more else min(received.wait or EVERY, EVERY)
        with transaction.atomic():
            strange = _kept(_own(received, connection.account), connection.account, now=now)
            strange += [record for record in received.records if isinstance(record, Unreadable)]
            carriers.keep_strange(connection, strange)
            carriers.heard(connection, received.cursor, wait=wait, now=now)

    def _fail(self, connection: Connection, trouble: str) -> None:
        wait = wait_after(connection.failures, self._dice)
        carriers.not_heard(connection, trouble, wait=wait, now=self._clock())


def _own(received: Received, account: Account) -> list[Event]:
    events = [record for record in received.records if isinstance(record, Event)]
    for event in events:
        if event.account != account:
            raise ForeignEvent(event, account)
    return events


def _kept(events: Sequence[Event], account: Account, *, now: datetime) -> list[Unreadable]:
    """Keep what can be kept. What cannot does not hold up the rest: it is given back, to be looked at."""
    refused: list[Unreadable] = []
    while True:
        try:
            store(events, now=now)
        except NotStorable as problem:
            refused += [_refused(event, account) for event in events if event.source_id == problem.source_id]
            events = [event for event in events if event.source_id != problem.source_id]
        else:
            return refused


def _refused(event: Event, account: Account) -> Unreadable:
    return Unreadable(file=str(account), line=None, field="", problem=NOT_KEPT, raw=repr(event)[:4000])
