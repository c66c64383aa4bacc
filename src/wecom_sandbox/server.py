"""A small HTTP/1.1 server for one WSGI application: a thread a connection, kept alive, and able to cut a connection."""

from __future__ import annotations

import io
import socket
import struct
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote_to_bytes

from .events.mail import Mail
from .front import Cut, Front

MOST_HEAD = 64 * 1024
MOST_BODY = 64 * 1024 * 1024
IDLE = 75.0


class Hangup(Exception):
    """The other side is gone, or speaks no HTTP."""


class Server:
    """Serves from `start()` until `stop()`; port 0 takes a free one."""

    def __init__(self, front: Front, host: str = "127.0.0.1", port: int = 0) -> None:
        self.front = front
        self._socket = socket.create_server((host, port), backlog=512, reuse_port=False)
        self.host, self.port = self._socket.getsockname()[:2]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        front.company.base_url = f"http://{self.host}:{self.port}"

    def start(self) -> None:
        threading.Thread(target=self.serve, daemon=True, name="sandbox").start()
        threading.Thread(target=self._tick, daemon=True, name="sandbox-agenda").start()

    def serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, address = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._attend, args=(connection, address[0]), daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        self.front.company.part(Mail).stop()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._lock:
            for connection in self._open:
                _end(connection, abruptly=False)

    def _tick(self) -> None:
        """Things happen by themselves even while nobody calls."""
        company = self.front.company
        while not self._stopped.wait(0.1):
            with company.lock:
                company.agenda.run_due()

    def _attend(self, connection: socket.socket, address: str) -> None:
        with self._lock:
            self._open.add(connection)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(IDLE)
            _Conversation(connection, address, self).hold()
        except (Hangup, OSError):
            _end(connection, abruptly=False)
        except Cut as cut:
            self._cut(connection, cut)
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _cut(self, connection: socket.socket, cut: Cut) -> None:
        try:
            if cut.sent:
                connection.sendall(cut.sent)
        except OSError:
            return
        _end(connection, abruptly=not cut.sent)


def _end(connection: socket.socket, *, abruptly: bool) -> None:
    with suppress(OSError):
        if abruptly:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.shutdown(socket.SHUT_RDWR)


class _Conversation:
    """One connection: request after request."""

    def __init__(self, connection: socket.socket, address: str, server: Server) -> None:
        self._connection = connection
        self._file = connection.makefile("rb", buffering=64 * 1024)
        self._address = address
        self._server = server

    def hold(self) -> None:
        while self._one():
            pass

    def _one(self) -> bool:
        """Answers one request. False: the connection is to end."""
        line = self._file.readline(MOST_HEAD)
        if not line.strip():
            return bool(line)
        method, target, version = _request_line(line)
        headers = self._headers()
        if headers.get("expect", "").lower() == "100-continue":
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self._body(headers)
        keep = _wants_more(version, headers)
        self._connection.sendall(self._answer(method, target, headers, body, keep))
        return keep

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        size = 0
        while True:
            line = self._file.readline(MOST_HEAD)
            size += len(line)
            if line in {b"\r\n", b"\n"}:
                return headers
            if not line or size > MOST_HEAD:
                raise Hangup
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon:
                raise Hangup
            headers[name.strip().lower()] = value.strip()

    def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks()
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BODY:
            raise Hangup
        return self._exactly(int(length))

    def _chunks(self) -> bytes:
        parts: list[bytes] = []
        while True:
            try:
                size = int(self._file.readline(MOST_HEAD).split(b";")[0], 16)
            except ValueError:
                raise Hangup from None
            if size == 0:
                while self._file.readline(MOST_HEAD) not in {b"\r\n", b"\n", b""}:
                    pass
                return b"".join(parts)
            if size < 0 or sum(map(len, parts)) + size > MOST_BODY:
                raise Hangup
            parts.append(self._exactly(size))
            self._file.readline(8)

    def _exactly(self, length: int) -> bytes:
        body = self._file.read(length) if length else b""
        if len(body) < length:
            raise Hangup
        return body

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes, keep: bool) -> bytes:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, fields: list[tuple[str, str]], _problem: Any = None) -> Callable[[bytes], None]:
            started.append((status, fields))
            return lambda _: None

        content = b"".join(self._server.front(self._environ(method, target, headers, body), start_response))
        status, fields = started[-1]
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields)]
        lines.append(f"Date: {formatdate(self._server.front.company.clock.now(), usegmt=True)}")
        lines.append("Connection: keep-alive" if keep else "Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        return head if method == "HEAD" else head + content

    def _environ(self, method: str, target: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        path, _, query = target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query.partition("#")[0],
            "SERVER_NAME": self._server.host,
            "SERVER_PORT": str(self._server.port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self._address,
            "CONTENT_TYPE": headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in headers.items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        return environ


def _request_line(line: bytes) -> tuple[str, str, str]:
    try:
        method, target, version = line.decode("latin-1").split()
    except ValueError:
        raise Hangup from None
    if target.startswith(("http://", "https://")):
        target = "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/"
    return method.upper(), target, version


def _wants_more(version: str, headers: dict[str, str]) -> bool:
    wish = headers.get("connection", "").lower()
    return wish == "keep-alive" if version == "HTTP/1.0" else wish != "close"
