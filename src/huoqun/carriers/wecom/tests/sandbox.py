"""The sandbox for tests: a WeCom of one invented company on this machine, in a thread or in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from huoqun.carriers.wecom.models import Corp
from wecom_sandbox.company import Company, Plan
from wecom_sandbox.front import Front
from wecom_sandbox.server import Server

MADE_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Sandbox:
    json: dict[str, Any]
    """The sandbox's first line."""
    company: Company | None = None
    """Itself, where it runs in a thread: hold `company.lock` to read or change it."""
    process: subprocess.Popen[str] | None = None
    server: Server | None = None

    @property
    def base_url(self) -> str:
        return str(self.json["base_url"])

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """`/sandbox/<path>`: POST with a body, GET without one. Fails on anything but 200, with what the sandbox says of it."""
        url = f"{self.base_url}/sandbox/{path.removeprefix('/sandbox/').lstrip('/')}"
        with httpx.Client(trust_env=False, timeout=60) as http:
            answer = http.get(url) if body is None else http.post(url, json=body)
        assert answer.status_code == 200, f"{url}: {answer.status_code} {answer.text}"
        return answer.json()

    def people(self, deed: str, **arguments: Any) -> Any:
        """Somebody does something."""
        return self.control(f"people/{deed}", arguments)

    def fault(self, kind: str, path: str = "*", **more: Any) -> Any:
        return self.control("faults", {"kind": kind, "path": path, **more})

    def corp(self, community: str = "garden", **changes: Any) -> Corp:
        """Connected to one community, with everything the sandbox knows. Not saved."""
        app = self.json["apps"][0]
        told = {
            "community": community,
            "corpid": self.json["corpid"],
            "name": "栀野生活",
            "api": self.base_url,
            "agentid": app["agentid"],
            "app_secret": app["secret"],
            "contact_secret": self.json["contact_secret"],
            "archive_secret": self.json["archive_secret"],
            "callback_token": self.json["callback_token"],
            "callback_key": self.json["encoding_aes_key"],
            "made_at": MADE_AT,
        }
        return Corp(**(told | changes))

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            if self.process.stdout is not None:
                self.process.stdout.close()


def start_sandbox(*, process: bool = False, **options: Any) -> Sandbox:
    """Options: seed, staff, groups, people, customers, now (Unix seconds), quotas, callback. `process`: on its own."""
    return _in_a_process(options) if process else _in_a_thread(options)


@contextmanager
def running_sandbox(**options: Any) -> Iterator[Sandbox]:
    sandbox = start_sandbox(**options)
    try:
        yield sandbox
    finally:
        sandbox.stop()


def _in_a_thread(options: dict[str, Any]) -> Sandbox:
    callback = options.pop("callback", "")
    born = options.pop("now", None)
    company = Company(Plan(born=born, **options))
    company.callback_url = callback
    server = Server(Front(company))
    server.start()
    return Sandbox(company.told(), company=company, server=server)


def _in_a_process(options: dict[str, Any]) -> Sandbox:
    quotas = options.pop("quotas", True)
    arguments = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
    command = [sys.executable, "-m", "wecom_sandbox", *arguments, *([] if quotas else ["--no-quotas"])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first, "the sandbox has ended without a word"
    return Sandbox(json.loads(first), process=process)
