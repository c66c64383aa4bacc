from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huoqun.community.models import Community
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.vocabulary.ids import Account

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def balcony(db: None) -> Community:
    """Lin's community."""
    return communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)


@pytest.fixture
def elsewhere(db: None) -> Community:
    """Yu's community, of which nothing may be seen from the first."""
    return communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=NOW)


@pytest.fixture
def account() -> Account:
    return Account("balcony", "qq", "import-1")


@pytest.fixture
def mo(balcony: Community) -> Staff:
    """Lin's colleague, an operator with a seat."""
    staff = Staff.objects.create(username="mo", role=Role.OPERATOR)
    communities.seat(staff, balcony)
    return staff


@pytest.fixture
def yu(elsewhere: Community) -> Staff:
    staff = Staff.objects.create(username="yu", role=Role.LEAD)
    communities.seat(staff, elsewhere)
    return staff
