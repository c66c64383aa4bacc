"""The company's first sync, in a real process against the sandbox: killed twice, it ends as one that was left alone."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def databases(tmp_path: Path) -> Iterator[list[str]]:
    """Two that nobody else uses: the processes commit for real."""
    address = os.environ.get("HUOQUN_DATABASE", "")
    if not address:
        yield ["", ""]
        return
    names = [f"sync_{os.getpid()}_{n}" for n in range(2)]
    with psycopg.connect(address, autocommit=True) as server:
        for name in names:
            server.execute(f"CREATE DATABASE {name}")
        yield [f"{address.rpartition('/')[0]}/{name}" for name in names]
        for name in names:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def far_side() -> Iterator[str]:
    """The sandbox's first line."""
    sizes = ["--staff", "12", "--groups", "60", "--people", "3000", "--customers", "900", "--now", "1772400000"]
    process = subprocess.Popen(
        [sys.executable, "-m", "wecom_sandbox", *sizes], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=_environment()
    )
    assert process.stdout is not None
    yield process.stdout.readline()
    process.terminate()
    process.wait()


def _environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **more}


class Home:
    """An installation of its own."""

    def __init__(self, folder: Path, database: str, far_side: str) -> None:
        folder.mkdir()
        self._environment = _environment(
            HUOQUN_DATA=str(folder),
            HUOQUN_DATABASE=database,
            HUOQUN_LOG_LEVEL="CRITICAL",
            DJANGO_SETTINGS_MODULE="huoqun.config.settings",
        )
        self._run("connect", far_side)

    def _run(self, what: str, said: str = "") -> str:
        piped: dict[str, Any] = {"capture_output": True, "text": True, "timeout": 300}
        done = subprocess.run(self._command(what), check=False, cwd=ROOT, env=self._environment, input=said, **piped)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def _command(self, what: str) -> list[str]:
        return [sys.executable, "-m", "tests.crash.syncing", what]

    def walk(self) -> None:
        self._run("walk")

    def walk_until_killed(self, pages: int) -> None:
        """SIGKILL after so many pages, wherever it is then."""
        process = subprocess.Popen(
            self._command("walk"), cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _ in range(pages):
            assert process.stdout.readline(), f"it ended before it could be killed: {process.communicate()[1][-3000:]}"
        process.send_signal(signal.SIGKILL)
        process.communicate()

    def known(self) -> dict[str, Any]:
        return dict(json.loads(self._run("show")))


@pytest.mark.slow
@pytest.mark.database
def test_a_first_sync_killed_twice_ends_as_one_that_was_left_alone(databases: list[str], far_side: str, tmp_path: Path) -> None:
    dice = random.Random(2026)
    pieces = Home(tmp_path / "pieces", databases[0], far_side)
    pieces.walk_until_killed(dice.randint(1, 4))
    pieces.walk_until_killed(dice.randint(2, 6))
    pieces.walk()
    whole = Home(tmp_path / "whole", databases[1], far_side)
    whole.walk()
    left, right = pieces.known(), whole.known()
    assert (left.pop("interruptions"), right.pop("interruptions")) == (2, 0)
    assert left == right
    assert left["walk"] == [["done", "all"]]
    assert len(left["places"]) == len(left["told"]) == 3000
