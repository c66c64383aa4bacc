"""The thin client: a token for each door, a budget, one retry where the token was refused, and errors that say what to do.

Everything it raises is WeComError (the answer is no), Unreachable (surely nothing was done) or CutOff (it may be done); none of
their words has a token or a secret in it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import httpx
import msgspec
from django.conf import settings

from huoqun.carriers.base import CutOff, Unreachable
from huoqun.carriers.wecom.errors import NOT_TRUSTED_IP, OK, TOO_MANY_AT_ONCE, TOO_OFTEN, Kind, WeComError
from huoqun.carriers.wecom.models import Corp, Door

from .answers import Answer, T
from .budget import BUDGET, Budget
from .pace import Pace
from .quiet import hush_the_loggers, hushed
from .tokens import REFUSALS, Fresh, OwnTokens, Refusals, SharedTokens, Tokens
from .wire import Got, Sending, Ticks, Wire

PATIENCE = 20.0
"""Seconds until a call is given up, waiting for a token and trying again included. Below LONGEST_CALL."""
TRIES = 3
"""How often a question is asked at most: it changes nothing."""
PAUSES = (0.3, 1.0)
LONGEST_PAUSE = 5.0
"""A question that has to wait longer than that is not asked again here: whoever asked knows better what to do meanwhile."""
AT_ONCE = 16
WHEN_BUSY = 2.0
"""Seconds after "busy" or "too many at once", of which WeCom does not say how long they last."""

Trouble = WeComError | Unreachable | CutOff


class _Token(Answer):
    access_token: str = ""
    expires_in: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file."""

    content: bytes
    name: str
    kind: str
    """As the far side calls it: "image/png"."""


def _real_time() -> datetime:
    return datetime.now(UTC)


class Client:
    """Calls in the name of one company. May be used by one thread at a time; `post_many` and `ask_many` have threads inside,
    which do not touch the database. Paths are written without "/cgi-bin/".
    """

    def __init__(
        self,
        corp: Corp,
        *,
        http: httpx.Client,
        now: Callable[[], datetime] = _real_time,
        sleep: Callable[[float], None] = time.sleep,
        ticks: Ticks = time.monotonic,
        budget: Budget = BUDGET,
        refusals: Refusals = REFUSALS,
    ) -> None:
        self.corp, self.now, self.sleep = corp, now, sleep
        self._wire, self._ticks = Wire(http, corp.api, ticks=ticks), ticks
        self._budget, self._refusals = budget, refusals
        self._whose = f"{corp.api} {corp.corpid}"
        self._until: float | None = None
        self._pace = None if corp.pk is None else Pace(self._whose, budget, now=now)
        self._tokens: Tokens = (
            OwnTokens(self.fresh_token, now=now)
            if corp.pk is None
            else SharedTokens(corp, self.fresh_token, now=now, sleep=sleep, ticks=ticks)
        )

    def get(self, path: str, into: type[T] = Answer, *, door: Door = Door.APP, **query: str | int) -> T:  # type: ignore[assignment]
        """A question. It changes nothing and is asked again where it was cut off or WeCom is busy."""
        return self._question(Sending("GET", path, _plain(query)), into, door)

    def get_once(self, path: str, into: type[T], *, door: Door = Door.APP, **query: str | int) -> T:
        """A question whose answer is given once only."""
        return self._with_token(Sending("GET", path, _plain(query)), into, door, self._deadline())

    def ask(self, path: str, body: Mapping[str, Any], into: type[T] = Answer, *, door: Door = Door.APP) -> T:  # type: ignore[assignment]
        """A question that has a body."""
        return self._question(_posting(path, body), into, door)

    def post(self, path: str, body: Mapping[str, Any], into: type[T] = Answer, *, door: Door = Door.APP) -> T:  # type: ignore[assignment]
        """Changes something, once: sent again only where WeCom refused the token, so that nothing was done."""
        return self._with_token(_posting(path, body), into, door, self._deadline())

    def post_many(
        self, path: str, bodies: Sequence[Mapping[str, Any]], into: type[T], *, door: Door = Door.APP, at_once: int = AT_ONCE
    ) -> list[T | Trouble]:
        """`post`, several at the same time; how each ended, in their order. Raises only where no token could be had."""
        return self._many([_posting(path, body) for body in bodies], into, door, at_once, self._once)

    def ask_many(
        self, path: str, bodies: Sequence[Mapping[str, Any]], into: type[T], *, door: Door = Door.APP, at_once: int = AT_ONCE
    ) -> list[T | Trouble]:
        """`ask`, several at the same time."""
        return self._many([_posting(path, body) for body in bodies], into, door, at_once, self._patiently)

    def get_many(
        self,
        path: str,
        queries: Sequence[Mapping[str, str | int]],
        into: type[T],
        *,
        door: Door = Door.APP,
        at_once: int = AT_ONCE,
    ) -> list[T | Trouble]:
        """`get`, several at the same time."""
        return self._many([Sending("GET", path, _plain(query)) for query in queries], into, door, at_once, self._patiently)

    def upload(
        self, path: str, into: type[T], *, name: str, content: bytes, mime: str, door: Door = Door.APP, **query: str
    ) -> T:
        """A file under the field name WeCom wants."""
        sending = Sending("POST", path, query, files={"media": (name, content, mime)})
        return self._with_token(sending, into, door, self._deadline())

    def fetch(self, path: str, *, door: Door = Door.APP, **query: str) -> Fetched:
        """A file. Raises WeComError where an answer came in place of one."""
        until = self._deadline()
        sending = Sending("GET", path, query)
        token = self._token(door, until)
        try:
            return self._file(sending, token, until)
        except WeComError as refusal:
            if refusal.kind is not Kind.TOKEN:
                raise
        return self._file(sending, self._token(door, until, unlike=token), until)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Everything inside has ended by then."""
        before, self._until = self._until, self._ticks() + seconds
        try:
            yield
        finally:
            self._until = before

    def fresh_token(self, door: Door) -> Fresh:
        """A token straight from WeCom, for whoever wants to know whether the secret is right; others use the calls above."""
        secret = self.corp.secret(door)
        self._refusals.look(self.corp.corpid, secret, now=self.now())
        sending = Sending("GET", "gettoken", {"corpid": self.corp.corpid, "corpsecret": secret})
        try:
            token = self._checked(
                self._wire.exchange(sending, until=min(self._deadline(), self._ticks() + 10)), _Token, sending
            )
        except WeComError as error:
            self._refusals.remember(self.corp.corpid, secret, error, now=self.now())
            raise
        if not token.access_token:
            raise CutOff("WeCom's answer has no access token")
        return Fresh(token.access_token, timedelta(seconds=token.expires_in or 7200))

    def _token(self, door: Door, until: float, *, unlike: str = "") -> str:
        """Without one nothing else was called yet: what breaks off here has surely done nothing."""
        try:
            return self._tokens.valid(door, until=until, unlike=unlike)
        except CutOff as cut:
            raise Unreachable(f"no access token could be had: {cut}") from None

    def _deadline(self) -> float:
        end = self._ticks() + PATIENCE
        return end if self._until is None else min(end, self._until)

    def _question(self, sending: Sending, into: type[T], door: Door) -> T:
        return self._with_token(sending, into, door, self._deadline(), self._patiently)

    def _with_token(
        self,
        sending: Sending,
        into: type[T],
        door: Door,
        until: float,
        call: Callable[[Sending, type[T], str, float], T] | None = None,
    ) -> T:
        call = call or self._once
        with self._in_step(sending.path):
            token = self._token(door, until)
            try:
                return call(sending, into, token, until)
            except WeComError as refusal:
                if refusal.kind is not Kind.TOKEN:
                    raise
            return call(sending, into, self._token(door, until, unlike=token), until)

    @contextmanager
    def _in_step(self, path: str) -> Iterator[None]:
        """With what the other processes call."""
        if self._pace is None:
            yield
            return
        self._pace.before(path)
        try:
            yield
        finally:
            self._pace.after(path)

    def _many(
        self,
        sendings: Sequence[Sending],
        into: type[T],
        door: Door,
        at_once: int,
        call: Callable[[Sending, type[T], str, float], T],
    ) -> list[T | Trouble]:
        if not sendings:
            return []
        with self._in_step(sendings[0].path):
            return self._all(sendings, into, door, at_once, call)

    def _all(
        self,
        sendings: Sequence[Sending],
        into: type[T],
        door: Door,
        at_once: int,
        call: Callable[[Sending, type[T], str, float], T],
    ) -> list[T | Trouble]:
        until = self._deadline()

        def sent(token: str, some: Sequence[Sending]) -> list[T | Trouble]:
            return _at_once(lambda sending: call(sending, into, token, until), some, at_once)

        token = self._token(door, until)
        ended = sent(token, sendings)
        refused = [place for place, end in enumerate(ended) if isinstance(end, WeComError) and end.kind is Kind.TOKEN]
        if refused:
            try:
                again = sent(self._token(door, until, unlike=token), [sendings[place] for place in refused])
            except (WeComError, Unreachable) as trouble:  # of these alone: the others are done
                again = [trouble] * len(refused)
            for place, end in zip(refused, again, strict=True):
                ended[place] = end
        return ended

    def _patiently(self, sending: Sending, into: type[T], token: str, until: float) -> T:
        for pause in PAUSES:
            try:
                return self._once(sending, into, token, until)
            except (WeComError, Unreachable, CutOff) as trouble:
                wait = _pause_after(trouble, pause)
                if wait is None or self._ticks() + wait >= until:
                    raise
            self.sleep(wait)
        return self._once(sending, into, token, until)

    def _once(self, sending: Sending, into: type[T], token: str, until: float) -> T:
        return self._checked(self._exchange(sending, token, until), into, sending, token)

    def _exchange(self, sending: Sending, token: str, until: float) -> Got:
        if wait := self._budget.take(self._whose, sending.path, now=self.now()):
            raise WeComError(TOO_OFTEN, "our own count", wait=wait.total_seconds())
        return self._wire.exchange(sending, until=until, access_token=token)

    def _checked(self, got: Got, into: type[T], sending: Sending, token: str = "") -> T:
        try:
            answer = _read(got.content, into)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise CutOff(f"WeCom's answer to {sending.path} cannot be read") from None
        if isinstance(answer, into) and answer.errcode == OK:
            return answer
        raise self._refusal(answer, sending, token)

    def _refusal(self, answer: Answer, sending: Sending, token: str) -> WeComError:
        told = hushed(answer.errmsg, (token, self.corp.app_secret, self.corp.contact_secret, self.corp.archive_secret))[:400]
        if answer.errcode == TOO_OFTEN:
            wait = self._budget.close(self._whose, sending.path, now=self.now())
            return WeComError(TOO_OFTEN, told, wait=wait.total_seconds())
        busy = answer.errcode in {-1, TOO_MANY_AT_ONCE}
        return WeComError(answer.errcode, told, wait=WHEN_BUSY if busy else None)

    def _file(self, sending: Sending, token: str, until: float) -> Fetched:
        got = self._exchange(sending, token, until)
        kind = got.headers.get("Content-Type", "")
        if "json" in kind or "text/plain" in kind or got.content[:12].lstrip()[:10] == b'{"errcode"':
            self._checked(got, Answer, sending, token)
        return Fetched(got.content, _file_name(got.headers.get("Content-Disposition", "")), kind)


def _read(content: bytes, into: type[T]) -> T | Answer:
    """Raises DecodeError where it is neither what was asked for nor a plain no."""
    try:
        return msgspec.json.decode(content, type=into, strict=False)
    except msgspec.ValidationError:
        # One that says no lacks what the others have.
        answer = msgspec.json.decode(content, type=Answer, strict=False)
        if answer.errcode == OK:
            raise
        return answer


def _posting(path: str, body: Mapping[str, Any]) -> Sending:
    return Sending("POST", path, {}, msgspec.json.encode(body))


def _plain(query: Mapping[str, str | int]) -> dict[str, str]:
    return {name: str(value) for name, value in query.items()}


def _pause_after(trouble: Trouble, pause: float) -> float | None:
    """How long to wait before a question is asked again; None: asking again is no use."""
    if not isinstance(trouble, WeComError):
        return pause
    if trouble.kind is not Kind.BUSY or trouble.code == NOT_TRUSTED_IP:
        return None
    wait = pause if trouble.wait is None else trouble.wait
    return wait if wait <= LONGEST_PAUSE else None


def _at_once(call: Callable[[Sending], T], sendings: Sequence[Sending], at_once: int) -> list[T | Trouble]:
    def ended(sending: Sending) -> T | Trouble:
        try:
            return call(sending)
        except (WeComError, Unreachable, CutOff) as trouble:
            return trouble

    if len(sendings) == 1 or at_once == 1:
        return [ended(sending) for sending in sendings]
    with ThreadPoolExecutor(min(at_once, len(sendings)), thread_name_prefix="wecom") as threads:
        return list(threads.map(ended, sendings))


def _file_name(disposition: str) -> str:
    message = Message()
    message["Content-Disposition"] = disposition
    return unquote(message.get_filename() or "")


@lru_cache(maxsize=4)
def _pool(process: int, proxy: str) -> httpx.Client:
    """Connections, kept open for a short while: the next call is often right behind, and a stale one looks like a cut."""
    hush_the_loggers()
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=5)
    return httpx.Client(limits=limits, proxy=proxy or None, trust_env=False, follow_redirects=False)


def client_for(corp: Corp, *, now: Callable[[], datetime] = _real_time, sleep: Callable[[float], None] = time.sleep) -> Client:
    """Ready to call, through connections that this process shares."""
    return Client(corp, http=_pool(os.getpid(), settings.WECOM_PROXY), now=now, sleep=sleep)
