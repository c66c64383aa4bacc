"""One account of the pretended carrier."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from huoqun.carriers.base import LONGEST_CALL, Asked, CutOff, Manifest, Received, Unreachable
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.outcomes import NeedsHand, Outcome, Refused, Sent, TryLater, Waiting

from .errors import outcome_of
from .manifest import MANIFEST
from .receive import read
from .send import TO_CONFIRM, WITHDRAWN, call_for, milliseconds, outcome_for
from .world.deeds import FINDABLE
from .world.news import PAGE
from .world.words import Call, LineBroke, NotDone, Shut
from .world.world import World

PATIENCE = LONGEST_CALL.total_seconds() - 10
"""Seconds until a slow call is given up."""


class Pretend:
    """`now` is the time in which it is played, `sleep` how it waits there: real ones, or a fast clock's."""

    def __init__(
        self, world: World, account: Account, *, now: Callable[[], datetime], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.world, self.account = world, account
        self._now, self._sleep = now, sleep

    @property
    def manifest(self) -> Manifest:
        return MANIFEST

    def send(self, asked: Asked) -> Outcome:
        return self.send_many([asked])[0]

    def send_many(self, asked: Sequence[Asked]) -> list[Outcome]:
        outcomes = {place: outcome for place, each in enumerate(asked) if (outcome := self._plain_answer(each))}
        sendable = [place for place in range(len(asked)) if place not in outcomes]
        if sendable:
            calls = [Call(asked[place].key, *call_for(asked[place].action)) for place in sendable]
            outcomes.update(zip(sendable, self._called(calls), strict=True))
        return [outcomes[place] for place in range(len(asked))]

    def look_up(self, asked: Asked) -> Outcome | None:
        if self._plain_answer(asked) or call_for(asked.action)[0] not in FINDABLE:
            return None
        with _told_as_a_carrier():
            reply = self.world.find(asked.key)
        return outcome_for(reply) if reply else TryLater(after=timedelta(0), reason="")

    def follow(self, asked: Sequence[Asked]) -> list[Outcome | None]:
        return [self._after_task(lambda errand: self.world.errand(errand, at=self._clock()), asked)] * len(asked)

    def withdraw(self, asked: Sequence[Asked]) -> list[Outcome | None]:
        return [self._after_task(lambda errand: self.world.end_errand(errand, "withdrawn"), asked)] * len(asked)

    def remind(self, asked: Asked) -> Outcome:
        try:
            with _told_as_a_carrier():
                self.world.remind(asked.message_id, at=self._clock())
        except NotDone as turned_away:
            return outcome_of(turned_away.reply())
        return Sent(message_id=asked.message_id)

    def _after_task(self, ask: Callable[[str], str], asked: Sequence[Asked]) -> Outcome:
        task = asked[0].message_id
        try:
            with _told_as_a_carrier():
                ended = ask(task)
        except NotDone as turned_away:
            return outcome_of(turned_away.reply())
        match ended:
            case "done":
                return Sent(message_id=task)
            case "withdrawn":
                return Refused(reason=WITHDRAWN)
        return Waiting(message_id=task, reason=TO_CONFIRM)

    def receive(self, since: str) -> Received:
        try:
            news = self.world.news(int(since or 0), at=self._clock())
        except Shut as shut:
            raise Unreachable("the pretended carrier is not answering") from shut
        cursor = max((seq for seq, _ in news), default=int(since or 0))
        return Received(
            records=tuple(read(seq, payload, self.account) for seq, payload in news),
            cursor=str(cursor),
            more=len(news) >= PAGE,
        )

    def _clock(self) -> int:
        return milliseconds(self._now())

    def _plain_answer(self, asked: Asked) -> Outcome | None:
        """For what is not sent at all: a hand, or a plain no."""
        if asked.action.account != self.account:
            raise ValueError(f"{asked.key} is for {asked.action.account}, not for {self.account}")
        ability = MANIFEST.ability(asked.action)
        match ability.how:
            case "hand":
                return NeedsHand(reason=ability.why)
            case "no":
                return Refused(reason=ability.why)
        return None

    def _called(self, calls: Sequence[Call]) -> list[Outcome]:
        with _told_as_a_carrier():
            replies = self.world.call(calls, clock=self._clock, patience=PATIENCE, sleep=self._sleep)
        return [outcome_for(reply) for reply in replies]


@contextmanager
def _told_as_a_carrier() -> Iterator[None]:
    try:
        yield
    except Shut as shut:
        raise Unreachable("the pretended carrier is not answering") from shut
    except LineBroke as broke:
        raise CutOff("the line to the pretended carrier broke") from broke
