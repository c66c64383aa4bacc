"""One exchange with the far side: bytes out, bytes back, and the two ways in which none come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

import httpx

from huoqun.carriers.base import CutOff, Unreachable

LONGEST_CONNECT = 5.0
LARGEST = 64 * 1024 * 1024
"""Bytes of an answer. Nothing that WeCom sends in one piece is larger."""


class Ticks(Protocol):
    """Seconds that only ever grow."""

    def __call__(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Sending:
    """A request as it goes out, but for the token."""

    method: str
    path: str
    query: Mapping[str, str]
    content: bytes | None = None
    files: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Got:
    content: bytes
    headers: httpx.Headers


class Wire:
    """Carries requests to one address. May be used by several threads at once."""

    def __init__(self, http: httpx.Client, api: str, *, ticks: Ticks = monotonic) -> None:
        self._http, self._api, self._ticks = http, api.rstrip("/"), ticks

    def exchange(self, sending: Sending, *, until: float, **query: str) -> Got:
        """Ends by `until`. Raises Unreachable where surely nothing was done, CutOff where it may be. Neither has an address in
        its words, as addresses have tokens.
        """
        left = until - self._ticks()
        if left <= 0:
            raise Unreachable("there was no time left to call WeCom")
        try:
            return self._exchange(sending, query, left, until)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as broke:
            raise Unreachable(f"WeCom cannot be reached ({type(broke).__name__})") from None
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError) as wrong:
            raise Unreachable(f"the address of WeCom's interface is not one ({type(wrong).__name__})") from None
        except httpx.HTTPError as broke:
            raise CutOff(f"the line to WeCom broke ({type(broke).__name__})") from None

    def _exchange(self, sending: Sending, query: Mapping[str, str], left: float, until: float) -> Got:
        request = self._http.build_request(
            sending.method,
            f"{self._api}/cgi-bin/{sending.path}",
            params={**sending.query, **query},
            content=sending.content,
            files=sending.files,
            headers={"Content-Type": "application/json"} if sending.content is not None else None,
            timeout=httpx.Timeout(left, connect=min(left, LONGEST_CONNECT), pool=min(left, LONGEST_CONNECT)),
        )
        response = self._http.send(request, stream=True)
        try:
            _look_at(response)
            return Got(self._body(response, until), response.headers)
        finally:
            response.close()

    def _body(self, response: httpx.Response, until: float) -> bytes:
        """A far side that sends a byte now and then keeps every single wait short: the whole is watched as well."""
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if self._ticks() > until:
                raise CutOff("WeCom took too long to answer")
            if size > LARGEST:
                raise CutOff("WeCom's answer is larger than any it should give")
        return b"".join(parts)


def _look_at(response: httpx.Response) -> None:
    """WeCom answers 200 also when it says no: anything else comes from something on the way to it."""
    status = response.status_code
    if status in {200, 206}:
        return
    if status == 503 or status < 500:
        raise Unreachable(f"something on the way to WeCom answered {status}")
    raise CutOff(f"WeCom, or something on the way to it, answered {status}")
