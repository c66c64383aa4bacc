from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.carriers.rigs import HEARD_AGAIN, RIGS, FastClock, Rig


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a rig runs with each carrier, unless it chooses some itself."""
    chosen = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "rig" in metafunc.fixturenames and not any("rig" in names for names in chosen):
        hears = metafunc.module.__name__.endswith("test_receiving")
        metafunc.parametrize("rig", HEARD_AGAIN if hears else tuple(RIGS), indirect=True)


@pytest.fixture(autouse=True)
def uploads(db: None, settings: Any, tmp_path: Path) -> None:
    """A live carrier keeps what it has begun in the database, and reads pictures from the folder of uploads."""
    settings.UPLOADS = tmp_path / "uploads"


@pytest.fixture
def rig(request: pytest.FixtureRequest) -> Rig:
    """A carrier, its far side fresh."""
    return RIGS[request.param](FastClock())
