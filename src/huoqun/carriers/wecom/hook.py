"""The address WeCom calls with what happened in a company."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError

from huoqun.carriers.hooks import Query, TurnedAway
from huoqun.carriers.wecom.callbacks import operations as deliveries
from huoqun.carriers.wecom.callbacks.crypto import BadKey, Keys, Rejected
from huoqun.carriers.wecom.callbacks.envelope import echo, letter
from huoqun.carriers.wecom.callbacks.payload import Garbled
from huoqun.carriers.wecom.callbacks.spool import PutBy
from huoqun.carriers.wecom.models import Corp
from huoqun.carriers.wecom.operations import companies

T = TypeVar("T")

REMEMBERED = 30.0
"""Seconds. So long a company's keys are used without looking whether they are still the same."""

THANKS = b"success"
NOBODY = "no company is connected by this address"


@dataclass(frozen=True, slots=True)
class _Known:
    corp: Corp
    keys: Keys
    since: float


class CompanyHook:
    """Keys are remembered for a while: to read and unseal them each time would cost more than all the rest. Where they do not
    fit they are read anew before anybody is turned away, as they may just have been changed.
    """

    def __init__(self, name: str, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._name, self._ticks = name, ticks
        self._known: _Known | None = None

    @property
    def is_there(self) -> bool:
        """Whether a company is connected by this address and has keys."""
        try:
            return self._keys(anew=False) is not None
        except TurnedAway:
            return True

    def greet(self, query: Query, *, now: datetime) -> bytes:
        corp, words = self._opened(lambda keys: echo(keys, query))
        if not words.startswith(companies.OWN_ECHO):
            companies.echoed(corp, now=now)
        return words

    def take(self, query: Query, body: bytes, *, now: datetime) -> bytes:
        corp, words = self._opened(lambda keys: letter(keys, query, body))
        try:
            deliveries.keep(corp, words, now=now)
        except IntegrityError:
            if self._keys(anew=True) is None:  # taken off since its keys were remembered
                raise TurnedAway(NOBODY) from None
            raise
        return THANKS

    def is_behind(self) -> bool:
        return deliveries.SPOOL.waiting > 0

    def put_by(self, query: Query, body: bytes, *, now: datetime) -> bytes:
        corp, words = self._opened(lambda keys: letter(keys, query, body))
        deliveries.SPOOL.put(PutBy(corp.pk, words, now))
        return THANKS

    def _opened(self, open_with: Callable[[Keys], T]) -> tuple[Corp, T]:
        remembered = self._known is not None
        try:
            return self._try(open_with, anew=False)
        except Rejected as rejected:
            if not remembered:
                raise TurnedAway(str(rejected)) from rejected
        try:
            return self._try(open_with, anew=True)
        except Rejected as rejected:
            raise TurnedAway(str(rejected)) from rejected

    def _try(self, open_with: Callable[[Keys], T], *, anew: bool) -> tuple[Corp, T]:
        known = self._keys(anew=anew)
        if known is None:
            raise TurnedAway(NOBODY)
        try:
            return known.corp, open_with(known.keys)
        except Garbled as garbled:
            raise TurnedAway(str(garbled)) from garbled

    def _keys(self, *, anew: bool) -> _Known | None:
        known = self._known
        if known is None or anew or self._ticks() - known.since >= REMEMBERED:
            known = self._known = self._read()
        return known

    def _read(self) -> _Known | None:
        corp = Corp.objects.filter(hook=self._name).first()
        if corp is None:
            return None
        try:
            keys = Keys(corp.callback_token, corp.callback_key, corp.corpid)
        except BadKey as bad:
            raise TurnedAway(str(bad)) from bad
        return _Known(corp, keys, self._ticks())


class _Book:
    """The addresses this process has been called at. Only real ones are kept, so that strangers cannot fill it."""

    def __init__(self) -> None:
        self._hooks: dict[str, CompanyHook] = {}
        self._lock = threading.Lock()

    def hook(self, name: str) -> CompanyHook | None:
        hook = self._hooks.get(name)
        if hook is None:
            hook = CompanyHook(name)
            if not hook.is_there:
                return None
            with self._lock:
                hook = self._hooks.setdefault(name, hook)
        return hook


hook_called = _Book().hook
"""The company's address of this name; None where no company is connected by it."""
