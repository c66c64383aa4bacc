"""Access tokens: one a company and door, fetched by one process at a time and used by all."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from huoqun.carriers.base import Unreachable
from huoqun.carriers.wecom.errors import Kind, WeComError
from huoqun.carriers.wecom.models import Corp, Door, Token

from . import token_rows
from .wire import Ticks

SLACK = timedelta(seconds=60)
"""So long before its end a token is no longer used: a call made now may arrive a little later."""
LEASE = timedelta(seconds=15)
"""How long the others wait for whoever fetches one. Longer than fetching may take."""
POLL = 0.05
REMEMBERED = timedelta(seconds=60)
"""For so long a refused secret is not tried again: WeCom shuts out for an hour who tries wrong ones too often."""


@dataclass(frozen=True, slots=True)
class Fresh:
    value: str
    lasts: timedelta


Fetch = Callable[[Door], Fresh]
"""Asks WeCom for a token. Raises WeComError, Unreachable, CutOff."""


class Tokens(Protocol):
    def valid(self, door: Door, *, until: float, unlike: str = "") -> str:
        """A token that should be good for a while; not `unlike`, which WeCom has just refused. Raises as `Fetch` does."""


@dataclass(frozen=True, slots=True)
class _Held:
    value: str
    expires_at: datetime

    def good(self, now: datetime, unlike: str) -> bool:
        return bool(self.value) and self.value != unlike and self.expires_at > now + SLACK


class OwnTokens:
    """Of a company that is not kept yet, as while it is being connected: fetched for oneself."""

    def __init__(self, fetch: Fetch, *, now: Callable[[], datetime]) -> None:
        self._fetch, self._now = fetch, now
        self._held: dict[Door, _Held] = {}

    def valid(self, door: Door, *, until: float, unlike: str = "") -> str:
        held = self._held.get(door)
        if held is None or not held.good(self._now(), unlike):
            fresh = self._fetch(door)
            held = self._held[door] = _Held(fresh.value, self._now() + fresh.lasts)
        return held.value


class SharedTokens:
    """Of a company that is kept: whoever needs a new token claims the row, the others wait for what comes of it."""

    def __init__(
        self, corp: Corp, fetch: Fetch, *, now: Callable[[], datetime], sleep: Callable[[float], None], ticks: Ticks
    ) -> None:
        self._corp, self._fetch = corp, fetch
        self._now, self._sleep, self._ticks = now, sleep, ticks
        self._me = secrets.token_hex(8)
        self._held: dict[Door, _Held] = {}

    def valid(self, door: Door, *, until: float, unlike: str = "") -> str:
        held = self._held.get(door)
        if held is None or not held.good(self._now(), unlike):
            held = self._held[door] = self._from_the_row(door, until, unlike)
        return held.value

    def _from_the_row(self, door: Door, until: float, unlike: str) -> _Held:
        while True:
            row = token_rows.row_of(self._corp, door)
            if (held := _held(row)) and held.good(self._now(), unlike):
                return held
            if token_rows.claim(row, by=self._me, lasts=LEASE, now=self._now()):
                return self._renewed(row, unlike)
            if self._ticks() >= until:
                raise Unreachable("another process was fetching a new access token for too long")
            self._sleep(POLL)

    def _renewed(self, row: Token, unlike: str) -> _Held:
        """Holding the claim. Somebody may have finished between our look and it."""
        try:
            row.refresh_from_db()
            if (held := _held(row)) and held.good(self._now(), unlike):
                return held
            fresh = self._fetch(Door(row.door))
            held = _Held(fresh.value, self._now() + fresh.lasts)
            token_rows.keep(row, held.value, held.expires_at)
            return held
        finally:
            token_rows.let_go(row, by=self._me)


def _held(row: Token) -> _Held | None:
    return _Held(row.value, row.expires_at) if row.value and row.expires_at else None


class Refusals:
    """Secrets that WeCom has just refused, by a fingerprint of theirs: they are not tried again at once."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[datetime, WeComError]] = {}

    def look(self, corpid: str, secret: str, *, now: datetime) -> None:
        """Raises the refusal while it is remembered."""
        until, error = self._until.get(_fingerprint(corpid, secret), (now, None))
        if error is not None and now < until <= now + REMEMBERED:
            raise WeComError(error.code, error.told)

    def remember(self, corpid: str, secret: str, error: WeComError, *, now: datetime) -> None:
        if error.kind in {Kind.TOKEN, Kind.STOP, Kind.CALLER} and error.code != 60020:
            self._until[_fingerprint(corpid, secret)] = now + REMEMBERED, error


def _fingerprint(corpid: str, secret: str) -> str:
    return hashlib.sha256(f"{corpid}\n{secret}".encode()).hexdigest()


REFUSALS = Refusals()
"""This process's."""
