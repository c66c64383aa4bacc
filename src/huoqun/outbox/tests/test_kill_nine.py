"""Real worker processes, two at a time, killed with SIGKILL while they send, on the database the tests run on."""

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

ROOT = Path(__file__).resolve().parents[4]
KILLS = 40


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """A database nobody else uses: the nursery's processes commit for real."""
    address = os.environ.get("HUOQUN_DATABASE", "")
    if not address:
        yield ""
        return
    name = f"outbox_crash_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"{address.rpartition('/')[0]}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
@pytest.mark.database
def test_each_is_sent_once_or_reported_unknown_though_workers_are_killed(database: str, tmp_path: Path) -> None:
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
        [sys.executable, "-m", "huoqun.outbox.tests.nursery", str(tmp_path), str(KILLS), "2026"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    result = json.loads(done.stdout)
    assert result["wrong"] == []
    assert result["rows"] == result["asked"]
    assert result["killed"] >= 20
    # At most one request that can be neither repeated nor looked up for each worker killed.
    assert result["ends"].get("unknown", 0) <= result["killed"]
    assert set(result["ends"]) <= {"sent", "unknown"}
