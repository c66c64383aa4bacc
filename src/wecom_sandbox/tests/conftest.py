from __future__ import annotations

import pytest

from wecom_sandbox.tests.caller import Caller


@pytest.fixture
def caller() -> Caller:
    return Caller(staff=6, groups=5, people=120, customers=60)
