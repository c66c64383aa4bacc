"""Real worker processes, two at a time, killed with SIGKILL in the middle of their work, on the database the tests run on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.crash.conftest import Installation

pytestmark = [pytest.mark.slow, pytest.mark.database]


def test_every_effect_happens_once_though_workers_are_killed(installation: Installation, tmp_path: Path) -> None:
    result = json.loads(installation.run("tests.crash.working", str(tmp_path), "28", "2026"))
    assert result["wrong"] == {}
    assert result["killed"] >= 20
    assert result["events"] > 200, "the workers must have been at work when they were killed"


def test_each_is_sent_once_or_reported_unknown_though_workers_are_killed(installation: Installation, tmp_path: Path) -> None:
    result = json.loads(installation.run("tests.crash.sending", str(tmp_path), "40", "2026"))
    assert result["wrong"] == []
    assert result["rows"] == result["asked"]
    assert result["killed"] >= 20
    # At most one request that can be neither repeated nor looked up for each worker killed.
    assert result["ends"].get("unknown", 0) <= result["killed"]
    assert set(result["ends"]) <= {"sent", "unknown"}
