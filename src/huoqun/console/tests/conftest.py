"""The cast, by role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from huoqun.console import navigation, operations
from huoqun.console.models import Role, Staff


@pytest.fixture(autouse=True)
def console_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the console itself registers: what rooms above add is theirs to test."""
    settings.ROOT_URLCONF = "huoqun.console.tests.urls"
    own = {name: item for name, item in navigation._items.items() if name.startswith("console:")}
    for name, kept in {"_items": own, "_switchers": {}, "_banners": {}, "_parts": {}}.items():
        monkeypatch.setattr(navigation, name, kept)


@pytest.fixture(autouse=True)
def chinese() -> object:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def lin(db: object) -> Staff:
    return operations.add_staff("lin", name="林晓", role=Role.ADMIN)


@pytest.fixture
def mo(db: object) -> Staff:
    return operations.add_staff("mo", name="莫言秋", role=Role.LEAD)


@pytest.fixture
def tao(db: object) -> Staff:
    return operations.add_staff("tao", name="陶然", role=Role.OPERATOR)


@pytest.fixture
def as_(client: Client) -> Callable[[Staff], Client]:
    def sign_in(staff: Staff) -> Client:
        client.force_login(staff)
        return client

    return sign_in
