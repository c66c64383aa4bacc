"""Run a command with a PostgreSQL of its own: `python -m tests.postgres -- pytest -m "database and not browser"`.

The server is started from the installed programs into a temporary folder and is gone afterwards. It does not sync to disk: our
tests kill processes of Huoqun, never the machine, and what a killed client had committed is in the server, synced or not.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = (
    "PostgreSQL's server programs (initdb, pg_ctl) are not installed, so the tests cannot run on it.\n"
    "Debian, Ubuntu: apt-get install postgresql    Fedora: dnf install postgresql-server    macOS: brew install postgresql\n"
    "Or put the folder that holds initdb and pg_ctl on PATH."
)
NO_STRANGER = "initdb does not run as root, and there is no account called postgres to run it as: be another user."
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=64MB")


class NotHere(RuntimeError):
    """Says what to install."""


def programs() -> Path:
    """The folder with initdb and pg_ctl, the newest version first. Raises NotHere."""
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    newest = sorted(versions, key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    for folder in (*newest, *([Path(on_path).resolve().parent] if on_path else [])):
        if (folder / "pg_ctl").exists():
            return folder
    raise NotHere(MISSING)


@contextmanager
def server() -> Iterator[str]:
    """A running server with a database "huoqun"; gives its address as HUOQUN_DATABASE wants it."""
    binaries, place, port = programs(), Path(tempfile.mkdtemp(prefix="huoqun-pg-")), _free_port()
    user = _give_away(place)
    data, log = place / "data", place / "log"
    settings = " ".join(f"-c {each}" for each in (*QUICK, f"port={port}", "listen_addresses=127.0.0.1"))
    try:
        _run(
            [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            user,
        )
        _run([binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", f"{settings} -k {place}", "start"], user)
        try:
            _run([binaries / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "huoqun"], user)
            yield f"postgresql://postgres@127.0.0.1:{port}/huoqun"
        finally:
            _run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], user)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _give_away(place: Path) -> str | None:
    """Root hands the folder to the account postgres, under which the programs then run."""
    if os.geteuid() != 0:
        return None
    try:
        shutil.chown(place, "postgres")
    except LookupError as unknown:
        raise NotHere(NO_STRANGER) from unknown
    return "postgres"


def _run(command: list[Path | str], user: str | None) -> None:
    done = subprocess.run(
        [str(part) for part in command], user=user, group=user, extra_groups=[] if user else None, cwd="/",
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{Path(str(command[0])).name} failed:\n{done.stderr}")


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.exit('usage: python -m tests.postgres -- COMMAND [ARGUMENT...]   (as in: -- pytest -m "database and not browser")')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped on the way out
    try:
        with server() as address:
            sys.stderr.write(f"PostgreSQL for tests: {address}\n")
            return subprocess.run(command, env={**os.environ, "HUOQUN_DATABASE": address}, check=False).returncode
    except NotHere as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
