"""Real worker processes, killed with SIGKILL in the middle of their work, on the database the tests run on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
KILLS = 28


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """A database nobody else uses: the nursery's processes commit for real."""
    address = os.environ.get("HUOQUN_DATABASE", "")
    if not address:
        yield ""
        return
    name = f"crash_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"{address.rpartition('/')[0]}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
@pytest.mark.database
def test_every_effect_happens_once_though_workers_are_killed(database: str, tmp_path: Path) -> None:
    assert settings.configured
    environment = {
        **os.environ,
        "HUOQUN_DATA": str(tmp_path / "data"),
        "HUOQUN_DATABASE": database,
        "HUOQUN_LOG_LEVEL": "CRITICAL",
        "DJANGO_SETTINGS_MODULE": "huoqun.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    (tmp_path / "data").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.nursery", str(tmp_path), str(KILLS), "2026"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    result = json.loads(done.stdout)
    assert result["wrong"] == {}
    assert result["killed"] >= 20
    assert result["events"] > 200, "the workers must have been at work when they were killed"
