"""The WSGI application: finds the call, sees to faults, callers and quotas, and puts the answer into its envelope."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from . import plugs
from .answer import Answer, Raw
from .apps import App, Right
from .calls import registry
from .calls.registry import Call
from .company import Company
from .control import registry as controls
from .errors import NoSense, Refusal, sentence
from .faults import Fault, Kind
from .request import Request

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
JSON = "application/json; charset=UTF-8"
REASONS = {
    200: "OK",
    206: "Partial Content",
    302: "Found",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    416: "Range Not Satisfiable",
}
BEFORE_THE_WORK = {Kind.SLOW, Kind.ERROR_500, Kind.CUT_BEFORE}


class Cut(Exception):
    """The server must end the connection without (the rest of) an answer."""

    def __init__(self, sent: bytes = b"") -> None:
        super().__init__("cut")
        self.sent = sent
        """What of the answer still goes out."""


class Front:
    """A plain WSGI application. Under a server which is not ours, a cut connection is an exception in the application."""

    def __init__(self, company: Company, *, sleep: Callable[[float], None] = time.sleep) -> None:
        registry.load()
        controls.load()
        plugs.load(company)
        self.company = company
        self._sleep = sleep
        self._busy: Counter[str] = Counter()
        self._busy_lock = threading.Lock()
        self._number = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = request_from(environ, trust_forwarded=self.company.settings.trust_forwarded_for)
        raw = self.answer(request)
        headers = [("Content-Type", raw.content_type), ("Content-Length", str(len(raw.body))), *raw.headers.items()]
        start_response(f"{raw.status} {REASONS.get(raw.status, 'Status')}", headers)
        return [raw.body]

    def answer(self, request: Request) -> Raw:
        if request.path.startswith("/cgi-bin/"):
            return self._interface(request)
        return self._control(request)

    # /cgi-bin/

    def _interface(self, request: Request) -> Raw:
        methods = registry.CALLS.get(request.path)
        if methods is None:
            return Raw(b"404 page not found\n", "text/plain; charset=utf-8", 404)
        with self._one_more(request.path) as room:
            return self._answered(request, methods) if room else self._refused(request, Refusal(45033))

    def _answered(self, request: Request, methods: dict[str, Call]) -> Raw:
        with self.company.lock:
            fault = self.company.faults.strike(request.path)
        if fault is not None and fault.kind in BEFORE_THE_WORK:
            if fault.kind is not Kind.SLOW:
                self.company.log.note(request, 0, 0.0, fault.kind.value)
            early = self._trouble_before(fault)
            if early is not None:
                return early
        started = time.perf_counter()
        raw, errcode = self._envelope(request, methods, fault)
        self.company.log.note(request, errcode, time.perf_counter() - started, fault.kind.value if fault else "")
        return _trouble_after(fault, raw)

    def _trouble_before(self, fault: Fault) -> Raw | None:
        if fault.kind is Kind.SLOW:
            self._sleep(fault.seconds)
            return None
        if fault.kind is Kind.CUT_BEFORE:
            raise Cut
        return Raw(b"Internal Server Error\n", "text/plain; charset=utf-8", fault.status)

    def _envelope(self, request: Request, methods: dict[str, Call], fault: Fault | None) -> tuple[Raw, int]:
        try:
            found = self._do(request, methods, fault)
        except Refusal as refusal:
            return self._refused(request, refusal), refusal.errcode
        if isinstance(found, Raw):
            return found, 0
        return _rendered({"errcode": 0, "errmsg": "ok", **(found or {})}), 0

    def _refused(self, request: Request, refusal: Refusal) -> Raw:
        self._number += 1
        text = sentence(refusal.errcode, refusal.text, ip=request.ip, now=self.company.clock.now(), number=self._number % 10)
        return _rendered({"errcode": refusal.errcode, "errmsg": text, **refusal.more})

    def _do(self, request: Request, methods: dict[str, Call], fault: Fault | None) -> Answer:
        found = methods.get(request.method)
        if found is None:
            raise Refusal(43001 if "GET" in methods else 43002)
        with self.company.lock:
            self.company.agenda.run_due()
            if found.right is not Right.OPEN:
                self._admit(request, found.right)
            self.company.quotas.spend(request.path, request.ip, found.limits)
            if fault is not None and fault.kind is Kind.ERRCODE:
                raise Refusal(fault.errcode)
            return found.do(self.company, request)

    @contextmanager
    def _one_more(self, path: str) -> Iterator[bool]:
        """Whether there is room for it beside the calls of this path that are under way."""
        with self._busy_lock:
            self._busy[path] += 1
            most = self.company.settings.concurrent_calls
            room = not most or self._busy[path] <= most
        try:
            yield room
        finally:
            with self._busy_lock:
                self._busy[path] -= 1

    def _admit(self, request: Request, right: Right) -> None:
        app = self.company.tokens.holder(request.query.get("access_token", ""))
        request.came_from(app)
        if not app.enabled:
            raise Refusal(50003)
        if not _at_a_known_address(app, request.ip):
            raise Refusal(60020)
        if not app.may(right):
            raise Refusal(48002)

    # /sandbox/

    def _control(self, request: Request) -> Raw:
        found = controls.find(request.method, request.path)
        if found is None:
            return _rendered({"error": f"no {request.method} {request.path} here", "there_are": controls.known()}, 404)
        control, request.rest = found
        try:
            if not control.locked:
                return _as_raw(control.do(self.company, request))
            with self.company.lock:
                self.company.agenda.run_due()
                return _as_raw(control.do(self.company, request))
        except NoSense as nonsense:
            return _rendered({"error": str(nonsense)}, 400)
        except Refusal as refusal:
            return _rendered({"error": refusal.text, "errcode": refusal.errcode}, 400)


def _at_a_known_address(app: App, ip: str) -> bool:
    return app.allowed_ips is None or ip in app.allowed_ips


def _trouble_after(fault: Fault | None, raw: Raw) -> Raw:
    if fault is None:
        return raw
    if fault.kind is Kind.CUT_AFTER:
        raise Cut
    if fault.kind is Kind.CUT_HALFWAY:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: {len(raw.body)}\r\n\r\n".encode()
        raise Cut(head + raw.body[: len(raw.body) // 2])
    if fault.kind is Kind.GARBLED:
        return Raw(b"<html><body>502 Bad Gateway</body></html>", "text/html", 200)
    return raw


def _as_raw(answer: Answer) -> Raw:
    return answer if isinstance(answer, Raw) else _rendered(answer if answer is not None else {"ok": True})


def _rendered(fields: dict[str, Any], status: int = 200) -> Raw:
    return Raw(_encoded(fields), JSON, status)


def _encoded(fields: dict[str, Any]) -> bytes:
    """The fast encoder refuses half a sign, which a client may have sent us."""
    try:
        return msgspec.json.encode(fields)
    except UnicodeError:
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def request_from(environ: Environ, *, trust_forwarded: bool) -> Request:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    forwarded = headers.get("x-forwarded-for", "").split(",")[0].strip() if trust_forwarded else ""
    return Request(
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
        query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
        headers=headers,
        body=environ["wsgi.input"].read(length) if length else b"",
        ip=forwarded or environ.get("REMOTE_ADDR", "127.0.0.1"),
    )
