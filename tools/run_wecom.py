"""The live demo: a whole invented company behind a WeCom of our own, and Huoqun connected to it. Nothing leaves this machine.

    python tools/run_wecom.py [--port 8000] [--sandbox-port 8700] [--groups 12] [--seed 7] [--keep FOLDER]

Everything is made anew each time, in a folder that goes when it ends; `--keep` keeps it, to be looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

COMMANDS = Path(sys.executable).parent
CAST = {"admin": ("lin", "林知夏"), "mo": ("mo", "莫一白"), "tao": ("tao", "陶然")}
"""Accounts here, and which colleagues of the invented company they are."""
BREATH = 20
"""Seconds between two times the people are told to go on."""
ACTS = 14
"""What they do in that time."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    told: dict[str, Any]

    @property
    def base(self) -> str:
        return str(self.told["base_url"])

    def control(self, path: str, **body: Any) -> Any:
        request = urllib.request.Request(f"{self.base}/sandbox/{path}", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


@contextmanager
def started(command: list[str], **more: Any) -> Iterator[subprocess.Popen[str]]:
    """Ends with the block, whatever happens in it."""
    process = subprocess.Popen(command, text=True, **more)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        sys.exit("the sandbox has ended without a word: is its port taken? Choose another with --sandbox-port")
    told: dict[str, Any] = json.loads(line)
    return told


def settle(folder: Path, port: int, sandbox: Sandbox) -> None:
    os.environ["HUOQUN_DATA"] = str(folder)
    os.environ["HUOQUN_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
    os.environ["HUOQUN_WECOM_ARCHIVE_LIBRARY"] = "wecom_sandbox.archive.twin:Twin"
    os.environ["WEWORK_SANDBOX"] = sandbox.base
    os.environ["DJANGO_SETTINGS_MODULE"] = "huoqun.config.settings"
    import django  # noqa: PLC0415 -- the folder has to be known before the settings are read

    django.setup()


def connect(sandbox: Sandbox) -> dict[str, str]:
    """A community connected to the company, colleagues who sign in with WeCom, and the first sync asked for."""
    from huoqun.carriers.registry import connect_wecom  # noqa: PLC0415
    from huoqun.community.operations import communities  # noqa: PLC0415
    from huoqun.wiring import first_start, syncing  # noqa: PLC0415

    now = datetime.now(UTC)
    first_start.prepare(sample=False)
    home = communities.find_or_found("栀野生活", zone="Asia/Shanghai", now=now)
    app = sandbox.told["apps"][0]
    said = {
        "name": "栀野生活",
        "api": sandbox.base,
        "agentid": app["agentid"],
        "app_secret": app["secret"],
        "contact_secret": sandbox.told["contact_secret"],
        "archive_secret": sandbox.told["archive_secret"],
        "callback_token": sandbox.told["callback_token"],
        "callback_key": sandbox.told["encoding_aes_key"],
    }
    connected = connect_wecom(home.slug, sandbox.told["corpid"], now=now, **said)
    let_in(home, connected.account, now)
    syncing.ask(connected.account, by=None, now=now)
    return {"callback_url": connected.callback_url, "archive_key": connected.archive_key}


def let_in(home: Any, account: Any, now: datetime) -> None:
    from django.apps import apps  # noqa: PLC0415

    from huoqun.community.operations import communities  # noqa: PLC0415
    from huoqun.console import operations as console  # noqa: PLC0415
    from huoqun.console.models import Role, Staff  # noqa: PLC0415
    from huoqun.ownership.operations import reach  # noqa: PLC0415

    apps.get_model("wecom", "Corp").objects.update(sign_in=True)
    lin = console.first_admin()
    for username, (userid, name) in CAST.items():
        staff = Staff.objects.filter(username=username).first() or console.add_staff(username, role=Role.OPERATOR)
        Staff.objects.filter(pk=staff.pk).update(name=name)
        communities.seat(staff, home)
        console.give_passport(staff, f"{account.carrier}/{account.name}", userid, by=lin, now=now)
        reach(staff, home, carrier=account.carrier, account=account.name, native_id=userid)


def live(sandbox: Sandbox, connected: dict[str, str], stop: threading.Event) -> None:
    """Once Huoqun answers: its address and key are entered at WeCom, and the people go about their day."""
    while not stop.wait(1):
        if sandbox.control("callback", url=connected["callback_url"])["saved"]:
            break
    if connected["archive_key"]:
        sandbox.control("archive/key", public_key=connected["archive_key"])
    print(f"企业微信沙盒 / the company: {sandbox.base}/sandbox/", flush=True)
    while not stop.is_set():
        sandbox.control("people/play", acts=ACTS, seconds=BREATH)
        stop.wait(BREATH)


def run(folder: Path, asked: argparse.Namespace) -> None:
    wanted = ["--port", str(asked.sandbox_port), "--seed", str(asked.seed), "--groups", str(asked.groups)]
    # In a session of its own: Ctrl-C ends this program, which then ends both in order.
    with started([str(COMMANDS / "huoqun-sandbox"), *wanted], stdout=subprocess.PIPE, start_new_session=True) as company:
        sandbox = Sandbox(first_line(company))
        settle(folder, asked.port, sandbox)
        connected = connect(sandbox)
        stop = threading.Event()
        people = threading.Thread(target=live, args=(sandbox, connected, stop), daemon=True)
        with started([str(COMMANDS / "huoqun"), "serve", "--port", str(asked.port)], start_new_session=True) as huoqun:
            people.start()
            try:
                huoqun.wait()
            except KeyboardInterrupt:
                print()
            finally:
                stop.set()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--sandbox-port", type=int, default=8700)
    parser.add_argument("--groups", type=int, default=12)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        return run(asked.keep.resolve(), asked)
    with tempfile.TemporaryDirectory(prefix="huoqun-wecom-", ignore_cleanup_errors=True) as folder:
        run(Path(folder), asked)


if __name__ == "__main__":
    main()
