"""How quickly WeCom's callbacks are answered, and how soon somebody new is welcomed.

    python bench/wecom_callbacks.py callbacks [--calls 4000] [--rate 200]
    python bench/wecom_callbacks.py welcome [--joins 1000] [--rate 50]

callbacks: signed and locked bodies at the front door under granian, as `huoqun serve` runs it with its worker beside it: first
as fast as they are taken, then at an even rate. Beside it the floor: a WSGI callable on the same server which reads the body
and says "success".
welcome: customers add colleagues of a sandbox in a process of its own, evenly; counted by the sandbox from the moment it gave
the code, and from the company's first second: its first colleagues become house, which asks for an audit. Beside it the
floor: a receiver that opens the callback and calls send_welcome_msg at once, keeping nothing.
On PostgreSQL: python -m tests.postgres -- python bench/wecom_callbacks.py ... Everything runs on this machine, the callers too.
Prints Markdown.
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
FOLDER = tempfile.TemporaryDirectory(prefix="huoqun-bench-wecom-")
os.environ["HUOQUN_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "huoqun.config.settings"
os.environ["HUOQUN_LOG_LEVEL"] = "CRITICAL"
os.environ["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT}"

import django  # noqa: E402

django.setup()

import httpx  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from huoqun.admission.models import Greeting, Welcome  # noqa: E402
from huoqun.carriers.wecom.callbacks import crypto, envelope, payload  # noqa: E402
from huoqun.carriers.wecom.models import Corp, Delivery  # noqa: E402
from huoqun.carriers.wecom.operations import companies  # noqa: E402
from huoqun.carriers.wecom.tests.sandbox import Sandbox, start_sandbox  # noqa: E402
from huoqun.community.models import Community  # noqa: E402

CALLERS = 8
WORKER = (str(Path(sys.executable).with_name("huoqun")), "worker")
KEY, TOKEN, CORPID = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "bench-token", "wwbench"

BODY = (
    "<xml><ToUserName><![CDATA[wwbench]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>{at}</CreateTime>"
    "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_contact]]></Event>"
    "<ChangeType><![CDATA[del_follow_user]]></ChangeType><UserID><![CDATA[mo]]></UserID>"
    "<ExternalUserID><![CDATA[wmBench{number}]]></ExternalUserID></xml>"
)


def floor(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """A WSGI application that could not do less."""
    environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "7")])
    return [b"success"]


# The house, in processes of its own


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        died = process.poll() is not None
        process.terminate()
        process.wait(60)
        if died:
            raise SystemExit(f"{' '.join(command)} ended by itself")


@contextmanager
def granian(application: str) -> Iterator[str]:
    """The address of a WSGI application on the house's own server, with as many threads."""
    port = free_port()
    options = ["--interface", "wsgi", "--port", str(port), "--blocking-threads", "4", "--no-ws", "--log-level", "error"]
    with running(sys.executable, "-m", "granian", *options, application):
        await_port(port)
        yield f"http://127.0.0.1:{port}"


def await_port(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"nobody listens at port {port}")


def settle() -> Community:
    call_command("migrate", verbosity=0)
    return Community.objects.create(slug="bench", name="栀野读书会", created_at=datetime.now(UTC))


# Answers


def bodies(count: int, start: int) -> list[tuple[str, bytes]]:
    """Query and body of so many callbacks, all different."""
    found = []
    for number in range(start, start + count):
        said = BODY.format(at=1_760_000_000 + number, number=number).encode()
        locked = crypto.lock(KEY, said, CORPID, random=b"0123456789abcdef")
        signed = crypto.signature(TOKEN, "1760000000", "n", locked)
        query = urlencode({"msg_signature": signed, "timestamp": "1760000000", "nonce": "n"})
        found.append((query, f"<xml><ToUserName>{CORPID}</ToUserName><Encrypt>{locked}</Encrypt></xml>".encode()))
    return found


def post_all(address: str, path: str, calls: Sequence[tuple[str, bytes]], *, rate: float | None) -> tuple[float, list[float]]:
    """Seconds for all, and each one's own; at an even rate each counts from when it was due."""
    begun = time.perf_counter()

    def part(mine: int) -> list[float]:
        url = urlsplit(address)
        line = http.client.HTTPConnection(url.hostname or "", url.port, timeout=30)
        line.connect()
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        taken = []
        for place in range(mine, len(calls), CALLERS):
            due = begun + place / rate if rate else time.perf_counter()
            time.sleep(max(0.0, due - time.perf_counter()))
            query, body = calls[place]
            line.request("POST", f"{path}?{query}", body, {"Content-Type": "text/xml"})
            answer = line.getresponse()
            said = answer.read()
            if answer.status != 200 or said != b"success":
                raise SystemExit(f"answered with {answer.status}: {said[:80]!r}")
            taken.append(time.perf_counter() - due)
        return taken

    with ThreadPoolExecutor(CALLERS) as callers:
        each = [one for found in callers.map(part, range(CALLERS)) for one in found]
    return time.perf_counter() - begun, each


def at(share: float, values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def callbacks(count: int, rate: float) -> None:
    settle()
    corp = Corp.objects.create(
        community="bench", corpid=CORPID, callback_token=TOKEN, callback_key=KEY, made_at=datetime.now(UTC)
    )
    companies.listen(corp, now=datetime.now(UTC))
    connections.close_all()
    path, fresh = f"/hooks/wecom/{corp.hook}", 0
    print("| | answers/s | p50 ms | p99 ms | p99 at an even rate of", f"{rate:.0f}/s, ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, application, worker in (
        ("floor: reads the body", "bench.wecom_callbacks:floor", False),
        ("front door", "huoqun.config.wsgi:application", False),
        ("front door, worker beside it", "huoqun.config.wsgi:application", True),
    ):
        with granian(application) as address, running(*WORKER) if worker else nothing():
            post_all(address, path, bodies(200, 10_000_000 + fresh), rate=None)  # warm
            fast = bodies(count, fresh)
            even = bodies(count // 2, fresh + count)
            fresh += 2 * count
            seconds, each = post_all(address, path, fast, rate=None)
            _, steady = post_all(address, path, even, rate=rate)
            figures = (f"{count / seconds:,.0f}", ms(at(0.5, each)), ms(at(0.99, each)), ms(at(0.99, steady)))
            print(f"| {name} | {' | '.join(figures)} |", flush=True)
    print(f"\nkept: {Delivery.objects.count()} of {2 * (count + count // 2) + 400}")


@contextmanager
def nothing() -> Iterator[None]:
    yield


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


# Welcomes


def welcome(joins: int, rate: float) -> None:
    community = settle()
    Welcome.objects.create(community=community, text="{{称呼}}，欢迎来到{{社群}}", changed_at=datetime.now(UTC))
    print("| | welcomed | p50 s | p90 s | p99 s | most s |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, house in (("floor: answers the callback by the call", bare), ("Huoqun", whole)):
        sandbox = start_sandbox(process=True, staff=20, groups=5, people=200, customers=100, quotas=False)
        try:
            with house(sandbox):
                join(sandbox, joins, rate)
                told = await_welcomes(sandbox, joins)
        finally:
            sandbox.stop()
        seconds = [one["seconds"] for one in told]
        waited = [at(share, seconds) for share in (0.5, 0.9, 0.99)] + [max(seconds)] if seconds else []
        figures = [f"{len(seconds)} of {joins}", *(f"{each:.2f}" for each in waited)]
        print(f"| {name} | {' | '.join(figures)} |", flush=True)
    outcomes = list(Greeting.objects.values_list("outcome", flat=True))
    print("\n" + ", ".join(f"{outcomes.count(one)} {one}" for one in sorted(set(outcomes))))


def join(sandbox: Sandbox, joins: int, rate: float) -> None:
    """Customers add colleagues, evenly. On threads, as each waits for the sandbox's answer."""
    staff = [one["userid"] for one in sandbox.control("staff")["staff"] if one.get("may_contact", True)][:10]
    begun = time.perf_counter()
    with httpx.Client(trust_env=False, timeout=30) as http, ThreadPoolExecutor(CALLERS) as people:

        def add(number: int) -> None:
            time.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            told = {"userid": staff[number % len(staff)], "name": f"客人{number}", "state": "poster-3"}
            http.post(f"{sandbox.base_url}/sandbox/people/add_contact", json=told).raise_for_status()

        list(people.map(add, range(joins)))
    took = time.perf_counter() - begun
    print(f"<!-- {joins} joins in {took:.1f} s, {joins / took:.0f}/s -->")


def await_welcomes(sandbox: Sandbox, joins: int) -> list[dict[str, Any]]:
    end = time.monotonic() + 30
    while True:
        told: list[dict[str, Any]] = sandbox.control("welcomes")["welcomes"]
        if len(told) >= joins or time.monotonic() > end:
            return told
        time.sleep(1)


@contextmanager
def whole(sandbox: Sandbox) -> Iterator[None]:
    """Huoqun as it runs: its server, its worker, its database."""
    told = sandbox.json
    said = companies.Described(
        api=sandbox.base_url, agentid=told["apps"][0]["agentid"], app_secret=told["apps"][0]["secret"],
        contact_secret=told["contact_secret"], callback_token=told["callback_token"], callback_key=told["encoding_aes_key"],
    )  # fmt: skip
    corp = companies.connect("bench", told["corpid"], said, now=datetime.now(UTC))
    companies.listen(corp, now=datetime.now(UTC))
    connections.close_all()
    with granian("huoqun.config.wsgi:application") as address, running(*WORKER):
        listen(sandbox, f"{address}/hooks/wecom/{corp.hook}")
        time.sleep(3)  # the worker has begun
        yield


def listen(sandbox: Sandbox, url: str) -> None:
    told = sandbox.control("callback", {"url": url})
    if not told["saved"]:
        raise SystemExit(told["problem"])


@contextmanager
def bare(sandbox: Sandbox) -> Iterator[None]:
    """Opens the callback and welcomes at once, on the thread that took it."""
    told = sandbox.json
    keys = crypto.Keys(told["callback_token"], told["encoding_aes_key"], told["corpid"])
    http = httpx.Client(base_url=sandbox.base_url, trust_env=False, timeout=20)
    asked = {"corpid": told["corpid"], "corpsecret": told["contact_secret"]}
    token = http.get("/cgi-bin/gettoken", params=asked).json()["access_token"]

    class Receiver(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _query(self) -> dict[str, str]:
            return dict(parse_qsl(urlsplit(self.path).query.replace("+", "%2B")))

        def do_GET(self) -> None:
            self._say(envelope.echo(keys, self._query()))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fields = payload.read(envelope.letter(keys, self._query(), body))
            self._say(b"success")
            if code := fields.text("WelcomeCode"):
                said = {"welcome_code": code, "text": {"content": "欢迎来到栀野读书会"}}
                http.post("/cgi-bin/externalcontact/send_welcome_msg", params={"access_token": token}, json=said)

        def _say(self, words: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)
            self.wfile.flush()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        listen(sandbox, f"http://127.0.0.1:{server.server_port}/")
        yield
    finally:
        server.shutdown()
        server.server_close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["callbacks", "welcome"])
    parser.add_argument("--calls", type=int, default=4000)
    parser.add_argument("--joins", type=int, default=1000)
    parser.add_argument("--rate", type=float)
    told = parser.parse_args()
    if told.what == "callbacks":
        callbacks(told.calls, told.rate or 200)
    else:
        welcome(told.joins, told.rate or 50)


if __name__ == "__main__":
    main()
