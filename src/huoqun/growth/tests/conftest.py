"""Lin leads, Mo is her colleague, Yu belongs elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huoqun.carriers.models import Connection
from huoqun.community.models import Community, Group, House, Identity, Person
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.vocabulary.ids import Account, group_key, person_key

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ACCOUNT = Account("balcony", "pretend", "bot")


@pytest.fixture
def balcony(db: None) -> Community:
    Connection.objects.create(community="balcony", carrier="pretend", name="bot", next_at=NOW, made_at=NOW)
    return communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)


@pytest.fixture
def elsewhere(db: None) -> Community:
    return communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=NOW)


def _colleague(home: Community, username: str, role: Role) -> Staff:
    staff = Staff.objects.create(username=username, role=role)
    communities.seat(staff, home)
    return staff


@pytest.fixture
def lin(balcony: Community) -> Staff:
    return _colleague(balcony, "lin", Role.LEAD)


@pytest.fixture
def watcher(balcony: Community) -> Staff:
    return _colleague(balcony, "watcher", Role.OBSERVER)


@pytest.fixture
def yu(elsewhere: Community) -> Staff:
    return _colleague(elsewhere, "yu", Role.LEAD)


def group(home: Community, native: str, carrier: str = "pretend") -> Group:
    key = group_key(Account(home.slug, carrier, ""), native)
    return Group.objects.create(community=home, key=key, carrier=carrier, native_id=native, name=f"{native}群")


def identity(home: Community, native: str, house: str = "") -> Identity:
    person = Person.objects.create(community=home, name=native, house=house)
    key = person_key(Account(home.slug, "pretend", ""), native)
    return Identity.objects.create(
        person=person, community=home, key=key, carrier="pretend", native_id=native, name=native
    )  # fmt: skip


@pytest.fixture
def groups(balcony: Community) -> list[Group]:
    return [group(balcony, f"g{number}") for number in range(3)]


@pytest.fixture
def mo(balcony: Community) -> Identity:
    return identity(balcony, "mo", House.STAFF)
