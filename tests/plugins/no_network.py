"""A test that opens a socket to another machine, or asks for its address, fails; also where the code swallows the refusal."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

_AT_HOME = {"localhost", "", None}


class Reached(RuntimeError):
    """A test tried to leave this machine."""


def is_home(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in _AT_HOME:
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def stays_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    tried: list[str] = []

    def check(host: object) -> None:
        if not is_home(host):
            tried.append(str(host))
            raise Reached(f"this test wants to reach {host!s}: pass the network in, and a pretended one here")

    def guarded(name: str) -> Any:
        real = getattr(socket.socket, name)

        def call(self: socket.socket, *arguments: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6}:
                check(arguments[-1][0])
            return real(self, *arguments)

        return call

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, guarded(name))
    real_lookup = socket.getaddrinfo

    def lookup(host: Any, *arguments: Any, **named: Any) -> Any:
        check(host)
        return real_lookup(host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    yield
    if tried:
        pytest.fail(f"this test wanted to reach {', '.join(sorted(set(tried)))}")
