"""Huoqun and the sandbox by one clock that is moved: days pass in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from huoqun.carriers.base import Carrier
from huoqun.carriers.wecom.carrier import WeCom
from huoqun.carriers.wecom.models import Corp
from huoqun.carriers.wecom.tests.sandbox import Sandbox
from huoqun.inbox.loop import Loop
from huoqun.outbox.loop import Sender
from huoqun.vocabulary.ids import Account
from huoqun.wiring.subscriptions import SUBSCRIPTIONS


@dataclass
class Day:
    """The worker's steps; every one of them at a moment both sides agree on."""

    sandbox: Sandbox
    corp: Corp
    now: datetime
    passed: float = 0.0

    def __post_init__(self) -> None:
        self._carrier = WeCom(self.corp.account, now=lambda: self.now, sleep=lambda seconds: None)
        self._sender = Sender(self._of, clock=lambda: self.now, steady=lambda: self.passed)
        self._loop = Loop(SUBSCRIPTIONS, clock=lambda: self.now)
        self._tell_the_time()

    def _of(self, account: Account) -> Carrier | None:
        return self._carrier if account == self.corp.account else None

    def goes_on(self, span: timedelta, *, step: timedelta) -> None:
        end = self.now + span
        while self.now < end:
            self.now += step
            self.passed += step.total_seconds()
            self._tell_the_time()
            self._sender.run_dry()
            while self._loop.round():
                pass

    def _tell_the_time(self) -> None:
        self.sandbox.control("clock", {"now": int(self.now.timestamp()), "stop": True})
