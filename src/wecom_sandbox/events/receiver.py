"""An address which listens: checking it with an echo, and posting one sealed body to it."""

from __future__ import annotations

import http.client
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

from wecom_sandbox.crypto import Lock, aes_key
from wecom_sandbox.events.style import Style

Connection = http.client.HTTPConnection


@dataclass(frozen=True)
class Receiver:
    """One app's callback address, and how it wants things spelled."""

    url: str
    lock: Lock
    agent_id: str
    style: Style = field(default_factory=Style)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"a callback address begins with http:// or https:// and names a host, not {self.url!r}")
        aes_key(self.lock.encoding_aes_key)

    def connect(self, timeout: float) -> Connection:
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        return kind(parts.hostname or "", parts.port, timeout=timeout)

    def target(self, **query: str) -> str:
        parts = urlsplit(self.url)
        signed = urlencode(query, quote_via=quote, safe="")
        return f"{parts.path or '/'}?{parts.query + '&' if parts.query else ''}{signed}"


@dataclass(frozen=True)
class Sealed:
    """A body ready to travel and the words it is signed with; sending it again sends the same."""

    body: bytes
    msg_signature: str
    timestamp: str
    nonce: str
    content_type: str


@dataclass(frozen=True)
class Answer:
    """What came back from one attempt: a status, or none and why."""

    status: int | None
    trouble: str
    seconds: float
    body: bytes = b""

    @property
    def fine(self) -> bool:
        return self.status == 200


_LOST = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError, http.client.CannotSendRequest)


class Line:
    """A kept connection to one receiver. Not for two threads at once."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self._connection: Connection | None = None

    def post(self, sealed: Sealed, *, timeout: float) -> Answer:
        """One attempt. A connection the other side closed while idle is made anew: that is not an attempt."""
        began = time.monotonic()
        used = self._connection is not None
        try:
            return self._answer(sealed, timeout, began)
        except _LOST as lost:
            self.close()
            if not used:
                return _no_answer(lost, began)
        except (OSError, http.client.HTTPException) as trouble:
            self.close()
            return _no_answer(trouble, began)
        return self.post(sealed, timeout=timeout)

    def _answer(self, sealed: Sealed, timeout: float, began: float) -> Answer:
        connection = self._ready(timeout)
        target = self.receiver.target(msg_signature=sealed.msg_signature, timestamp=sealed.timestamp, nonce=sealed.nonce)
        connection.request("POST", target, sealed.body, {"Content-Type": sealed.content_type})
        response = connection.getresponse()
        body = response.read(4096)
        if not response.isclosed() or response.will_close:
            self.close()
        return Answer(response.status, "", time.monotonic() - began, body)

    def _ready(self, timeout: float) -> Connection:
        if self._connection is None:
            self._connection = self.receiver.connect(timeout)
        if self._connection.sock is not None:
            self._connection.sock.settimeout(timeout)
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _no_answer(trouble: Exception, began: float) -> Answer:
    return Answer(None, f"{type(trouble).__name__}: {trouble}", time.monotonic() - began)


def check_echo(receiver: Receiver, *, now: Callable[[], float], timeout: float = 5.0) -> str:
    """Ask the address to open an echo, as the platform does when it is saved; "" or what is wrong, in words."""
    word = str(secrets.randbelow(10**19)).rjust(19, "1")
    timestamp, nonce = str(int(now())), secrets.token_hex(8)
    echo = receiver.lock.encrypt(word)
    target = receiver.target(
        msg_signature=receiver.lock.sign(timestamp, nonce, echo), timestamp=timestamp, nonce=nonce, echostr=echo
    )
    connection = receiver.connect(timeout)
    try:
        connection.request("GET", target)
        response = connection.getresponse()
        return _judged(response.status, response.read(4096), word)
    except (OSError, http.client.HTTPException) as trouble:
        return f"the address does not answer: {type(trouble).__name__}: {trouble}"
    finally:
        connection.close()


def _judged(status: int, body: bytes, word: str) -> str:
    if status != 200:
        return f"the address answered {status}, not 200"
    if body != word.encode():
        return f"the address answered {body[:80]!r}, not the bare opened text of {len(word)} characters"
    return ""
