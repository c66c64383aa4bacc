from __future__ import annotations

import pytest

from huoqun.console.models import Role, Staff
from huoqun.outbox.tests.cast import Clock, Outside


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outside(clock: Clock) -> Outside:
    return Outside(clock)


@pytest.fixture
def lin(db: None) -> Staff:
    return Staff.objects.create(username="lin", role=Role.ADMIN, language="en")
