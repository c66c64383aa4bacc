from __future__ import annotations

import pytest

from tests.carriers.rigs import RIGS, FastClock, Rig


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a rig runs with each carrier, unless it chooses some itself."""
    chosen = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "rig" in metafunc.fixturenames and not any("rig" in names for names in chosen):
        metafunc.parametrize("rig", RIGS, indirect=True)


@pytest.fixture
def rig(request: pytest.FixtureRequest) -> Rig:
    """A carrier, its far side fresh."""
    return RIGS[request.param](FastClock())
