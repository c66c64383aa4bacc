"""A sandbox on a free port in a thread, and somebody who calls it: plain urllib, so that nothing is taken for granted."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from wecom_sandbox.apps import Kind
from wecom_sandbox.company import Company, Plan
from wecom_sandbox.front import Front
from wecom_sandbox.server import Server

_open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(url: str, body: bytes | None = None, *, method: str | None = None, headers: dict[str, str] | None = None) -> Reply:
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with _open(request, timeout=20) as response:
            return Reply(response.status, {k.lower(): v for k, v in response.headers.items()}, response.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


@dataclass
class Caller:
    """Calls as one of the company's apps."""

    base_url: str
    company: Company
    kind: Kind = Kind.APP
    _token: str = ""

    @property
    def token(self) -> str:
        if not self._token:
            secret = self.company.the_app(self.kind).secret
            query = urlencode({"corpid": self.company.corpid, "corpsecret": secret})
            self._token = ask(f"{self.base_url}/cgi-bin/gettoken?{query}").json["access_token"]
        return self._token

    def url(self, path: str, **query: str) -> str:
        return f"{self.base_url}/cgi-bin/{path}?{urlencode({'access_token': self.token, **query})}"

    def post(self, path: str, body: dict[str, Any] | None = None, **query: str) -> Any:
        return ask(self.url(path, **query), json.dumps(body or {}).encode()).json

    def get(self, path: str, **query: str) -> Any:
        return ask(self.url(path, **query)).json

    def upload(self, path: str, content: bytes, filename: str = "a.png", **query: str) -> Any:
        edge = "----edge"
        named = f'Content-Disposition: form-data; name="media"; filename="{filename}"'
        head = f"--{edge}\r\n{named}\r\nContent-Type: image/png\r\n\r\n"
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return ask(self.url(path, **query), body, headers={"Content-Type": f"multipart/form-data; boundary={edge}"}).json

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        reply = ask(f"{self.base_url}/sandbox/{path}", None if body is None else json.dumps(body).encode())
        assert reply.status == 200, reply.body.decode()
        return reply.json

    def people(self, deed: str, **arguments: Any) -> Any:
        return self.control(f"people/{deed}", arguments)


@contextmanager
def sandbox(**plan: Any) -> Iterator[Caller]:
    company = Company(Plan(**{"groups": 6, "people": 120, "customers": 60, **plan}))
    server = Server(Front(company))
    server.start()
    try:
        yield Caller(company.base_url, company)
    finally:
        server.stop()


@dataclass
class Ear:
    """An address that listens: keeps what came, answers what it is told to."""

    url: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[int], int] = lambda number: 200
    """number of the call, from 1 -> status; 0: hang up without an answer"""
    on_get: Callable[[dict[str, str]], bytes] = lambda query: b""
    calls: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def ear() -> Iterator[Ear]:
    listening = Ear()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with listening.lock:
                listening.calls += 1
                number = listening.calls
            status = listening.answer(number)
            if status == 0:
                self.close_connection = True
                return
            with listening.lock:
                if status == 200:
                    listening.heard.append((dict(parse_qsl(urlsplit(self.path).query)), body))
            self._say(status, b"success")

        def do_GET(self) -> None:
            self._say(200, listening.on_get(dict(parse_qsl(urlsplit(self.path).query))))

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.url = f"http://127.0.0.1:{server.server_address[1]}/hooks/wecom"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield listening
    finally:
        server.shutdown()
        server.server_close()
