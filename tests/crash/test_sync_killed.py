"""The company's first sync, in a real process against the sandbox: killed twice, it ends as one that was left alone."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crash.conftest import ROOT, Installation


@pytest.fixture(scope="module")
def far_side() -> Iterator[str]:
    """The sandbox's first line."""
    sizes = ["--staff", "12", "--groups", "60", "--people", "3000", "--customers", "900", "--now", "1772400000"]
    process = subprocess.Popen(
        [sys.executable, "-m", "wecom_sandbox", *sizes],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert process.stdout is not None
    yield process.stdout.readline()
    process.terminate()
    process.wait()


def connected(folder: Path, database: str, far_side: str) -> Installation:
    home = Installation(folder, database)
    home.run("tests.crash.syncing", "connect", said=far_side)
    return home


def walk_until_killed(home: Installation, pages: int) -> None:
    """SIGKILL after so many pages, wherever it is then."""
    process = home.begin("tests.crash.syncing", "walk")
    assert process.stdout is not None
    for _ in range(pages):
        assert process.stdout.readline(), f"it ended before it could be killed: {process.communicate()[1][-3000:]}"
    process.send_signal(signal.SIGKILL)
    process.communicate()


def known(home: Installation) -> dict[str, Any]:
    return dict(json.loads(home.run("tests.crash.syncing", "show")))


@pytest.mark.slow
@pytest.mark.database
def test_a_first_sync_killed_twice_ends_as_one_that_was_left_alone(
    new_database: Callable[[], str], far_side: str, tmp_path: Path
) -> None:
    dice = random.Random(2026)
    pieces = connected(tmp_path / "pieces", new_database(), far_side)
    walk_until_killed(pieces, dice.randint(1, 4))
    walk_until_killed(pieces, dice.randint(2, 6))
    pieces.run("tests.crash.syncing", "walk")
    whole = connected(tmp_path / "whole", new_database(), far_side)
    whole.run("tests.crash.syncing", "walk")
    left, right = known(pieces), known(whole)
    assert (left.pop("interruptions"), right.pop("interruptions")) == (2, 0)
    assert left == right
    assert left["walk"] == [["done", "all"]]
    assert len(left["places"]) == len(left["told"]) == 3000
