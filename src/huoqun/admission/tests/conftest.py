from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huoqun.admission.models import Welcome
from huoqun.community.models import Community
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def garden(db: None) -> Community:
    """Lin's community."""
    return communities.found("栀野读书会", slug="garden", zone="Asia/Shanghai", now=NOW)


@pytest.fixture
def mo(garden: Community) -> Staff:
    staff = Staff.objects.create(username="mo", role=Role.OPERATOR)
    communities.seat(staff, garden)
    return staff


@pytest.fixture
def yu(db: None) -> Staff:
    """Of another community: must see nothing of the first."""
    elsewhere = communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=NOW)
    staff = Staff.objects.create(username="yu", role=Role.LEAD)
    communities.seat(staff, elsewhere)
    return staff


@pytest.fixture
def texts(garden: Community, mo: Staff) -> list[Welcome]:
    said = {"": "{{称呼}}，欢迎来到{{社群}}，我是{{同事名}}", "poster-3": "{{称呼}}，海报上的书单在这里"}
    rows = [Welcome(community=garden, source=source, text=text, changed_by=mo, changed_at=NOW) for source, text in said.items()]
    rows[1].link_url, rows[1].link_title = "https://example.org/list", "书单"
    return Welcome.objects.bulk_create(rows)
