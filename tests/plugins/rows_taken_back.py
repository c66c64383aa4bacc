"""What a process remembers of rows that never change is forgotten with them: a test's rows are taken back, and those of the
next have the same ids and, by the tests' clock, the same birth.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _versions_are_forgotten() -> Iterator[None]:
    yield
    if models := sys.modules.get("huoqun.sop.models"):
        models._book.cache_clear()
