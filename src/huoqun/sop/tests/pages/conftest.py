"""The worker's clock on the pages, somebody from elsewhere, and a playbook at work."""

from __future__ import annotations

import pytest
from django.utils import timezone

from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.sop.models import Launch
from huoqun.sop.tests.conftest import START, Life
from huoqun.sop.tests.pages.asking import DAILY, HOUR


@pytest.fixture
def one_clock(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages go by the same clock as the worker."""
    monkeypatch.setattr(timezone, "now", lambda: life.now)


@pytest.fixture
def yu(db: None) -> Staff:
    elsewhere = communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=START)
    staff = Staff.objects.create(username="yu", name="于北", role=Role.LEAD)
    communities.seat(staff, elsewhere)
    return staff


@pytest.fixture
def at_work(life: Life) -> Launch:
    launch = life.put_to_work(DAILY)
    life.until(START + 2 * HOUR)
    return launch
