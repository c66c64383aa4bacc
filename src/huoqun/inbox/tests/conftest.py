from __future__ import annotations

from datetime import datetime

import pytest

from huoqun.console.models import Role, Staff
from huoqun.inbox.tests.cast import NOW


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def lin(db: None) -> Staff:
    return Staff.objects.create(username="lin", role=Role.ADMIN)
