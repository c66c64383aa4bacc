"""Huoqun connected to the sandbox: its front door on a port of this machine, its worker taken step by step."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import connections

from huoqun.carriers.registry import hearing_for
from huoqun.carriers.wecom.models import Corp
from huoqun.carriers.wecom.operations import companies
from huoqun.carriers.wecom.tests.sandbox import Sandbox
from huoqun.community.models import Community
from huoqun.config.wsgi import application
from huoqun.inbox.loop import Loop
from huoqun.outbox.loop import Sender
from huoqun.wiring.hearing import Ears
from huoqun.wiring.subscriptions import SUBSCRIPTIONS
from huoqun.wiring.worker import connected

PATIENCE = 20.0
"""Seconds until something that should happen is held not to."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def _answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    """A server thread ends with its call, so its connection does too."""
    try:
        return application(environ, start_response)
    finally:
        connections.close_all()


@contextmanager
def front_door() -> Iterator[str]:
    """The address of the whole house."""
    server = make_server("127.0.0.1", 0, _answer, server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _now() -> datetime:
    return datetime.now(UTC)


class House:
    """The worker's steps, taken until what is waited for is so."""

    def __init__(self, sandbox: Sandbox, community: Community, corp: Corp) -> None:
        self.sandbox, self.community, self.corp = sandbox, community, corp
        self._ears = Ears(hearing_for, clock=_now)
        self._loop = Loop(SUBSCRIPTIONS, clock=_now)
        self._sender = Sender(connected, clock=_now)

    def until(self, so: Callable[[], Any], what: str) -> Any:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            busy = [self._ears.round(), self._loop.round(), self._sender.round()]
            if found := so():
                return found
            time.sleep(0 if any(busy) else 0.05)
        raise AssertionError(f"{what}: not within {PATIENCE:.0f} s")


@contextmanager
def connected_house(sandbox: Sandbox, community: Community, address: str) -> Iterator[House]:
    """The company connected, its callbacks checked with an echo and coming in."""
    told = sandbox.json
    said = companies.Described(
        name="栀野生活", api=sandbox.base_url, agentid=told["apps"][0]["agentid"], app_secret=told["apps"][0]["secret"],
        contact_secret=told["contact_secret"], archive_secret=told["archive_secret"],
        callback_token=told["callback_token"], callback_key=told["encoding_aes_key"],
    )  # fmt: skip
    corp = companies.connect(community.slug, told["corpid"], said, now=_now())
    companies.listen(corp, now=_now())
    saved = sandbox.control("callback", {"url": f"{address}/hooks/wecom/{corp.hook}"})
    assert saved["saved"], saved
    yield House(sandbox, community, corp)
