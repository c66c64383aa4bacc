from __future__ import annotations

from collections.abc import Iterator

import pytest

from huoqun.carriers.wecom.tests.sandbox import Sandbox, running_sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A small company: 8 colleagues, 12 groups, 300 customers. Its clock is the real one."""
    with running_sandbox(seed=7) as found:
        yield found
