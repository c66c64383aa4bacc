"""Databases and processes of a crash test: nobody else uses them, for what is killed has committed for real."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def new_database() -> Iterator[Callable[[], str]]:
    """Makes one at each call and answers its address: empty where the tests run on SQLite, whose database lies in the data
    folder."""
    address, made = os.environ.get("HUOQUN_DATABASE", ""), list[str]()

    def make() -> str:
        if not address:
            return ""
        made.append(f"crash_{os.getpid()}_{len(made)}")
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {made[-1]}")
        return f"{address.rpartition('/')[0]}/{made[-1]}"

    yield make
    for name in made:
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Installation:
    """A data folder and a database, and processes that work on them."""

    def __init__(self, folder: Path, database: str) -> None:
        folder.mkdir()
        self.environment = {
            **os.environ,
            "HUOQUN_DATA": str(folder),
            "HUOQUN_DATABASE": database,
            "HUOQUN_LOG_LEVEL": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "huoqun.config.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }

    def run(self, module: str, *words: str, said: str = "") -> str:
        """What a process printed that was left alone."""
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            cwd=ROOT, env=self.environment, input=said, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout

    def begin(self, module: str, *words: str) -> subprocess.Popen[str]:
        """A process somebody may kill."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


@pytest.fixture
def installation(tmp_path: Path, new_database: Callable[[], str]) -> Installation:
    return Installation(tmp_path / "data", new_database())
