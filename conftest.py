"""Shared by every test: where real data is, which database, no sockets, marks of the method."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent

pytest_plugins = [
    "tests.plugins.no_network",
    "tests.plugins.databases",
    "tests.plugins.method",
    "tests.plugins.rows_taken_back",
]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real public archives beside the project; the test is skipped with a reason where it is absent."""
    folder = Path(os.environ.get("HUOQUN_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"real archives are not here (looked in {folder}); set HUOQUN_SHARED to the folder that holds data/")
    return folder
