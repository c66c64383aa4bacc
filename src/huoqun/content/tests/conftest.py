from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.content import operations
from huoqun.content.models import Broadcast, Way
from huoqun.content.operations.sending import plan
from huoqun.vocabulary.ids import Account, group_key, person_key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""Monday, 17:00 in Shanghai."""

ACCOUNT = Account("balcony", "pretend", "bot")


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def own_uploads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "UPLOADS", tmp_path / "uploads")


@pytest.fixture
def balcony(db: None) -> Community:
    return communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)


@pytest.fixture
def elsewhere(db: None) -> Community:
    return communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=NOW)


def staff(community: Community, name: str, role: Role) -> Staff:
    made = Staff.objects.create(username=name, name={"lin": "林姐", "mo": "小莫"}.get(name, name), role=role)
    communities.seat(made, community)
    return made


@pytest.fixture
def lin(balcony: Community) -> Staff:
    return staff(balcony, "lin", Role.LEAD)


@pytest.fixture
def mo(balcony: Community) -> Staff:
    return staff(balcony, "mo", Role.OPERATOR)


@pytest.fixture
def observer(balcony: Community) -> Staff:
    return staff(balcony, "observer", Role.OBSERVER)


@pytest.fixture
def yu(elsewhere: Community) -> Staff:
    return staff(elsewhere, "yu", Role.LEAD)


def group(
    home: Community, name: str, *, operator: Staff | None = None, state: str = "steady", live: bool = True, native: str = ""
) -> Group:
    native = native or f"g-{name}"
    carrier = "pretend" if live else "qq"
    key = group_key(Account(home.slug, carrier, ""), native)
    made = Group.objects.create(
        community=home, key=key, carrier=carrier, native_id=native, name=name, operator=operator, state=state
    )
    if live:
        Way.objects.create(group_key=key, community=home.slug, carrier=carrier, account="bot", heard_at=NOW)
    return made


def member(place: Group, name: str, *, house: str = "", native: str = "") -> Identity:
    native = native or f"p-{name}"
    key = person_key(Account(place.community.slug, place.carrier, ""), native)
    known = Identity.objects.filter(key=key).first()
    if known is None:
        person = Person.objects.create(community=place.community, name=name, house=house)
        known = Identity.objects.create(
            person=person, community=place.community, key=key, carrier=place.carrier, native_id=native, name=name
        )
    Membership.objects.create(group=place, identity=known, joined_at=NOW - timedelta(days=3))
    return known


@pytest.fixture
def groups(balcony: Community, mo: Staff) -> dict[str, Group]:
    """Mo operates the tomatoes and the herbs; the chillies are known from a file only; nobody operates the roses."""
    return {
        "番茄群": group(balcony, "番茄群", operator=mo),
        "香草群": group(balcony, "香草群", operator=mo),
        "辣椒群": group(balcony, "辣椒群", operator=mo, live=False),
        "月季群": group(balcony, "月季群"),
    }


def written(home: Community, by: Staff, **fields: object) -> Broadcast:
    said = {"title": "周末换苗", "text": "{{群名}}的朋友们，周六下午换苗！"} | fields
    return operations.write(home, by=by, now=NOW, **said)


def sent(broadcast: Broadcast, by: Staff, *, now: datetime = NOW) -> Broadcast:
    """Sent, and planned by the worker; chance is always in the middle."""
    operations.send(broadcast, by=by, now=now)
    plan(broadcast.pk, now=now, dice=lambda: 0.5)
    broadcast.refresh_from_db()
    return broadcast
