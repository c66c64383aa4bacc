"""The door at which carriers knock: /hooks/<carrier>/<hook>, answered without the machinery of pages.

Carriers wait a few seconds and deliver again, so that nothing is done here but to make sure who it is and to keep what came.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from django.db import DatabaseError, InterfaceError, connection

from huoqun.carriers.hooks import Hook, Query, TurnedAway
from huoqun.carriers.registry import hook_for
from huoqun.inbox import turnstile

log = logging.getLogger(__name__)

ADDRESS = "/hooks/"
PATIENCE = 0.05
"""Seconds. The embedded database has one writer at a time; a call that would have to wait longer is put by."""

LONGEST = 1_000_000
"""Bytes. No carrier says so much at once."""

Environ = dict[str, Any]
StartResponse = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    body: bytes = b""
    allowed: str = ""


OK = "200 OK"
NOT_YOU = Answer("403 Forbidden", b"turned away")
NO_SUCH = Answer("404 Not Found", b"nobody is called here")
TOO_LONG = Answer("413 Content Too Large", b"too long")
NOT_SO = Answer("405 Method Not Allowed", b"", "GET, POST")
NOT_NOW = Answer("503 Service Unavailable", b"not now: deliver again")


class Hooks:
    """A WSGI application."""

    def __init__(self, hook_for: Callable[[str, str], Hook | None], *, now: Callable[[], datetime]) -> None:
        self._hook_for, self._now = hook_for, now

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._answer(environ)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(answer.body)))]
        if answer.allowed:
            headers.append(("Allow", answer.allowed))
        start_response(answer.status, headers)
        return [answer.body]

    def _answer(self, environ: Environ) -> Answer:
        if environ["REQUEST_METHOD"] not in {"GET", "POST"}:
            return NOT_SO
        body = _body(environ)
        if body is None:
            return TOO_LONG
        try:
            return self._taken(environ, body)
        except (DatabaseError, InterfaceError):
            # A connection that has died is seen only when it is used; a fresh one may do.
            connection.close()
        try:
            return self._taken(environ, body)
        except (DatabaseError, InterfaceError):
            log.exception("a carrier's call could not be kept; it is asked to deliver it again")
            connection.close()
            return NOT_NOW

    def _taken(self, environ: Environ, body: bytes) -> Answer:
        carrier, _, name = environ["PATH_INFO"].removeprefix(ADDRESS).strip("/").partition("/")
        hook = self._hook_for(carrier, name)
        if hook is None:
            return NO_SUCH
        query = _query(environ.get("QUERY_STRING", ""))
        try:
            if environ["REQUEST_METHOD"] == "GET":
                return Answer(OK, hook.greet(query, now=self._now()))
            return Answer(OK, self._kept(hook, query, body))
        except TurnedAway as turned_away:
            log.warning("a call at %s%s was turned away: %s", ADDRESS, carrier, turned_away)
            return NOT_YOU

    def _kept(self, hook: Hook, query: Query, body: bytes) -> bytes:
        """Whoever writes meanwhile, however long: the carrier has its answer at once."""
        if not hook.is_behind():
            with suppress(turnstile.Busy), turnstile.ahead_within(PATIENCE):
                return hook.take(query, body, now=self._now())
        return hook.put_by(query, body, now=self._now())


def _body(environ: Environ) -> bytes | None:
    """None where it is too long. Of a question it is not read: some servers would wait for one that never comes."""
    if environ["REQUEST_METHOD"] == "GET":
        return b""
    told = environ.get("CONTENT_LENGTH") or ""
    length = int(told) if told.isdecimal() else None
    if length is not None and length > LONGEST:
        return None
    reader = environ["wsgi.input"]
    body: bytes = reader.read(LONGEST + 1 if length is None else length)
    return None if len(body) > LONGEST else body


def _query(text: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in text.split("&") if pair)
    return {unquote(name): unquote(value) for name, _, value in pairs}


def _real_time() -> datetime:
    return datetime.now(UTC)


application = Hooks(hook_for, now=_real_time)
